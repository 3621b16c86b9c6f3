"""A small synthetic study made through the use cases: teams, some enumerators, people with numbers for fiction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts import staffing, teams
from accounts.models import Team, User
from accounts.permissions import Role
from casework import enrolling
from casework.joining import Joining, NumberGiven
from consent import wordings
from consent.folding import Decision
from consent.models import Mode
from consent.purposes import Purpose
from followups import plans
from followups.scheduling.rules import DEFAULT_RULES, StageRule
from tracker import studies
from tracker.stages import Stage

ASKED = (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT)
STAGES = (Stage.ARRIVED, Stage.IN_TRANSIT, Stage.STRANDED, Stage.SETTLED, Stage.RETURNED)
PLACES = (("TN", ""), ("FR", ""), ("EG", ""), ("MX", "America/Mexico_City"))


class SmallStudy:
    """Everything before the first call, as of `began`."""

    def __init__(
        self,
        enumerators: int,
        began: datetime,
        *,
        teams: int = 1,
        languages: Sequence[str] = ("en",),
        rules: Iterable[StageRule] = tuple(DEFAULT_RULES.values()),
    ) -> None:
        self.began, self.languages = began, tuple(languages)
        self.administrator = staffing.make_administrator(
            username="admin",
            display_name="Admin",
            password="only for a benchmark",
            is_another=False,
            now=began,
        ).person
        self.teams: list[Team] = [self._team(number) for number in range(1, teams + 1)]
        self.team = self.teams[0]
        self.coordinator, self.second = (
            self.staff("coordinator", Role.COORDINATOR),
            self.staff("dpo", Role.DPO),
        )
        self.enumerators = [self.staff(f"caller{n}", Role.ENUMERATOR) for n in range(enumerators)]
        self._write_words()
        in_it = frozenset(team.pk for team in self.teams)
        wanted = studies.StudyDetails(code="S1", title="Study", teams=in_it)
        self.study = studies.create_study(details=wanted, by=self.coordinator, now=began)
        plans.make_plan(study=self.study, by=self.coordinator, now=began, rules=rules)

    def joining(self, number: int) -> tuple[Joining, User]:
        """The form of the n-th person, and who fills it in."""
        country, zone = PLACES[number // 4 % len(PLACES)]
        form = Joining(
            study=self.study,
            team=self.team_of(number),
            language=self.language_of(number),
            stage=STAGES[number % len(STAGES)],
            answers=dict.fromkeys(ASKED, Decision.GRANTED),
            mode=Mode.IN_PERSON,
            country=country,
            zone=zone,
            numbers=(NumberGiven(number_for_fiction(number)),),
            ask_for="Neighbour",
            id=UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128),
        )
        return form, self.enumerators[number % len(self.enumerators)]

    def team_of(self, number: int) -> Team:
        """Three in four are of the first team; the others share the rest."""
        is_first = number % 8 < 6 or len(self.teams) == 1
        return self.team if is_first else self.teams[1 + number // 8 % (len(self.teams) - 1)]

    def language_of(self, number: int) -> str:
        """Every second person speaks the first language; the others share the rest."""
        is_first = number % 2 == 0 or len(self.languages) == 1
        return self.languages[0 if is_first else 1 + number // 2 % (len(self.languages) - 1)]

    def enrol(self, form: Joining, by: User, now: datetime) -> None:
        enrolling.enrol(form=form, by=by, now=now)

    def staff(self, name: str, role: Role) -> User:
        """Somebody of all teams who speaks all languages."""
        details = staffing.PersonDetails(
            display_name=name,
            role=role,
            teams=frozenset(team.pk for team in self.teams),
            languages=frozenset(self.languages),
        )
        made = staffing.create_person(
            username=name,
            details=details,
            by=self.administrator,
            now=self.began,
            password="only for a benchmark",
        )
        return User.objects.get(pk=made.person.pk)

    def _team(self, number: int) -> Team:
        details = teams.TeamDetails(code=f"T{number}", title=f"Team {number}", country="TN")
        return teams.create_team(details=details, by=self.administrator, now=self.began)

    def _write_words(self) -> None:
        for purpose in ASKED:
            for language in self.languages:
                text = f"The exact words about {purpose.value} that are read out."
                draft = wordings.draft(
                    purpose=purpose, language=language, text=text, by=self.coordinator, now=self.began
                )
                wordings.approve(wording=draft, by=self.second, now=self.began)


def number_for_fiction(number: int) -> str:
    """A number of a range that the French regulator keeps for fiction; shared by every ten-thousandth person."""
    return f"+3363998{number % 10_000:04d}"
