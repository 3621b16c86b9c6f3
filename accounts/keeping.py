"""Forms that keep what was typed when a use case refuses it, and the page that shows them again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.errors import DomainError


class KeepingForm(forms.Form):
    """A form whose use case may still say no: the refusal stands above the fields, and they keep their values."""

    refusal_status = 400

    def attempt(self, use_case: Callable[..., Any], **arguments: Any) -> bool:
        """Run the use case; its result is in `outcome`. False when it refuses, with the sentence among the errors."""
        try:
            self.outcome = use_case(**arguments)
        except DomainError as refusal:
            self.refusal_status = refusal.status
            self.add_error(None, forms.ValidationError(str(refusal), code=refusal.code))
        return not self.errors


def form_page(request: HttpRequest, template: str, form: KeepingForm, **context: Any) -> HttpResponse:
    """The page of a form: fresh, or with what was typed and the sentences about it."""
    status = form.refusal_status if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
