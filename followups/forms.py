"""What an enumerator enters beside the outcome of a call: giving it back, the next number, a late completion."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from followups.calling.claiming import HandBack
from followups.calling.late import NOON
from followups.calling.learning import ON_TO_THE_NEXT
from followups.dispositions import DISPOSITIONS, Disposition
from kernel import zones


class HandBackForm(forms.Form):
    """Why a call is given back before dialling."""

    why = forms.TypedChoiceField(
        choices=[
            (HandBack.CANNOT_NOW.value, _("I cannot now")),
            (HandBack.KNOWS_THEM.value, _("I know this person")),
        ],
        coerce=HandBack,
    )


class AfterForm(forms.Form):
    """Which dial the caller has seen last and what it gave; a request sent twice does not ring the next number."""

    after = forms.UUIDField(required=False)
    gave = forms.ChoiceField(
        label=_("What did the number before give?"),
        choices=[("", "—"), *((one.code, one.label) for one in ON_TO_THE_NEXT)],
        required=False,
    )

    def dial(self) -> UUID | None:
        """Its id; None before the first dial of a sitting, or where the field says nothing one can read."""
        return self.cleaned_data["after"] if self.is_valid() else None

    def outcome(self) -> Disposition | None:
        """What it gave; None where the caller did not say."""
        return DISPOSITIONS.get(self.cleaned_data["gave"]) if self.is_valid() else None


class LateForm(KeepingForm):
    """An interview made outside the queue."""

    held_on = forms.DateField(
        label=_("Day of the interview, where they are"), widget=forms.DateInput(attrs={"type": "date"})
    )
    said_yes = forms.BooleanField(
        label=_("They said yes to the interview, to the words of the study"),
        error_messages={"required": _("An interview without their yes does not count.")},
    )

    def __init__(self, *args: Any, zone_name: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone_name, self.now = zone_name, now

    @property
    def held_at(self) -> datetime:
        """People name a day, and noon stands for it; today is now, since its noon may be still to come."""
        on: date = self.cleaned_data["held_on"]
        is_today = on == zones.local(self.now, self.zone_name).date()
        return self.now if is_today else zones.at_local(on, NOON, self.zone_name)
