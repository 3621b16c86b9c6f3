"""The enrolment form: what was agreed to, who they are, and the numbers they gave."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from accounts.models import Gender, Team, User, Weekday
from casework.enrolling import Joining, NumberGiven
from casework.forms import HEARD, OptionalZoneField, country_choices
from consent.coverage import FOR_ANY_STUDY
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from kernel import languages
from kernel.errors import Sentence
from tracker.keeping import SafeContact
from tracker.labels import STAGE_LABELS
from tracker.models import Study
from tracker.models.contact_points import Whose
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.registering import Profile
from tracker.stages import Stage

MOST_NUMBERS = 3
NOT_AT_ENROLMENT = frozenset({Purpose.ORIENTATION, Purpose.RECORDING, Purpose.RECONTACT_AFTER_STUDY})
YES_NO = [(Decision.GRANTED.value, _("yes")), (Decision.REFUSED.value, _("no"))]
CLOCK = {"type": "time"}


def _not_said(label: Sentence, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices.choices, coerce=choices, initial=choices.NOT_SAID, required=False,
        empty_value=choices.NOT_SAID,
    )  # fmt: skip


class StartForm(forms.Form):
    """In which study and team, and in which language: this decides which words are read out."""

    study = forms.ModelChoiceField(label=_("Study"), queryset=Study.objects.none())
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    language = forms.ChoiceField(label=_("Language they speak with us"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        studies = Study.objects.visible_to(by).open().filter(teams__in=by.team_ids).distinct()
        self.fields["study"].queryset = studies  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(pk__in=by.team_ids)  # type: ignore[attr-defined]
        self.fields["language"].choices = languages.choices(get_language() or "en")  # type: ignore[attr-defined]


class NumberForm(KeepingForm):
    """One number and what makes it safe; anything left out is a no."""

    raw = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        required=False,
        help_text=_("With + and the country code, or as it is dialled in the country below."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "ltr", "inputmode": "tel", "type": "tel"}
        ),
    )
    region = forms.ChoiceField(label=_("Country of the number"), required=False)
    whose = forms.TypedChoiceField(
        label=_("Whose phone is it?"), choices=Whose.choices, coerce=Whose, initial=Whose.OWN, required=False,
        empty_value=Whose.OWN,
    )  # fmt: skip
    safe_days = forms.TypedMultipleChoiceField(
        label=_("Safe days"),
        choices=Weekday.choices,
        coerce=int,
        initial=[day.value for day in Weekday],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    safe_from = forms.TimeField(
        label=_("Safe from"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    safe_until = forms.TimeField(
        label=_("Safe until"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    unsafe_from = forms.TimeField(
        label=_("Never from"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    unsafe_until = forms.TimeField(
        label=_("Never until"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    may_talk_to_others = forms.BooleanField(label=_("We may speak to whoever answers"), required=False)
    may_message = forms.BooleanField(label=_("Messages are safe"), required=False)
    may_leave_message = forms.BooleanField(label=_("A message may be left"), required=False)
    may_call_back_if_cut = forms.BooleanField(
        label=_("We may call back once if the line drops"), required=False
    )
    safe_phrase = forms.CharField(
        label=_("Safe phrase"),
        max_length=120,
        required=False,
        help_text=_("A word or phrase they choose, which tells us that they can talk."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cover_words = forms.CharField(
        label=_("What to say if another person answers"),
        max_length=200,
        required=False,
        help_text=_("Their own words. Without them nothing is said but that it is a wrong number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = country_choices(_("the country they are in, or written with +"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("safe", "unsafe"):
            _check_hours(self, typed.get(f"{name}_from"), typed.get(f"{name}_until"), f"{name}_until")
        if typed.get("raw") and not typed.get("safe_days"):
            self.add_error("safe_days", _("Choose at least one day, or leave the number out."))
        return typed

    @property
    def given(self) -> NumberGiven | None:
        """The number with its rules, or None for an empty block."""
        typed = dict(self.cleaned_data)
        raw, region, whose = (typed.pop(name) for name in ("raw", "region", "whose"))
        days = tuple(typed.pop("safe_days"))
        return NumberGiven(raw, region, whose, SafeContact(safe_days=days, **typed)) if raw.strip() else None


def _check_hours(form: forms.Form, start: Any, end: Any, name: str) -> None:
    if (start is None) != (end is None):
        form.add_error(name, _("Give both hours, or neither."))
    elif start is not None and end <= start:
        form.add_error(name, _("The end is not later than the start on the same day."))


class EnrolForm(KeepingForm):
    """Everything about the person but their numbers, which are `numbers`."""

    mode = forms.TypedChoiceField(
        label=_("How were they asked?"), choices=HEARD, coerce=Mode, initial=Mode.IN_PERSON
    )
    stage = forms.TypedChoiceField(
        label=_("Where are they on their way?"), choices=[("", _("choose")), *STAGE_LABELS], coerce=Stage
    )
    country = forms.ChoiceField(label=_("Country they are in"), required=False)
    zone = OptionalZoneField(
        label=_("Time zone"),
        required=False,
        help_text=_("Only if they told you, for example Africa/Tripoli."),
    )
    caller_gender = _not_said(_("Wishes to be called by"), Gender)
    age_band = _not_said(_("Age"), AgeBand)
    sex = _not_said(_("Sex"), Sex)
    nationality_group = _not_said(_("Nationality group"), NationalityGroup)
    route = _not_said(_("Route"), Route)
    ask_for = forms.CharField(
        label=_("A word to ask for them by"),
        max_length=40,
        required=False,
        help_text=_("A word they choose. Not their legal name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, study: Study, team: Team, language: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.place: dict[str, Any] = {"study": study, "team": team, "language": language}
        self.words = _words(language)
        for purpose in self.words:
            self.fields[f"answer_{purpose.value}"] = _answer(purpose)
        self.fields["country"].choices = country_choices(_("not said"))  # type: ignore[attr-defined]
        self.numbers = [NumberForm(data, prefix=f"number{place}") for place in range(1, MOST_NUMBERS + 1)]

    def is_valid(self) -> bool:
        """Valid with every block of numbers; each is asked, so that all is told at once."""
        return all([super().is_valid(), *(number.is_valid() for number in self.numbers)])

    def questions(self) -> list[tuple[Wording, Any]]:
        """What is read out, with the field of its answer."""
        return [(words, self[f"answer_{purpose.value}"]) for purpose, words in self.words.items()]

    @property
    def unworded(self) -> list[Any]:
        """What everybody should be asked, and cannot be in this language."""
        return [purpose.label for purpose in FOR_ANY_STUDY if purpose not in self.words]

    @property
    def joining(self) -> Joining:
        """What was typed, as the use case takes it."""
        typed = self.cleaned_data
        answers = {purpose: typed[f"answer_{purpose.value}"] for purpose in self.words}
        given = [number.given for number in self.numbers]
        profile = Profile(
            typed["age_band"], typed["sex"], typed["nationality_group"], typed["route"], typed["country"]
        )
        said = {
            name: typed[name] for name in ("mode", "stage", "country", "zone", "caller_gender", "ask_for")
        }
        return Joining(
            **self.place,
            **said,
            answers={purpose: Decision(answer) for purpose, answer in answers.items() if answer},
            numbers=tuple(one for one in given if one is not None),
            profile=profile,
        )


def _words(language: str) -> dict[Purpose, Wording]:
    """The newest approved words of each purpose asked at enrolment, in one query."""
    approved = Wording.objects.approved().filter(language=language).order_by("version")
    newest = {Purpose(one.purpose): one for one in approved}
    return {
        purpose: newest[purpose]
        for purpose in Purpose
        if purpose in newest and purpose not in NOT_AT_ENROLMENT
    }


def _answer(purpose: Purpose) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=purpose.label, choices=YES_NO, widget=forms.RadioSelect, required=purpose in FOR_ANY_STUDY
    )
