"""Break-glass: asking to see one more team for a short time, a second person's yes or no, the end, and a third's look.

What is lent is sight and what a coordinator may do with those they see. No rule is lifted by it: consent, holds and
hours are asked as ever, and nobody can claim a call through it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import BreakGlass, Team, User
from accounts.models.break_glass import LONGEST_MINUTES, SHORTEST_MINUTES
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.reasons import worded
from audit import trail
from audit.actions import Action
from kernel.errors import Conflict, DomainError, Forbidden


@transaction.atomic
def ask(*, team: Team, reason: str, minutes: int, by: User, now: datetime) -> BreakGlass:
    """Ask for the sight of one more team. Nothing is seen yet.

    Raises `not_yours`, `team_seen_already`, `minutes_out_of_range`, `asked_already`, and what `worded` raises.
    """
    _must(by, Permission.ASK_BREAK_GLASS)
    if not Team.objects.visible_to(by).filter(pk=team.pk).exists():
        raise _not_yours()
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise DomainError(
            "minutes_out_of_range",
            _("Ask for %(least)s to %(most)s minutes.")
            % {"least": SHORTEST_MINUTES, "most": LONGEST_MINUTES},
        )
    # One asker in line: two requests at the same moment must not both find that there is none.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if team.pk in by.team_ids:
        raise DomainError("team_seen_already", _("You see the people of this team already."))
    _refuse_a_second(by, now)
    asked = BreakGlass(asked_by=by, team=team, reason=worded(reason), minutes=minutes, asked_at=now)
    asked.save(force_insert=True)
    _record(Action.BREAK_GLASS_ASKED, asked, by, now, reason=asked.reason, minutes=minutes)
    return asked


@transaction.atomic
def approve(*, asked: BreakGlass, by: User, now: datetime) -> BreakGlass:
    """The second person's yes: from now on, for as long as was asked. Raises what `_must_decide` raises.

    `nobody_to_review` where the only officer would approve: a third person has to look at it afterwards.
    """
    _must_decide(asked, by, now)
    if by.may(Permission.REVIEW_BREAK_GLASS) and not _reviewers_beside(by):
        raise Forbidden(
            "nobody_to_review",
            _("You are the only one who can review this afterwards, so somebody else has to approve it."),
            kept=_("Nothing was decided."),
            next_step=_("Ask a coordinator of that team to approve it."),
        )
    until = now + timedelta(minutes=asked.minutes)
    _decide(asked, by, now, until)
    _record(Action.BREAK_GLASS_GRANTED, asked, by, now, user=str(asked.asked_by_id), until=until.isoformat())
    return asked


@transaction.atomic
def refuse(*, asked: BreakGlass, by: User, now: datetime) -> BreakGlass:
    """The second person's no. Raises what `_must_decide` raises."""
    _must_decide(asked, by, now)
    _decide(asked, by, now, None)
    _record(Action.BREAK_GLASS_REFUSED, asked, by, now, user=str(asked.asked_by_id))
    return asked


@transaction.atomic
def end(*, lent: BreakGlass, by: User, now: datetime) -> None:
    """End it before its time: whoever asked, or whoever could have approved. Over already is no error."""
    if by.pk != lent.asked_by_id and not may_decide(by, lent):
        raise _not_yours()
    if BreakGlass.objects.open_at(now).filter(pk=lent.pk).update(ended_at=now):
        _record(Action.BREAK_GLASS_ENDED, lent, by, now)


@transaction.atomic
def review(*, lent: BreakGlass, found: str, by: User, now: datetime) -> None:
    """A third person's look at what was done meanwhile. Raises `not_yours` for either of the two, `review_not_due`."""
    _must(by, Permission.REVIEW_BREAK_GLASS)
    if by.pk in (lent.asked_by_id, lent.decided_by_id):
        raise _not_yours()
    written = BreakGlass.objects.unreviewed_at(now).filter(pk=lent.pk)
    text = worded(found, least=1)
    if not written.update(reviewed_by=by, reviewed_at=now, review=text):
        raise Conflict("review_not_due", _("This is not over yet, or somebody has reviewed it."))
    _record(Action.BREAK_GLASS_REVIEWED, lent, by, now, reason=text)


def may_decide(by: User, asked: BreakGlass) -> bool:
    """Whether they may be the second person: with the right, never for themselves, and seeing that team by their own.

    What is lent to them does not count: one exception must not open the next.
    """
    sees = by.sees_all_teams or asked.team_id in by.own_team_ids
    return by.may(Permission.APPROVE_BREAK_GLASS) and by.pk != asked.asked_by_id and sees


def _refuse_a_second(by: User, now: datetime) -> None:
    mine = BreakGlass.objects.filter(asked_by=by)
    if mine.undecided_at(now).exists() or mine.open_at(now).exists():
        raise Conflict(
            "asked_already",
            _("You have asked already, or one is still in force."),
            kept=_("That one stands; nothing was added."),
            next_step=_("Wait for the answer, or end the one you have."),
        )


def _must_decide(asked: BreakGlass, by: User, now: datetime) -> None:
    """Raises `not_yours`, `asker_may_not` for somebody who has lost the right meanwhile, `decided_already`."""
    if not may_decide(by, asked):
        raise _not_yours()
    asker = User.objects.get(pk=asked.asked_by_id)
    if not asker.may(Permission.ASK_BREAK_GLASS):
        raise Forbidden("asker_may_not", _("Whoever asked may not ask for this any more."))


def _decide(asked: BreakGlass, by: User, now: datetime, until: datetime | None) -> None:
    """Write the decision where there is none yet."""
    waiting = BreakGlass.objects.undecided_at(now).filter(pk=asked.pk)
    if not waiting.update(decided_by=by, decided_at=now, until=until):
        raise Conflict(
            "decided_already",
            _("Somebody has decided this already, or it was asked too long ago."),
            kept=_("Your answer was not written."),
        )
    asked.refresh_from_db()


def _reviewers_beside(by: User) -> bool:
    roles = [role for role in Role if Permission.REVIEW_BREAK_GLASS in ROLE_PERMISSIONS[role]]
    return bool(User.objects.working().filter(role__in=roles).exclude(pk=by.pk).exists())


def _must(by: User, permission: Permission) -> None:
    if not by.may(permission):
        raise _not_yours()


def _not_yours() -> DomainError:
    return Forbidden(
        "not_yours", _("This is not yours to do."), next_step=_("Ask your coordinator who may do it.")
    )


def _record(
    action: Action, about: BreakGlass, by: User, now: datetime, *, reason: str = "", **detail: str | int
) -> None:
    trail.record(
        action,
        by=by,
        at=now,
        object_type="break_glass",
        object_id=about.pk,
        reason=reason,
        detail={"team": str(about.team_id), **detail},
    )
