"""The reason somebody gives for an exception: a sentence that another person will read, without a number in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import LOOKS_LIKE_A_NUMBER
from kernel.errors import DomainError

SHORTEST, LONGEST = 20, 200


def worded(reason: str, least: int = SHORTEST) -> str:
    """The reason as it is kept: on one line, `least` to 200 characters long.

    Raises `reason_not_worded`, `reason_with_number`.
    The trail refuses whatever is shaped like a phone number; here it is told in time and in words.
    """
    kept = " ".join(reason.split())
    if not least <= len(kept) <= LONGEST:
        raise DomainError(
            "reason_not_worded",
            _("Say why in a sentence of %(least)s to %(most)s characters.")
            % {"least": least, "most": LONGEST},
            kept=_("Nothing was done."),
        )
    if LOOKS_LIKE_A_NUMBER.search(kept):
        raise DomainError(
            "reason_with_number",
            _("The reason holds something like a phone number. Reasons stay in the trail for years."),
            kept=_("Nothing was done."),
            next_step=_("Say it without the number."),
        )
    return kept


class ReasonField(forms.CharField):
    """Where the reason is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Why?"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "A sentence of at least 20 characters. No names and no numbers: it stays in the trail."
            ),
        )
        look = {"rows": 3, "minlength": SHORTEST, "autocomplete": "off"}
        super().__init__(max_length=LONGEST, widget=forms.Textarea(attrs=look), **kwargs)
