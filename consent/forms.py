"""What people type on the pages about wordings."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.keeping import KeepingForm
from kernel import languages


class DraftForm(KeepingForm):
    """The exact text to read out."""

    text = forms.CharField(
        label=_("The exact text to read out"),
        min_length=20,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "min_length": _("These words are too few to explain what is asked. Write at least 20 letters."),
            "max_length": _("This is too long to read out on a call. Keep it under 2,000 letters."),
        },
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = languages.language(language)
        self.fields["text"].widget.attrs |= {"lang": known.code, "dir": "rtl" if known.is_rtl else "ltr"}


class LanguagesForm(forms.Form):
    """Which languages to look at."""

    language = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Languages")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages.choices(get_language() or "en")  # type: ignore[attr-defined]

    def chosen(self) -> list[str]:
        """The languages asked for, in the panel's order; none where nothing known was asked for."""
        asked = self.cleaned_data.get("language", []) if self.is_valid() else []
        return [code for code in languages.LANGUAGES if code in asked]
