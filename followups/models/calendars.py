"""Calendars of countries: days of rest, holidays, and seasons with other hours."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from followups.scheduling.safe_times import ClockHours, Season
from kernel.holdings import DataClass, Retention, held

OPERATIONAL, STUDY = DataClass.OPERATIONAL, Retention.STUDY

NEVER_OVER = datetime(9000, 1, 1, tzinfo=UTC)


class EntryKind(models.TextChoices):
    REST_DAYS = "rest_days", _("days of rest")
    HOLIDAY = "holiday", _("holiday")
    SEASON = "season", _("season with other hours")


class CalendarEntries(ScopedQuerySet):
    def not_over(self, now: datetime) -> Self:
        """Those that hold now or some day, on some clock of the world."""
        return self.filter(over_at__gt=now)

    def by_day(self) -> Self:
        """The weekly ones first, then by their first day."""
        return self.order_by(models.F("from_on").asc(nulls_first=True))


class CalendarEntry(models.Model):
    """One line of a country's calendar. Dated ones hold on `[from_on, until_on)`, on each person's own calendar."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", STUDY
    )
    country = held(models.CharField(_("country"), max_length=2), OPERATIONAL, "where", STUDY)
    kind = held(models.CharField(_("kind"), max_length=10, choices=EntryKind), OPERATIONAL, "what", STUDY)
    name = held(
        models.CharField(_("name"), max_length=40, blank=True), OPERATIONAL, "how it is called", STUDY
    )
    from_on = held(models.DateField(_("first day"), null=True), OPERATIONAL, "when", STUDY)
    until_on = held(models.DateField(_("first day after"), null=True), OPERATIONAL, "when", STUDY)
    # Midnight after the last day on the westernmost clock, so that what is over is told by one comparison.
    over_at = held(models.DateTimeField(), OPERATIONAL, "when it is over everywhere", STUDY)
    rest_days = held(models.JSONField(default=list), OPERATIONAL, "weekdays of rest, 0 is Monday", STUDY)
    calling_from = held(models.TimeField(_("call from"), null=True), OPERATIONAL, "hours of a season", STUDY)
    calling_until = held(
        models.TimeField(_("call until"), null=True), OPERATIONAL, "hours of a season", STUDY
    )
    pauses = held(
        models.JSONField(default=list), OPERATIONAL, "pairs of times at which nobody is called", STUDY
    )
    made_by = held(
        models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+"),
        OPERATIONAL,
        "who",
        STUDY,
    )
    made_at = held(models.DateTimeField(), OPERATIONAL, "when", STUDY)

    objects = CalendarEntries.as_manager()

    class Meta:
        ordering = ("country", "from_on")
        verbose_name_plural = "calendar entries"
        constraints = (
            models.UniqueConstraint(
                fields=("country",), condition=models.Q(kind="rest_days"), name="calendar_one_week_a_country"
            ),
            models.UniqueConstraint(fields=("country", "kind", "from_on"), name="calendar_begins_once"),
            models.CheckConstraint(
                condition=models.Q(kind="rest_days", from_on=None, until_on=None)
                | models.Q(from_on__isnull=False, until_on__gt=models.F("from_on")),
                name="calendar_days_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="season")
                | models.Q(calling_from__isnull=False, calling_until__gt=models.F("calling_from")),
                name="calendar_season_has_hours",
            ),
        )
        indexes = (models.Index(fields=("country", "over_at"), name="calendar_entry_about"),)

    def __str__(self) -> str:
        return f"{self.country} · {self.kind} · {self.from_on or ''}"

    @classmethod
    def scope_for(cls, user: User) -> models.Q | None:
        """People on the move may be in any country: whoever keeps calendars sees all of them."""
        return models.Q() if user.may(Permission.EDIT_PLANS) else None

    @property
    def last_on(self) -> date:
        """The last day on which it holds; only for a dated one."""
        return self.until_on - timedelta(days=1)

    @property
    def days(self) -> frozenset[date]:
        """Every day on which it holds; only for a dated one."""
        length = (self.until_on - self.from_on).days
        return frozenset(self.from_on + timedelta(days=day) for day in range(length))

    @property
    def pause_hours(self) -> tuple[ClockHours, ...]:
        return tuple(_hours(*pair) for pair in self.pauses)

    @property
    def season(self) -> Season:
        """The hours as the engine reads them; only for a season."""
        return Season(
            self.from_on, self.until_on, ClockHours(self.calling_from, self.calling_until), self.pause_hours
        )


def over_at(until_on: date | None) -> datetime:
    """When a day that begins `until_on` has begun on every clock."""
    return datetime.combine(until_on, time(12), UTC) if until_on else NEVER_OVER


def _hours(starts: str, ends: str) -> ClockHours:
    return ClockHours(time.fromisoformat(starts), time.fromisoformat(ends))
