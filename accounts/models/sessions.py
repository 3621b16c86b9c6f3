"""Where staff are signed in: a list for their own eyes, and why a session ended."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import OPERATIONAL, User
from kernel.holdings import Retention, held

SHOWN_FOR = timedelta(hours=2)
TRANSIENT = Retention.TRANSIENT


class Ended(models.TextChoices):
    """Why a session ended before its time; said to whoever comes back with it."""

    LEFT = "left", _("signed out")
    ELSEWHERE = "elsewhere", _("signed in somewhere else")
    BY_THEMSELVES = "by_themselves", _("ended from another browser")
    BY_ADMINISTRATOR = "by_administrator", _("ended by an administrator")
    PASSWORD = "password", _("the password was changed")
    FACTOR = "factor", _("the second factor was changed")
    TOO_LONG = "too_long", _("ten hours were over")


class StaffSessions(models.QuerySet["StaffSession"]):
    """Sessions of staff."""

    def standing(self, user: User, now: datetime) -> Self:
        """This person's sessions that nobody ended and that were used in the last two hours, newest first."""
        return self.filter(user=user, ended_at=None, seen_at__gt=now - SHOWN_FOR)


class StaffSession(models.Model):
    """One session of one person. It opens nothing: neither its key nor an address is kept."""

    id = held(
        models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False), OPERATIONAL, "key", TRANSIENT
    )
    user = held(
        models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions"),
        OPERATIONAL,
        "whose",
        TRANSIENT,
    )
    browser = held(
        models.CharField(max_length=40, blank=True), OPERATIONAL, "to tell one from another", TRANSIENT
    )
    began_at = held(models.DateTimeField(), OPERATIONAL, "to tell one from another", TRANSIENT)
    seen_at = held(models.DateTimeField(), OPERATIONAL, "whether it is in use, to five minutes", TRANSIENT)
    ended_at = held(models.DateTimeField(null=True), OPERATIONAL, "when it was ended", TRANSIENT)
    why = held(
        models.CharField(max_length=16, choices=Ended, blank=True), OPERATIONAL, "why it was ended", TRANSIENT
    )

    objects = StaffSessions.as_manager()

    class Meta:
        ordering = ("-began_at",)
        indexes = (models.Index(fields=("user", "-began_at"), name="staff_session_of"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, why="")
                | models.Q(ended_at__isnull=False) & ~models.Q(why=""),
                name="staff_session_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.browser
