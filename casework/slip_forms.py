"""The choice of what a person keeps; it stays in the address."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.slips import Amount, Chosen, Copies, ReferenceAmount
from kernel import languages


class SlipForm(forms.Form):
    """What, in which language, how many. What was not chosen, or not understood, is the first choice there is."""

    amount = forms.ChoiceField(label=_("What they keep"), widget=forms.RadioSelect, choices=Amount.choices)
    language = forms.ChoiceField(label=_("Language of the slip"))
    copies = forms.TypedChoiceField(label=_("How many on a page"), choices=Copies.choices, coerce=int)

    def __init__(self, *args: Any, spoken: str, **kwargs: Any) -> None:
        """`spoken` is the person's language."""
        super().__init__(*args, **kwargs)
        codes = [code for code, _name in settings.LANGUAGES]
        self.has_words = spoken in codes
        reader = get_language() or "en"
        self.fields["language"].choices = [(code, languages.names(code, reader)) for code in codes]  # type: ignore[attr-defined]
        self.initial = {
            "amount": self.first_amount,
            "language": spoken if self.has_words else reader if reader in codes else codes[0],
            "copies": Copies.ONE,
        }

    @property
    def first_amount(self) -> str:
        """Words they cannot read are left out unless somebody asks for them."""
        return Amount.FULL if self.has_words else Amount.CODE

    @property
    def chosen(self) -> Chosen:
        given = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return Chosen(amount=given["amount"], language=given["language"], copies=int(given["copies"]))


class ReferenceSlipForm(SlipForm):
    """The same for a reference to quote to a partner."""

    amount = forms.ChoiceField(
        label=_("What they keep"), widget=forms.RadioSelect, choices=ReferenceAmount.choices
    )

    @property
    def first_amount(self) -> str:
        return ReferenceAmount.CONTACT
