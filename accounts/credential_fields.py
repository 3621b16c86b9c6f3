"""The field in which a browser tells what a passkey answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 20_000


class CredentialField(forms.JSONField):
    """An object of JSON and nothing else.

    `max_length` of a JSONField is asked of what was read: of a number it breaks, of an object it counts the names.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            read = None if isinstance(value, str) and len(value) > LONGEST else super().to_python(value)
        except RecursionError:
            # Thousands of brackets in one another.
            read = None
        if not isinstance(read, dict) and value not in self.empty_values:
            raise forms.ValidationError(_("This passkey could not be used."), code="passkey_refused")
        return read

    def bound_data(self, data: Any, initial: Any) -> None:
        """Nothing is shown again: an answer is good for one challenge."""
        return None
