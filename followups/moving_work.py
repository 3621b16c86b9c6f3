"""Moving work: many respondents at once to another team, another usual enumerator, or both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import StaffLanguage, Team, User
from audit import trail
from audit.actions import Action
from followups.models import BarredEnumerator, Claim, FollowUp
from kernel.errors import Conflict, DomainError
from tracker.models import Enrolment, Respondent

AT_ONCE = 2000
"""More than this is moved in several goes: everybody who calls waits as long as it takes."""
NOBODY, AS_IT_IS = "nobody", ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose work moves, and where to. `of` and `to_enumerator` may be a user, `NOBODY`, or `AS_IT_IS` for any."""

    team: Team | None = None
    language: str = ""
    stage: str = ""
    of: User | str = AS_IT_IS
    to_team: Team | None = None
    to_enumerator: User | str = AS_IT_IS


@dataclass(frozen=True, slots=True)
class Preview:
    """How many would move, and how many stay: being called now, or a wish, a language or a study stands against it."""

    moves: int
    being_called: int
    not_possible: int

    @property
    def is_too_many(self) -> bool:
        return self.moves > AT_ONCE


def preview(wanted: Wanted, *, by: User, now: datetime) -> Preview:
    """What `move_work` would do now. Raises what it raises about the wish itself."""
    _check(wanted)
    chosen = _chosen(wanted, by)
    called = chosen.filter(_being_called(now)).count()
    moves = _movable(chosen, wanted, now).count()
    return Preview(moves, called, chosen.count() - called - moves)


@transaction.atomic
def move_work(*, wanted: Wanted, expected: int, by: User, now: datetime) -> int:
    """Move them and what is owed to them; how many. Live claims stay with whoever has them, and their people too.

    Raises `nowhere_to_move`, `not_in_team`, `too_many_at_once`, and `changed_meanwhile` when they are not the number
    that was shown.
    """
    _check(wanted)
    chosen = _movable(_chosen(wanted, by), wanted, now)
    people = _locked(chosen, now)
    if len(people) > AT_ONCE:
        raise _too_many(len(people))
    if len(people) != expected:
        raise _changed(len(people))
    changes = _changes(wanted)
    Respondent.objects.filter(pk__in=people).update(**changes)
    FollowUp.objects.filter(respondent__in=people).unfinished().update(**changes)
    trail.record(Action.WORK_MOVED, by=by, at=now, detail=_told(wanted, len(people)))
    return len(people)


def _check(wanted: Wanted) -> None:
    kept = _("Nothing was moved.")
    if wanted.to_team is None and wanted.to_enumerator == AS_IT_IS:
        raise DomainError(
            "nowhere_to_move",
            _("You have not said where the work goes."),
            kept=kept,
            next_step=_("Choose a team, a usual enumerator, or both."),
        )
    if not isinstance(wanted.to_enumerator, User):
        return
    team = wanted.to_team or wanted.team
    if team is None or not wanted.to_enumerator.teams.filter(pk=team.pk).exists():
        raise DomainError(
            "not_in_team",
            _("This enumerator is not in the team whose work this is."),
            kept=kept,
            next_step=_("Choose the team, and an enumerator of it."),
        )


def _chosen(wanted: Wanted, by: User) -> QuerySet[Respondent]:
    """Those the reader may know of who are called and whom the filters name."""
    said: dict[str, Any] = {"team": wanted.team, "language": wanted.language, "stage": wanted.stage}
    people: Any = Respondent.objects.visible_to(by).active().filter(**{k: v for k, v in said.items() if v})
    if wanted.of == NOBODY:
        return people.filter(usual_enumerator=None)  # type: ignore[no-any-return]
    return people.filter(usual_enumerator=wanted.of) if isinstance(wanted.of, User) else people  # type: ignore[no-any-return]


def _movable(chosen: QuerySet[Respondent], wanted: Wanted, now: datetime) -> QuerySet[Respondent]:
    """Those for whom it is a change, whom nobody is calling, and whose language, wishes and studies allow it."""
    left = chosen.exclude(_being_called(now)).exclude(_is_there_already(wanted))
    if wanted.to_team is not None:
        elsewhere = Enrolment.objects.filter(respondent=OuterRef("pk"), is_followed=True)
        left = left.exclude(Exists(elsewhere.exclude(study__teams=wanted.to_team)))
    if not isinstance(wanted.to_enumerator, User):
        return left
    spoken = StaffLanguage.objects.filter(user=wanted.to_enumerator).values("language")
    barred = BarredEnumerator.objects.filter(respondent=OuterRef("pk"), enumerator=wanted.to_enumerator)
    return left.filter(language__in=spoken).exclude(Exists(barred))


def _being_called(now: datetime) -> Exists:
    return Exists(Claim.objects.live(now).filter(respondent=OuterRef("pk")))


def _is_there_already(wanted: Wanted) -> Q:
    return Q(**_changes(wanted))


def _changes(wanted: Wanted) -> dict[str, UUID | None]:
    changes: dict[str, UUID | None] = {}
    if wanted.to_team is not None:
        changes["team_id"] = wanted.to_team.pk
    if wanted.to_enumerator == NOBODY:
        changes["usual_enumerator_id"] = None
    elif isinstance(wanted.to_enumerator, User):
        changes["usual_enumerator_id"] = wanted.to_enumerator.pk
    return changes


def _locked(chosen: QuerySet[Respondent], now: datetime) -> list[UUID]:
    """At most one more than may move, locked as `locking.hold_still` locks one; whom somebody took meanwhile stays."""
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if not connection.features.has_select_for_update:
        return ids
    people = Respondent.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    list(people.values_list("pk"))
    owed: Any = FollowUp.objects.filter(respondent__in=ids).unfinished().order_by("pk")
    list(owed.select_for_update(no_key=True).values_list("pk"))
    return list(chosen.filter(pk__in=ids).values_list("pk", flat=True))


def _told(wanted: Wanted, moved: int) -> dict[str, Any]:
    """Codes and counts: who they are is in no line of the trail."""
    said = {
        "team": wanted.team and wanted.team.code,
        "language": wanted.language,
        "stage": wanted.stage,
        "of": _named(wanted.of),
        "to_team": wanted.to_team and wanted.to_team.code,
        "to_enumerator": _named(wanted.to_enumerator),
    }
    return {"moved": moved, **{name: value for name, value in said.items() if value}}


def _named(enumerator: User | str) -> str:
    return str(enumerator.pk) if isinstance(enumerator, User) else enumerator


def _too_many(many: int) -> DomainError:
    return DomainError(
        "too_many_at_once",
        _("At most %(most)s respondents move at once.") % {"most": AT_ONCE},
        kept=_("Nothing was moved."),
        next_step=_("Choose one language or one stage at a time."),
    )


def _changed(many: int) -> Conflict:
    return Conflict(
        "changed_meanwhile",
        _("There are %(many)s now, and you were shown another number.") % {"many": many},
        kept=_("Nothing was moved."),
        next_step=_("Look at the numbers again, and move them then."),
    )
