"""The enrolment form: what was agreed to, who they are, and the numbers they gave."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm, OneOf
from accounts.models import Gender, Team, User
from casework.forms import HEARD, ZONE_HELP, OptionalZoneField, country_choices
from casework.joining import Followed, Joining, whether_followed
from casework.number_forms import NumberForm
from consent.coverage import FOR_ANY_STUDY
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from kernel import languages
from kernel.errors import Sentence
from tracker.best_times import BestTime
from tracker.labels import STAGE_LABELS
from tracker.models import Study
from tracker.profile import AgeBand, NationalityGroup, Route, Sex
from tracker.registering import Profile
from tracker.stages import Stage

MOST_NUMBERS = 3
NOT_AT_ENROLMENT = frozenset({Purpose.ORIENTATION, Purpose.RECORDING, Purpose.RECONTACT_AFTER_STUDY})
YES_NO = [(Decision.GRANTED.value, _("yes")), (Decision.REFUSED.value, _("no"))]


def _not_said(label: Sentence, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices.choices, coerce=choices, initial=choices.NOT_SAID, required=False,
        empty_value=choices.NOT_SAID,
    )  # fmt: skip


class StartForm(KeepingForm):
    """In which study and team, and in which language: this decides which words are read out."""

    study = OneOf(label=_("Study"), queryset=Study.objects.none())
    team = OneOf(label=_("Team"), queryset=Team.objects.none())
    language = forms.ChoiceField(label=_("Language they speak with us"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        studies = Study.objects.visible_to(by).open().filter(teams__in=by.team_ids).distinct()
        self.fields["study"].queryset = studies  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(pk__in=by.team_ids)  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("choose")), *languages.choices(get_language() or "en")]  # type: ignore[attr-defined]
        self._choose_what_is_alone()

    @property
    def has_study(self) -> bool:
        """Whether there is a study to enrol into at all."""
        return bool(self.fields["study"].queryset)  # type: ignore[attr-defined]

    def _choose_what_is_alone(self) -> None:
        """Where there is one study or one team, nobody has to choose it."""
        for name in ("study", "team"):
            rows = list(self.fields[name].queryset[:2])  # type: ignore[attr-defined]
            self.initial.setdefault(name, rows[0].pk if len(rows) == 1 else None)


class EnrolForm(KeepingForm):
    """Everything about the person but their numbers, which are `numbers`."""

    id = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
    mode = forms.TypedChoiceField(
        label=_("How were they asked?"), choices=HEARD, coerce=Mode, initial=Mode.IN_PERSON
    )
    stage = forms.TypedChoiceField(
        label=_("Where are they on their way?"), choices=[("", _("choose")), *STAGE_LABELS], coerce=Stage
    )
    country = forms.ChoiceField(label=_("Country they are in"), required=False)
    zone = OptionalZoneField(label=_("Time zone"), required=False, help_text=ZONE_HELP)
    caller_gender = _not_said(_("Wishes to be called by"), Gender)
    age_band = _not_said(_("Age"), AgeBand)
    sex = _not_said(_("Sex"), Sex)
    nationality_group = _not_said(_("Nationality group"), NationalityGroup)
    route = _not_said(_("Route"), Route)
    best_time = forms.TypedChoiceField(
        label=_("When are they best reached?"),
        choices=[("", _("not said")), *BestTime.choices],
        coerce=BestTime,
        empty_value=None,
        required=False,
    )
    ask_for = forms.CharField(
        label=_("A word to ask for them by"),
        max_length=40,
        required=False,
        help_text=_("A word they choose. Not their legal name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, by: User, study: Study, team: Team, language: str, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.by = by
        self.place: dict[str, Any] = {"study": study, "team": team, "language": language}
        self.words = _words(language)
        for purpose in self.words:
            self.fields[f"answer_{purpose.value}"] = _answer(purpose)
        self.order_fields(f"answer_{purpose.value}" for purpose in self.words)
        self.fields["country"].choices = country_choices(_("not said"))  # type: ignore[attr-defined]
        self.numbers = [NumberForm(data, prefix=f"number{place}") for place in range(1, MOST_NUMBERS + 1)]
        for place, number in enumerate(self.numbers, start=1):
            number.fields["raw"].label = _("Phone number %(place)s") % {"place": place}

    def is_valid(self) -> bool:
        """Valid with every block of numbers; each is asked, so that all is told at once."""
        fits = all([super().is_valid(), *(number.is_valid() for number in self.numbers)])
        return fits and (not self._is_followed or self._numbers_can_be_dialled())

    def _numbers_can_be_dialled(self) -> bool:
        """Told beside the number that cannot be one. Of somebody who is not called, no number is even read."""
        told = [number.can_be_dialled(self.cleaned_data["country"]) for number in self.numbers]
        return all(told)

    @property
    def _is_followed(self) -> bool:
        granted = [one for one, answer in self._answers().items() if answer is Decision.GRANTED]
        return whether_followed(granted, self.cleaned_data["age_band"]) is Followed.YES

    @property
    def wrong_fields(self) -> list[BoundField]:
        """Those of the numbers too."""
        return [*super().wrong_fields, *(field for number in self.numbers for field in number.wrong_fields)]

    def questions(self) -> list[tuple[Wording, Any]]:
        """What everybody is asked, with the field of its answer."""
        return [(words, field) for words, field in self._all_questions() if field.field.required]

    def further_questions(self) -> list[tuple[Wording, Any]]:
        """What may be asked as well, with the field of its answer."""
        return [(words, field) for words, field in self._all_questions() if not field.field.required]

    def _all_questions(self) -> list[tuple[Wording, Any]]:
        return [(words, self[f"answer_{purpose.value}"]) for purpose, words in self.words.items()]

    @property
    def unworded(self) -> list[Any]:
        """What everybody should be asked, and cannot be in this language."""
        return [purpose.label for purpose in FOR_ANY_STUDY if purpose not in self.words]

    @property
    def joining(self) -> Joining:
        """What was typed, as the use case takes it."""
        typed = self.cleaned_data
        given = [number.given for number in self.numbers]
        profile = Profile(
            typed["age_band"],
            typed["sex"],
            typed["nationality_group"],
            typed["route"],
            typed["country"],
            typed["best_time"],
        )
        said = {
            name: typed[name] for name in ("mode", "stage", "country", "zone", "caller_gender", "ask_for")
        }
        return Joining(
            **self.place,
            id=self._id_of_person(),
            **said,
            answers=self._answers(),
            numbers=tuple(one for one in given if one is not None),
            profile=profile,
        )

    def _id_of_person(self) -> UUID:
        """The same for the same form of the same person, and nothing that whoever sends it can choose."""
        drawn = self.cleaned_data["id"]
        return uuid5(self.by.pk, str(drawn)) if drawn else uuid4()

    def _answers(self) -> dict[Purpose, Decision]:
        typed = {purpose: self.cleaned_data[f"answer_{purpose.value}"] for purpose in self.words}
        return {purpose: Decision(answer) for purpose, answer in typed.items() if answer}


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
        label=purpose.label,
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=purpose in FOR_ANY_STUDY,
        error_messages={"required": _("Read the words out and mark their answer: yes or no.")},
    )
