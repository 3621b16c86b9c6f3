"""What people type on the pages about one respondent."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import ZoneField
from accounts.keeping import KeepingForm, OneOf
from accounts.models import User
from accounts.permissions import Permission
from casework import listing
from casework.receipts import Grade
from consent.models import Mode
from followups.models.restraints import LiftReason
from kernel import countries, zones
from tracker import spoken_codes
from tracker.best_times import BestTime
from tracker.labels import STAGE_LABELS
from tracker.models import Respondent, Study
from tracker.stages import Stage, allows_outbound

HEARD = [(mode.value, mode.label) for mode in Mode if mode is not Mode.ATTESTED]
DAY = {"type": "date"}
ZONE_HELP = _(
    "Leave it empty when the country has one clock. Otherwise type the largest city near them and choose from the list."
)


def country_choices(blank: Any) -> list[tuple[str, Any]]:
    """Countries by name in the reader's language, after a line for none."""
    return [("", blank), *countries.choices(get_language() or "en")]


class ZoneInput(forms.TextInput):
    """Typing a part of a city's name is enough: the page brings the zones of all countries along."""

    template_name = "casework/_zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        every = {zone for code in countries.CODES for zone in countries.zones_of(code)}
        return super().get_context(name, value, attrs) | {"zones": sorted(every)}


class OptionalZoneField(ZoneField):
    """A time zone that may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        attributes = self.widget.attrs  # type: ignore[union-attr]
        self.widget = ZoneInput(attrs=attributes)

    def clean(self, value: Any) -> str:
        return super().clean(value) if value else ""


class MoveForm(KeepingForm):
    """A move in the journey, as the person states it."""

    stage = forms.TypedChoiceField(
        label=_("Where are they on their way?"), choices=STAGE_LABELS, coerce=Stage
    )
    on = forms.DateField(label=_("Since which day?"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    country = forms.ChoiceField(
        label=_("Country now"), required=False, help_text=_("Leave it as it is when they do not say.")
    )
    zone = OptionalZoneField(label=_("Time zone"), required=False, help_text=ZONE_HELP)
    is_reported = forms.BooleanField(
        label=_("Somebody else told us"),
        required=False,
        help_text=_(
            "Then they are called only at hours that are decent where they were and where they may be now."
        ),
    )

    def __init__(self, *args: Any, respondent: Respondent, now: datetime, **kwargs: Any) -> None:
        zone_name = respondent.likeliest_zone
        kwargs.setdefault("initial", {"stage": respondent.stage, "on": zones.local(now, zone_name).date()})
        super().__init__(*args, **kwargs)
        self.respondent, self.now, self.zone_name = respondent, now, zone_name
        self.fields["country"].choices = country_choices(_("as before, or not said"))  # type: ignore[attr-defined]

    @property
    def move(self) -> dict[str, Any]:
        """What was typed, as the use case takes it."""
        typed = {name: self.cleaned_data[name] for name in ("stage", "country", "zone", "is_reported")}
        return typed | {"at": self._moment(self.cleaned_data["on"])}

    @property
    def sentence(self) -> str:
        """What the move leads to."""
        if allows_outbound(self.cleaned_data["stage"]):
            return str(_("The move is recorded, and the next call follows it."))
        return str(
            _(
                "The move is recorded. Nobody is called at this stage of a journey; a coordinator will look again."
            )
        )

    def _moment(self, on: date) -> datetime:
        """People name a day. Today is now; the day of the last move is that moment; another day is its first hour."""
        today = zones.local(self.now, self.zone_name).date()
        last = self.respondent.stage_since
        if on == today:
            return self.now
        if on == zones.local(last, self.zone_name).date():
            return last
        return zones.at_local(on, time(), self.zone_name)


class WithdrawForm(KeepingForm):
    """How far a withdrawal goes, and how it reached us."""

    grade = forms.TypedChoiceField(
        label=_("What does the person wish?"),
        choices=Grade.choices,
        coerce=Grade,
        initial=Grade.STOP,
        widget=forms.RadioSelect,
    )
    mode = forms.TypedChoiceField(
        label=_("How did they tell us?"), choices=HEARD, coerce=Mode, initial=Mode.PHONE
    )


class StopForm(KeepingForm):
    """A code or a number of somebody who wants to be left alone."""

    said = forms.CharField(
        label=_("Code or phone number"),
        max_length=40,
        help_text=_("A code such as K7Q2-9M4S, or a number with + and the country code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )
    region = forms.ChoiceField(
        label=_("Country of the number"), required=False, help_text=_("Only for a number written without +.")
    )
    keep_refusal = forms.BooleanField(
        label=_("They also want the number refused if somebody brings it again"),
        required=False,
        help_text=_(
            "A code made from the number is then kept, for nothing else. Without it we keep nothing new."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = country_choices(_("a code, or a number with +"))  # type: ignore[attr-defined]


class BarForm(KeepingForm):
    """Somebody the respondent does not want to be called by."""

    enumerator = OneOf(label=_("Who should not call them?"), queryset=User.objects.none())

    def __init__(self, *args: Any, respondent: Respondent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = User.objects.working().enumerators().filter(teams=respondent.team)
        self.fields["enumerator"].queryset = team  # type: ignore[attr-defined]


class BestTimeForm(KeepingForm):
    """When the respondent says they are best reached."""

    best_time = forms.TypedChoiceField(
        label=_("When are they best reached?"),
        choices=[("", _("no time is better")), *BestTime.choices],
        coerce=BestTime,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, respondent: Respondent, **kwargs: Any) -> None:
        super().__init__(*args, initial={"best_time": respondent.best_slot}, **kwargs)


class LiftForm(KeepingForm):
    """Why somebody lets calls go on."""

    why = forms.TypedChoiceField(choices=LiftReason.choices, coerce=LiftReason)


class PauseForm(KeepingForm):
    """Until when nobody should call."""

    until_on = forms.DateField(
        label=_("Nobody calls before"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


_FILLER = r"\s" + "".join(rf"\u{ord(symbol):04x}" for symbol in spoken_codes.FILLERS)
LIKE_A_CODE = rf"(?:[{_FILLER}]*[^{_FILLER}+.\(\)]){{8}}[{_FILLER}]*"
"""Eight symbols, as `spoken_codes.parse` forgives them, in the words of a browser.

