"""Forms of the orientation pages: what was typed, checked and turned into values the use cases take."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm, OneOf
from accounts.models import User
from accounts.permissions import Role
from consent.models import Mode, Wording
from consent.purposes import Purpose
from kernel import countries, languages
from orientation import deadlines
from orientation.models import Partner, Service
from orientation.requesting import Asked, may_be_named
from orientation.vocabulary import DeclineReason, Form, Item, Need, Outcome, PreferredTime, Urgency
from tracker.models import ContactPoint, Respondent


class PartnerForm(forms.ModelForm):
    """A partner and its agreement."""

    class Meta:
        model = Partner
        fields = (
            "code",
            "title",
            "not_in_migration_control",
            "agreement_review_on",
            "agreement_expires_on",
            "complaint_route",
            "is_active",
        )
        labels = {"agreement_review_on": _("Look at the agreement again on")}
        help_texts = {
            "agreement_review_on": _(
                "On or before the day it ends. The list of partners then says that a review is due."
            )
        }
        widgets = {
            "agreement_review_on": forms.DateInput(attrs={"type": "date"}),
            "agreement_expires_on": forms.DateInput(attrs={"type": "date"}),
        }


class ServiceForm(forms.ModelForm):
    """Something a partner offers; saving it asks for a new verification."""

    country = forms.ChoiceField(label=_("Country"))
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Service
        fields = (
            "title",
            "need",
            "country",
            "area",
            "languages",
            "hours",
            "public_contact",
            "serves_all_statuses",
            "is_hotline",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        cast(forms.ChoiceField, self.fields["country"]).choices = countries.choices(reader)
        cast(forms.ChoiceField, self.fields["languages"]).choices = languages.choices(reader)

    def _get_validation_exclusions(self) -> set[str]:
        """The partner is not on the form, and yet its services may not bear the same title twice."""
        return set(super()._get_validation_exclusions()) - {"partner"}  # type: ignore[misc]


class FocalPointForm(forms.Form):
    """Which account reads a partner's requests."""

    user = OneOf(
        label=_("Focal point"),
        queryset=User.objects.filter(role=Role.FOCAL_POINT, is_active=True),
        empty_label=_("choose"),
    )


class CloseForm(forms.Form):
    # Nothing is chosen beforehand: closing deletes what was shared, and the first of the list would be a success.
    outcome = forms.TypedChoiceField(
        label=_("How it ended"), choices=[("", _("choose")), *Outcome.choices], coerce=Outcome
    )


class DeclineForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=_("Why"), choices=[("", _("choose")), *DeclineReason.choices], coerce=DeclineReason
    )


class ServiceField(OneOf):
    """A service as it is told apart: what, by whom, for what, where."""

    def label_from_instance(self, obj: Service) -> str:
        return f"{obj.title} · {obj.partner.title} · {obj.get_need_display()} · {obj.country_name}"


class NumberField(OneOf):
    """One of the person's numbers, told apart without showing it."""

    def label_from_instance(self, obj: ContactPoint) -> str:
        return f"{obj.position + 1} · {obj.get_whose_display()}"


class RequestForm(KeepingForm):
    """What a respondent asks of a partner, and each item they agree to share. Nothing is ticked for them."""

    refusal_status = 422

    service = ServiceField(
        label=_("Service"),
        empty_label=_("choose"),
        queryset=Service.objects.none(),
        help_text=_("Only services that somebody has verified lately are listed."),
    )
    form = forms.TypedChoiceField(
        label=_("How"),
        choices=Form.choices,
        coerce=Form,
        initial=Form.INFORMATION_ONLY,
        widget=forms.RadioSelect,
    )
    need = forms.TypedChoiceField(
        label=_("What they need"),
        choices=[("", "—"), *Need.choices],
        coerce=Need,
        empty_value=None,
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("How soon"), choices=Urgency.choices, coerce=Urgency, initial=Urgency.NORMAL
    )
    items = forms.TypedMultipleChoiceField(
        label=_("The partner may know"),
        choices=Item.choices,
        coerce=Item,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ask for each one; tick only what the person said yes to."),
    )
    contact_point = NumberField(
        label=_("Number the partner may use"),
        queryset=ContactPoint.objects.none(),
        empty_label=_("none"),
        required=False,
    )
    preferred_time = forms.TypedChoiceField(
        label=_("When they prefer to be reached"), choices=PreferredTime.choices, coerce=PreferredTime
    )
    note = forms.CharField(
        label=_("Note in their words"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Short, and no names, places or stories. It is sealed, and shared only if ticked above."),
    )
    valid_days = forms.IntegerField(
        label=_("Stands for (days)"),
        min_value=1,
        max_value=deadlines.LONGEST_VALID_DAYS,
        initial=deadlines.DEFAULT_VALID_DAYS,
    )
    mode = forms.TypedChoiceField(
        label=_("How they told you"),
        choices=[(mode.value, mode.label) for mode in Mode if mode is not Mode.ATTESTED],
        coerce=Mode,
        initial=Mode.PHONE,
    )
    wording = OneOf(
        queryset=Wording.objects.approved().filter(purpose=Purpose.ORIENTATION),
        required=False,
        widget=forms.HiddenInput,
    )
    has_agreed = forms.BooleanField(
        label=_("I read the words above to them, named the partner and each item, and they said yes."),
        required=False,
    )

    def __init__(self, *args: Any, respondent: Respondent, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = ContactPoint.objects.in_use().filter(respondent=respondent)
        named = [point.pk for point in numbers if may_be_named(point)]
        self._choices("service").queryset = Service.objects.offerable_on(today).nearest_first(
            respondent.country
        )
        self._choices("contact_point").queryset = numbers.filter(pk__in=named)

    def _choices(self, name: str) -> forms.ModelChoiceField:
        return cast(forms.ModelChoiceField, self.fields[name])

    def clean(self) -> dict[str, Any]:
        """Where data moves, the person has to have heard the words and said yes."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "wording" in self.errors:
            self.add_error(
                None, _("These words may not be read out any more. Read them the ones on this page.")
            )
        if cleaned.get("form") not in (None, Form.INFORMATION_ONLY) and not cleaned.get("has_agreed"):
            self.add_error(
                "has_agreed", _("Read the words to them first. Without their yes nothing is shared.")
            )
        return cleaned

    def asked(self) -> Asked:
        """What the person said, as the use case takes it; items of *information only* are left out."""
        said = self.cleaned_data
        form = said["form"]
        return Asked(
            service=said["service"],
            form=form,
            need=said["need"],
            items=frozenset(said["items"]) if form is not Form.INFORMATION_ONLY else frozenset(),
            urgency=said["urgency"],
            preferred_time=said["preferred_time"],
            note=said["note"],
            contact_point=said["contact_point"],
            wording=said["wording"],
            mode=said["mode"],
            valid_days=said["valid_days"],
        )
