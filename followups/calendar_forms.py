"""What people type on the pages about calendars."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from followups.calendar_keeping import Days, Hours
from kernel import countries

DAY, CLOCK = {"type": "date"}, {"type": "time"}
MOST_PAUSES = 4


class CountryForm(KeepingForm):
    """Which calendar to open."""

    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries.choices(get_language() or "en")  # type: ignore[attr-defined]


class RestDaysForm(KeepingForm):
    """The weekdays of rest."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days of rest"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HolidayForm(KeepingForm):
    """One day or some days on which nobody is called."""

    name = forms.CharField(label=_("What it is called"), max_length=40)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    last_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    @property
    def arguments(self) -> dict[str, Any]:
        """What was typed, as the use case takes it."""
        typed = self.cleaned_data
        return {"days": Days(typed["name"], typed["from_on"], typed["last_on"])}


class PausesField(forms.CharField):
    """Pairs of times, such as "12:15-13:00, 15:30-16:00"."""

    def clean(self, value: Any) -> tuple[tuple[time, time], ...]:
        typed: str = super().clean(value)
        pairs = [pair for pair in re.split(r"[,،;\n]+", typed) if pair.strip()]
        try:
            found = [_pair(pair) for pair in pairs]
        except ValueError:
            found = []
        if len(found) < len(pairs) or len(pairs) > MOST_PAUSES:
            raise ValidationError(
                _(
                    "Write two times with a dash between them, at most four such pairs: 12:15-13:00, 15:30-16:00."
                ),
                code="pauses",
            )
        return tuple(found)


class SeasonForm(HolidayForm):
    """Some weeks with other hours."""

    calling_from = forms.TimeField(label=_("Call from"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    calling_until = forms.TimeField(
        label=_("Call until"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    pauses = PausesField(
        label=_("Pauses"),
        required=False,
        max_length=80,
        help_text=_("Times of prayer or of breaking the fast, such as 12:15-13:00. Leave it empty for none."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        hours = Hours(typed["calling_from"], typed["calling_until"], typed["pauses"])
        return super().arguments | {"hours": hours}


def _pair(text: str) -> tuple[time, time]:
    """Raises ValueError for what are not two times."""
    starts, ends = (time.fromisoformat(one.strip()) for one in re.split(r"[-–]", text))
    return starts, ends
