"""The time at which people say they are best reached: a part of the day, on a working day or a day of rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BestTime(models.TextChoices):
    """The eight slots in plain words; the codes are those of `followups.scheduling.slots`."""

    MORNING_WORK = "morning_work", _("on a working day, in the morning")
    MIDDAY_WORK = "midday_work", _("on a working day, around noon")
    AFTERNOON_WORK = "afternoon_work", _("on a working day, in the afternoon")
    EVENING_WORK = "evening_work", _("on a working day, in the evening")
    MORNING_REST = "morning_rest", _("on a day of rest, in the morning")
    MIDDAY_REST = "midday_rest", _("on a day of rest, around noon")
    AFTERNOON_REST = "afternoon_rest", _("on a day of rest, in the afternoon")
    EVENING_REST = "evening_rest", _("on a day of rest, in the evening")
