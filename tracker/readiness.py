"""Whether a study can begin to enrol people, and what is still missing."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from consent.coverage import Cell, uncovered
from kernel import languages
from tracker.models import Study
from tracker.models.studies import StudyKind


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language of the study's enumerators and how many of them speak it."""

    code: str
    enumerators: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a study has; the plan is asked of the page that keeps it."""

    spoken: tuple[Spoken, ...]
    silent: tuple[User, ...]  # enumerators of whom no language is known: they would be offered nobody
    uncovered: tuple[Cell, ...]
    has_enumerators: bool
    needs_rounds: bool

    @property
    def is_ready(self) -> bool:
        return bool(self.spoken) and not self.uncovered and not self.needs_rounds


def readiness_of(study: Study) -> Readiness:
    """What the study has and lacks, read in a fixed number of queries."""
    people = list(_enumerators(study))
    counts = Counter(one.language for person in people for one in person.languages.all())
    codes = [code for code in languages.LANGUAGES if code in counts]
    return Readiness(
        spoken=tuple(Spoken(code, counts[code]) for code in codes),
        silent=tuple(person for person in people if not person.languages.all()),
        uncovered=tuple(uncovered(codes)),
        has_enumerators=bool(people),
        needs_rounds=study.kind == StudyKind.CALENDAR and not study.rounds.exists(),
    )


def _enumerators(study: Study) -> QuerySet[User]:
    working: QuerySet[User] = User.objects.working().enumerators().filter(teams__in=study.teams.all())
    return working.distinct().prefetch_related("languages")
