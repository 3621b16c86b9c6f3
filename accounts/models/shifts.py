"""The hours staff work."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import OPERATIONAL, STAFF, User
from kernel import zones
from kernel.holdings import held


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Shift(models.Model):
    """Hours somebody works every week, on their own clock, half-open."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STAFF
    )
    user = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts"), OPERATIONAL, "whose", STAFF
    )
    weekday = held(models.PositiveSmallIntegerField(_("day"), choices=Weekday), OPERATIONAL, "when", STAFF)
    starts = held(models.TimeField(_("from")), OPERATIONAL, "when", STAFF)
    ends = held(models.TimeField(_("until")), OPERATIONAL, "when", STAFF)

    class Meta:
        ordering = ("weekday", "starts")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=("user", "weekday", "starts"), name="shift_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def covers(self, now: datetime) -> bool:
        """Whether `now` falls in this shift on its owner's clock."""
        there = zones.local(now, self.user.time_zone)
        return there.weekday() == self.weekday and self.starts <= there.time() < self.ends
