"""What people type when somebody contacted us: how, when they may be called back, and a new number."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from casework.forms import country_choices
from casework.joining import NumberGiven
from casework.received import Way, Word
from followups.calling.heard import CallBack
from followups.outcome_form import PERIODS
from followups.promising import firm
from followups.scheduling.situation import AppointmentKind
from kernel import zones
from tracker.models import Respondent

NUMBER_WRONG = frozenset({"impossible_number", "number_missing", "number_without_consent"})
TIME_WRONG = frozenset({"nothing_owed", "call_back_impossible"})


class ReceivedForm(KeepingForm):
    """That somebody contacted us; only how they did is asked, the rest may stay empty."""

    way = forms.TypedChoiceField(
        label=_("How did they contact us?"), choices=Way.choices, coerce=Way, widget=forms.RadioSelect
    )
    call_back_on = forms.DateField(
        label=_("They may be called back on"),
        help_text=_("The day where they are. Leave it empty if they did not say."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    call_back_at = forms.TimeField(
        label=_("Time, where they are"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )
    call_back_period = forms.ChoiceField(
        label=_("or some time in the"),
        choices=[("", "—"), *((key, one[0]) for key, one in PERIODS.items())],
        required=False,
    )
    raw = forms.CharField(
        label=_("A new number of theirs"),
        max_length=40,
        required=False,
        help_text=_("With + and the country code, or as it is dialled in the country below."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "ltr", "inputmode": "tel", "type": "tel"}
        ),
    )
    region = forms.ChoiceField(label=_("Country of the number"), required=False)

    def __init__(self, *args: Any, respondent: Respondent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone_name = respondent.likeliest_zone
        self.fields["region"].choices = country_choices(_("the country they are in, or written with +"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        has_time = bool(typed.get("call_back_at") or typed.get("call_back_period"))
        if has_time and not typed.get("call_back_on"):
            self.add_error("call_back_on", _("Give the day too, or leave the time empty."))
        if typed.get("call_back_on") and not has_time:
            self.add_error("call_back_at", _("Give a time or a part of the day."))
        return typed

    def field_of(self, code: str) -> str | None:
        """What cannot be is told where it is typed."""
        if code in TIME_WRONG:
            return "call_back_on"
        return "raw" if code in NUMBER_WRONG else None

    @property
    def word(self) -> Word:
        """What was typed, as the use case takes it."""
        raw, region = self.cleaned_data["raw"].strip(), self.cleaned_data["region"]
        given = NumberGiven(raw, region) if raw else None
        return Word(self.cleaned_data["way"], self._call_back(), given)

    def _call_back(self) -> CallBack | None:
        on, at = self.cleaned_data["call_back_on"], self.cleaned_data["call_back_at"]
        if on is None:
            return None
        if at is not None:
            return firm(self._there(on, at))
        _label, starts, ends = PERIODS[self.cleaned_data["call_back_period"]]
        return CallBack(AppointmentKind.SOFT, self._there(on, starts), self._there(on, ends))

    def _there(self, on: date, at: time) -> datetime:
        return zones.at_local(on, at, self.zone_name)


class SaidForm(KeepingForm):
    """A code or a number of somebody who contacted us."""

    said = forms.CharField(
        label=_("Code or phone number"),
        max_length=40,
        help_text=_("A code such as K7Q2-9M4S, or a number with + and the country code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )
    region = forms.ChoiceField(
        label=_("Country of the number"), required=False, help_text=_("Only for a number written without +.")
    )
    way = forms.TypedChoiceField(
        label=_("How did they contact us?"), choices=Way.choices, coerce=Way, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = country_choices(_("a code, or a number with +"))  # type: ignore[attr-defined]
