"""The hours somebody works every week, on their own clock."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shift, User, Weekday
from accounts.permissions import Permission
from audit import trail
from audit.actions import Action
from kernel.errors import Conflict, DomainError, Forbidden


@transaction.atomic
def add_shift(*, person: User, weekday: Weekday, starts: time, ends: time, by: User, now: datetime) -> Shift:
    """Hours `[starts, ends)` on one day of every week.

    Raises `not_yours` for a person of another team, `shift_ends_first`, `shift_overlaps`.
    """
    _must_plan(person, by)
    if ends <= starts:
        raise DomainError(
            "shift_ends_first",
            _("A shift ends later on the same day than it starts."),
            kept=_("The other shifts are as they were."),
            next_step=_("For a night, add two shifts: one until 23:59 and one from 00:00 on the next day."),
        )
    # One person's shifts change one at a time, or two that overlap could both pass the check.
    User.objects.select_for_update().get(pk=person.pk)
    if person.shifts.filter(weekday=weekday, starts__lt=ends, ends__gt=starts).exists():
        raise Conflict(
            "shift_overlaps",
            _("There is a shift in these hours already."),
            kept=_("The other shifts are as they were."),
            next_step=_("Choose other hours, or remove that shift first."),
        )
    shift = Shift(user=person, weekday=weekday, starts=starts, ends=ends)
    shift.save(force_insert=True)
    _record(shift, by, now, "added")
    return shift


@transaction.atomic
def remove_shift(*, shift: Shift, by: User, now: datetime) -> None:
    """Take a shift away; one that is gone already stays gone."""
    _must_plan(shift.user, by)
    _record(shift, by, now, "removed")
    shift.delete()


def _must_plan(person: User, by: User) -> None:
    if not by.may(Permission.EDIT_SHIFTS) or not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise Forbidden(
            "not_yours",
            _("You may set the shifts of your own teams’ staff only."),
            next_step=_("Ask a coordinator of their team."),
        )


def _record(shift: Shift, by: User, now: datetime, what: str) -> None:
    trail.record(
        Action.SHIFT_CHANGED,
        by=by,
        at=now,
        object_type="user",
        object_id=shift.user_id,
        detail={
            "change": what,
            "weekday": shift.weekday,
            "starts": f"{shift.starts:%H:%M}",
            "ends": f"{shift.ends:%H:%M}",
        },
    )