What is sought stands in the address, and so in a phone's history: the browser sends no number from here.
"""


class SearchForm(KeepingForm):
    """Finding somebody by their spoken code, or by where they stand."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "dir": "ltr",
                "spellcheck": "false",
                "pattern": LIKE_A_CODE,
                "title": _("A code is eight letters and digits. Nobody is found by a phone number here."),
            }
        ),
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("all")), *STAGE_LABELS])
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all")), *Respondent._meta.get_field("status").flatchoices]
        if by.may(Permission.ERASE):
            choices.append(("erasure_asked", _("asked to be erased, not done yet")))
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def people(self, by: User) -> Any:
        """Those sought; nobody, and a sentence above the fields, when a code was misheard."""
        if not self.is_bound:
            return listing.found(by, {})
        if self.is_valid() and self.attempt(listing.found, by=by, sought=self.cleaned_data):
            return self.outcome
        return Respondent.objects.none()

    @property
    def seeks_one(self) -> bool:
        """Whether somebody is looked for by their code."""
        return self.is_bound and bool(self.cleaned_data.get("code"))


class ImportForm(KeepingForm):
    """A call list with its mapping."""

    study = OneOf(label=_("Study"), queryset=Study.objects.none())
    content = forms.FileField(
        label=_("Call list (CSV)"),
        max_length=200,
        help_text=_("A table saved as CSV in UTF-8; its first line has the titles of the columns."),
    )
    mapping = forms.FileField(
        label=_("Mapping (TOML)"),
        max_length=200,
        help_text=_("A text file that says what each column of the list is. The example shows how."),
    )
    is_real = forms.ChoiceField(
        label=_("What now?"),
        choices=[("", _("check the files, write nothing")), ("yes", _("enrol the people in the list"))],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )

    def __init__(self, *args: Any, studies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study"].queryset = studies  # type: ignore[attr-defined]
        alone = studies[:2]
        if len(alone) == 1:
            self.initial.setdefault("study", alone[0].pk)

    @property
    def listed(self) -> dict[str, Any]:
        """What was given, as the use case takes it."""
        return {
            "study": self.cleaned_data["study"],
            "content": self.cleaned_data["content"].read(),
            "mapping_text": self.cleaned_data["mapping"].read().decode("utf-8", errors="replace"),
            "is_dry_run": not self.cleaned_data["is_real"],
        }
