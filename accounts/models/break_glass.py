"""Break-glass: one person sees the people of one more team for a short time, with a second person's yes."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import OPERATIONAL, StaffCountry, Team, User
from accounts.permissions import Permission
from kernel.holdings import Retention, held
from kernel.statements import statement

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 60
WAITS_FOR = timedelta(hours=1)
TRAIL = Retention.TRAIL


class BreakGlasses(models.QuerySet["BreakGlass"]):
    """Asked for, granted, refused, over, reviewed."""

    def undecided_at(self, moment: datetime) -> Self:
        """Those that wait for a second person; after an hour nobody decides any more."""
        return self.filter(decided_at=None, asked_at__gt=moment - WAITS_FOR)

    def open_at(self, moment: datetime) -> Self:
        """Those in force: granted, not over and not ended. Nothing has to run for one to end."""
        return self.filter(until__gt=moment, ended_at=None, decided_at__lte=moment)

    def over_at(self, moment: datetime) -> Self:
        """Those that were in force once."""
        return self.filter(until__isnull=False).filter(Q(until__lte=moment) | Q(ended_at__isnull=False))

    def decided_and_not_open_at(self, moment: datetime) -> Self:
        """Those that were refused, and those that were in force and are over."""
        is_over = Q(until=None) | Q(until__lte=moment) | Q(ended_at__isnull=False)
        return self.filter(is_over, decided_at__isnull=False)

    def unreviewed_at(self, moment: datetime) -> Self:
        """Those that are over and that no third person has looked at."""
        return self.over_at(moment).filter(reviewed_at=None)

    def reviewable_by(self, user: User) -> Self:
        """Those of the reader's scope in which they were neither of the two; none for whoever may not review."""
        if not user.may(Permission.REVIEW_BREAK_GLASS):
            return self.none()
        return self.visible_to(user).exclude(Q(asked_by=user) | Q(decided_by=user))

    def visible_to(self, user: User) -> Self:
        """What they asked for themselves; for whoever may approve also what concerns teams they see on their own."""
        if not user.may(Permission.APPROVE_BREAK_GLASS):
            return self.filter(asked_by=user)
        if user.sees_all_teams:
            return self
        return self.filter(Q(asked_by=user) | Q(team__in=user.own_team_ids))


class BreakGlass(models.Model):
    """Asked for by one, decided by another, over after an hour at most, and looked at afterwards by a third."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", TRAIL
    )
    asked_by = held(
        models.ForeignKey(User, on_delete=models.PROTECT, related_name="+"), OPERATIONAL, "who asked", TRAIL
    )
    team = held(
        models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+"),
        OPERATIONAL,
        "whose people are seen",
        TRAIL,
    )
    reason = held(models.CharField(_("reason"), max_length=200), OPERATIONAL, "why", TRAIL)
    minutes = held(models.PositiveSmallIntegerField(_("minutes")), OPERATIONAL, "how long", TRAIL)
    asked_at = held(models.DateTimeField(), OPERATIONAL, "when", TRAIL)
    decided_by = held(
        models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+"),
        OPERATIONAL,
        "the second person",
        TRAIL,
    )
    decided_at = held(models.DateTimeField(null=True), OPERATIONAL, "when", TRAIL)
    until = held(models.DateTimeField(null=True), OPERATIONAL, "granted until; null is refused", TRAIL)
    ended_at = held(models.DateTimeField(null=True), OPERATIONAL, "ended before its time", TRAIL)
    reviewed_by = held(
        models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+"),
        OPERATIONAL,
        "the third person",
        TRAIL,
    )
    reviewed_at = held(models.DateTimeField(null=True), OPERATIONAL, "when", TRAIL)
    review = held(
        models.CharField(_("what was found"), max_length=200, blank=True), OPERATIONAL, "found", TRAIL
    )

    objects = BreakGlasses.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        indexes = (models.Index(fields=("asked_by", "until"), name="break_glass_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=LONGEST_MINUTES), name="break_glass_is_short"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="break_glass_takes_two"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, until__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="break_glass_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("decided_at")), name="break_glass_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (
                    Q(reviewed_by__isnull=False, reviewed_at__isnull=False, decided_at__isnull=False)
                    & ~Q(reviewed_by=F("asked_by"))
                    & ~Q(reviewed_by=F("decided_by"))
                ),
                name="break_glass_reviewed_by_a_third",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team} · {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def over_at(self) -> datetime | None:
        """When it ended or will end; None where it was never in force."""
        return self.ended_at or self.until


@statement
def lent_to(user_id: uuid.UUID, moment: datetime) -> "models.QuerySet[BreakGlass]":
    """What is in force for somebody, with its team; never a team beyond the countries they are limited to."""
    limits = StaffCountry.objects.filter(user=user_id)
    allowed = Q(team__country__in=limits.values("country")) | ~models.Exists(limits)
    return BreakGlass.objects.open_at(moment).filter(allowed, asked_by=user_id).select_related("team")
