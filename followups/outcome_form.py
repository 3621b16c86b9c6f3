"""What an enumerator enters about a call: what happened, what they said, and when to call again."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from followups.calling import checking
from followups.calling.heard import CallBack, Heard, Journey
from followups.dispositions import Disposition, disposition, offered
from followups.models import Attempt
from followups.promising import firm
from followups.scheduling.outcomes import WhoAnswered
from followups.scheduling.situation import AppointmentKind
from kernel import countries, zones
from tracker.best_times import BestTime
from tracker.labels import STAGE_LABELS
from tracker.stages import Stage

PERIODS = {
    "morning": (_("morning"), time(8), time(11)),
    "midday": (_("midday"), time(11), time(14)),
    "afternoon": (_("afternoon"), time(14), time(17)),
    "evening": (_("evening"), time(17), time(20)),
}
SOON = {"30": _("in half an hour"), "60": _("in an hour"), "120": _("in two hours")}
NOBODY_ANSWERED = _("Nobody answered")
GROUPS = (
    (_("You spoke with them"), (WhoAnswered.RESPONDENT,)),
    (NOBODY_ANSWERED, (WhoAnswered.NOBODY,)),
    (_("Somebody else answered"), (WhoAnswered.OTHER,)),
    (_("Something else"), (WhoAnswered.UNKNOWN,)),
)
GROUPS_WITH_TRUSTED = (
    (_("Somebody answered"), (WhoAnswered.OTHER,)),
    (NOBODY_ANSWERED, (WhoAnswered.NOBODY,)),
    (_("Something else"), (WhoAnswered.UNKNOWN,)),
)
TIME_OF_CALL_BACK = frozenset({"call_back_missing", "call_back_outside", "call_back_impossible"})
YES_NO = [("", _("not asked")), ("yes", _("yes")), ("no", _("no"))]


class OutcomeForm(KeepingForm):
    """One page for all that is learned in a call; it arrives with the answer to *Call* and needs no data until sent."""

    disposition = forms.ChoiceField(
        label=_("What happened?"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened; “no answer” is an outcome too.")},
    )
    interview = forms.ChoiceField(
        label=_("Did they say yes to this interview?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    recontact = forms.ChoiceField(
        label=_("May we keep the number and call again?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    call_back_in = forms.ChoiceField(
        label=_("They asked to be called"),
        choices=[("", _("on a day and time")), *SOON.items()],
        required=False,
    )
    call_back_on = forms.DateField(
        label=_("Day, where they are"),
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
    stage = forms.ChoiceField(
        label=_("Where are they on their way now?"),
        choices=[("", _("no change")), *STAGE_LABELS],
        required=False,
    )
    country = forms.ChoiceField(label=_("Country now"), required=False)
    best_time = forms.TypedChoiceField(
        label=_("When are they best reached?"),
        help_text=_("Ask at the end: “When is it best to call you?” One answer saves many calls in vain."),
        choices=[("", _("not asked, or no change")), *BestTime.choices],
        coerce=BestTime,
        empty_value=None,
        required=False,
    )
    bars_caller = forms.BooleanField(label=_("They would rather be called by somebody else"), required=False)

    def __init__(self, *args: Any, attempt: Attempt, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.now = attempt, now
        # Nothing is offered that the call cannot have given: with a trusted person nobody is interviewed.
        self.offered = offered(to_trusted=attempt.to_trusted)
        self.fields["disposition"].choices = [(one.code, one.label) for one in self.offered]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("no change")), *countries.choices(get_language() or "en")]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[Disposition]]]:
        """The outcomes by who answered, as the pad shows them."""
        grouped = [
            (heading, [one for one in self.offered if one.who_answered in answered])
            for heading, answered in self._headings
        ]
        return [(heading, outcomes) for heading, outcomes in grouped if outcomes]

    @property
    def _headings(self) -> Any:
        """What a trusted person says stands first where one was called."""
        return GROUPS_WITH_TRUSTED if self.call.to_trusted else GROUPS

    @property
    def nobody(self) -> list[Disposition]:
        """What one tap records when nobody answers."""
        return dict(self.groups())[NOBODY_ANSWERED]

    @property
    def open_group(self) -> Any:
        """The heading of the outcomes that stand open: where the choice is, else the first."""
        chosen = self["disposition"].value()
        return next(
            (heading for heading, outcomes in self.groups() if chosen in [one.code for one in outcomes]),
            self._headings[0][0],
        )

    def field_of(self, code: str) -> str | None:
        """A call-back that cannot be is told where its day is typed."""
        return "call_back_on" if code in TIME_OF_CALL_BACK else None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors:
            self.attempt(self._check)
        return typed

    def _check(self) -> Heard:
        heard = self.heard()
        if self.call.recorded_at is None:
            checking.check(self.call, heard, self.now)
        return heard

    def heard(self) -> Heard:
        """What was entered, as values; raises for a call-back without a time."""
        typed = self.cleaned_data
        return Heard(
            disposition=typed["disposition"],
            interview=_answer(typed["interview"]),
            recontact=_answer(typed["recontact"]),
            call_back=self._call_back(),
            journey=self._journey(),
            bars_caller=typed["bars_caller"],
            best_time=typed["best_time"],
        )

    def _journey(self) -> Journey | None:
        typed, person = self.cleaned_data, self.call.respondent
        if not typed["stage"] and not typed["country"]:
            return None
        return Journey(Stage(typed["stage"] or person.stage), typed["country"])

    def _call_back(self) -> CallBack | None:
        """The call-back on the respondent's own clock; None where the outcome wants none."""
        wanted = disposition(self.cleaned_data["disposition"]).needs_appointment
        if wanted is None:
            return None
        minutes = self.cleaned_data["call_back_in"]
        if minutes:
            return firm(self.now + timedelta(minutes=int(minutes)))
        return self._on_a_day(wanted)

    def _on_a_day(self, wanted: AppointmentKind) -> CallBack | None:
        typed = self.cleaned_data
        on, at, period = typed.get("call_back_on"), typed.get("call_back_at"), typed["call_back_period"]
        if on is None or not (at or period):
            return None
        if wanted is AppointmentKind.SOFT and period:
            _label, starts, ends = PERIODS[period]
            return CallBack(AppointmentKind.SOFT, self._there(on, starts), self._there(on, ends))
        if at is None:
            _label, at, _ends = PERIODS[period]
        return firm(self._there(on, at))

    def _there(self, on: date, at: time) -> datetime:
        return zones.at_local(on, at, self.call.respondent.likeliest_zone)


def _answer(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)
