"""Forms that keep what was typed when a use case refuses it, and the page that shows them again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

REQUIRED = (
    (forms.FileField, _("Choose a file.")),
    (forms.ModelChoiceField, _("Choose one from the list.")),
    (forms.ChoiceField, _("Choose one.")),
    (forms.DateField, _("Give the day.")),
    (forms.TimeField, _("Give the hour.")),
    (forms.CharField, _("This is still empty. Fill it in.")),
)
"""What to do about a field left empty, by its kind: a bare "required" tells nobody."""


class KeepingForm(forms.Form):
    """A form whose use case may still say no: the refusal stands above the fields, and they keep their values."""

    refusal_status = 400

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)

    @property
    def wrong_fields(self) -> list[BoundField]:
        """The fields that need another look, for the lines above a long form that lead to them."""
        return [bound for bound in self if bound.errors]

    @property
    def refusal(self) -> str:
        """What the use case said, for a page that has no form to stand above."""
        return " ".join(str(sentence) for sentence in self.non_field_errors())

    def field_of(self, code: str) -> str | None:
        """The field beside which a refusal with this code is told; None for above the fields."""
        return None

    def attempt(self, use_case: Callable[..., Any], **arguments: Any) -> bool:
        """Run the use case; its result is in `outcome`. False when it refuses, with the sentence among the errors."""
        try:
            self.outcome = use_case(**arguments)
        except DomainError as refusal:
            self.refusal_status = refusal.status
            self.add_error(
                self.field_of(refusal.code), forms.ValidationError(str(refusal), code=refusal.code)
            )
        return not self.errors


def say_what_to_do(field: forms.Field) -> None:
    """Give a field that may not be empty a sentence of its own, unless the form has said one for it."""
    stock = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") == stock:
        field.error_messages["required"] = next(
            (sentence for kind, sentence in REQUIRED if isinstance(field, kind)), stock
        )


class OneOf(forms.ModelChoiceField):
    """One row to choose. What cannot even be its key is no choice either: nobody is told of UUIDs."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(
                _("This cannot be chosen here. Choose one from the list."), code="invalid_choice"
            ) from None


class AnyOf(forms.ModelMultipleChoiceField):
    """Any number of rows to choose, refused in the same words."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError as refusal:
            if refusal.code == "required":
                raise
            raise forms.ValidationError(
                _("One of these cannot be chosen here. Choose from the list."), code="invalid_choice"
            ) from None


def form_page(request: HttpRequest, template: str, form: KeepingForm, **context: Any) -> HttpResponse:
    """The page of a form: fresh, or with what was typed and the sentences about it."""
    status = form.refusal_status if form.is_bound and (form.errors or form.wrong_fields) else 200
    return render(request, template, {"form": form, **context}, status=status)
