"""What people type about a number: the number itself, when and how it is safe, what was learned of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from accounts.models import Weekday
from casework.correcting import Learned, WhyNot
from casework.forms import country_choices
from casework.joining import NumberGiven
from tracker import numbers
from tracker.keeping import SafeContact
from tracker.models import ContactPoint
from tracker.models.contact_points import Whose

ONE_LINE = {"autocomplete": "off"}
RULES = (
    "safe_days", "safe_from", "safe_until", "unsafe_from", "unsafe_until", "may_talk_to_others", "may_message",
    "may_leave_message", "may_call_back_if_cut",
)  # fmt: skip
SEALED = (
    ("cover_words", _("no words for whoever answers any more")),
    ("safe_phrase", _("no safe phrase any more")),
)


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class SafeContactForm(KeepingForm):
    """When and how one number is safe; anything left out is a no. Given `point`, its rules are filled in.

    A safe phrase and words that are sealed already are never shown: a new text replaces them, an empty one does not.
    """

    safe_from = _hour(_("Safe from"))
    safe_until = _hour(_("Safe until"))
    safe_days = forms.TypedMultipleChoiceField(
        label=_("Safe days"),
        choices=Weekday.choices,
        coerce=int,
        initial=[day.value for day in Weekday],
        error_messages={"required": _("Choose at least one day.")},
        widget=forms.CheckboxSelectMultiple,
    )
    unsafe_from = _hour(_("Never from"))
    unsafe_until = _hour(_("Never until"))
    cover_words = forms.CharField(
        label=_("What to say if another person answers"),
        max_length=200,
        required=False,
        help_text=_("Their own words. Without them nothing is said but that it is a wrong number."),
        widget=forms.TextInput(attrs=ONE_LINE),
    )
    may_talk_to_others = forms.BooleanField(label=_("We may speak to whoever answers"), required=False)
    may_leave_message = forms.BooleanField(
        label=_("A message may be left"), required=False, help_text=_("On an answering machine.")
    )
    may_message = forms.BooleanField(
        label=_("Messages are safe"), required=False, help_text=_("Text messages to this number.")
    )
    may_call_back_if_cut = forms.BooleanField(
        label=_("We may call back once if the line drops"), required=False
    )
    safe_phrase = forms.CharField(
        label=_("Safe phrase"),
        max_length=120,
        required=False,
        help_text=_("A word or phrase they choose, which tells us that they can talk."),
        widget=forms.TextInput(attrs=ONE_LINE),
    )

    without = forms.MultipleChoiceField(
        label=_("Take away what is sealed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, point: ContactPoint | None = None, **kwargs: Any) -> None:
        if point is not None:
            kwargs["initial"] = {name: getattr(point, name) for name in RULES}
        super().__init__(*args, **kwargs)
        self._offer_to_take_away(point)
        if point is not None and point.safe_phrase is not None:
            self.fields["safe_phrase"].help_text = _(
                "There is one. It stays unless you type a new one, and it is shown only during a call."
            )
        if point is not None and point.cover_words is not None:
            self.fields["cover_words"].help_text = _(
                "There are words. They stay unless you type new ones, and they are shown only during a call."
            )

    def _offer_to_take_away(self, point: ContactPoint | None) -> None:
        """Only what there is; without a phrase or words there is nothing to ask."""
        sealed = [(name, label) for name, label in SEALED if point and getattr(point, name) is not None]
        self.fields["without"].choices = sealed  # type: ignore[attr-defined]
        if not sealed:
            del self.fields["without"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in typed.get("without") or ():
            if typed.get(name):
                self.add_error(name, _("Type new words here or take the old ones away, not both."))
        for name in ("safe", "unsafe"):
            _check_hours(self, typed.get(f"{name}_from"), typed.get(f"{name}_until"), f"{name}_until")
        return typed

    @property
    def safe(self) -> SafeContact:
        """The rules as the use cases take them."""
        typed = {name: self.cleaned_data[name] for name in (*RULES, "safe_phrase", "cover_words")}
        return SafeContact(**typed | {"safe_days": tuple(typed["safe_days"])})


class NumberForm(SafeContactForm):
    """One number and what makes it safe; a block that may stay empty unless the page `is_asked` for one number."""

    raw = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        required=False,
        help_text=_("With + and the country code, or as it is dialled in the country below."),
        widget=forms.TextInput(attrs={**ONE_LINE, "dir": "ltr", "inputmode": "tel", "type": "tel"}),
    )
    region = forms.ChoiceField(label=_("Country of the number"), required=False)
    whose = forms.TypedChoiceField(
        label=_("Whose phone is it?"), choices=Whose.choices, coerce=Whose, initial=Whose.OWN, required=False,
        empty_value=Whose.OWN,
    )  # fmt: skip

    def __init__(self, *args: Any, is_asked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["raw"].required = self.fields["safe_days"].required = is_asked
        self.fields["region"].choices = country_choices(_("the country they are in, or written with +"))  # type: ignore[attr-defined]

    def field_of(self, code: str) -> str | None:
        """What is wrong with the number is told beside it."""
        return "raw" if code in ("impossible_number", "number_missing") else None

    def can_be_dialled(self, country: str) -> bool:
        """Whether the number is one, read in the country it is from; told at its field where it is not."""
        given = self.given
        return given is None or self.attempt(
            numbers.parse, raw=given.raw, default_region=given.region or country
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("raw") and "safe_days" not in self.errors and not typed.get("safe_days"):
            self.add_error("safe_days", _("Choose at least one day."))
        return typed

    @property
    def given(self) -> NumberGiven | None:
        """The number with its rules, or None for an empty block."""
        raw, region, whose = (self.cleaned_data[name] for name in ("raw", "region", "whose"))
        return NumberGiven(raw, region, whose, self.safe) if raw.strip() else None


class TakeBackForm(KeepingForm):
    """Why a mark on a number was wrong."""

    why = forms.TypedChoiceField(
        label=_("Why was it wrong to set it aside?"),
        choices=WhyNot.choices,
        coerce=WhyNot,
        widget=forms.RadioSelect,
    )


class LearnedForm(KeepingForm):
    """Why a number is not to be dialled any more."""

    learned = forms.TypedChoiceField(
        label=_("What did you learn?"), choices=Learned.choices, coerce=Learned, widget=forms.RadioSelect
    )


def _check_hours(form: forms.Form, start: Any, end: Any, name: str) -> None:
    if (start is None) != (end is None):
        form.add_error(name, _("Give both hours, or neither."))
    elif start is not None and end <= start:
        form.add_error(name, _("The end is not later than the start on the same day."))
