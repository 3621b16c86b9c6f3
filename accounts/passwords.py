"""What a password may not be made of: the words of this work, which whoever attacks it tries first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Team

OWN_WORDS = ("recontact", "follow-up", "respondent", "enumerator", "coordinator", "password", "passwort")
SHORTEST_WORD = 4
LEFT_OVER = 12
"""A long password may have one of the words in it, if enough is left without it."""


class NoWordsOfThisWork:
    """Refuses a password that is little more than words of this work: its name, roles, team codes, the username."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.casefold()
        for word in _words(user):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(rest) < LEFT_OVER:
            raise ValidationError(
                _("This password is made of words of this work, which are tried first. Take other words."),
                code="password_of_our_words",
            )

    def get_help_text(self) -> str:
        return _("Your password may not be made of words of this work.")


def _words(user: Any) -> list[str]:
    """Longest first, so that a word inside another is not left in pieces."""
    codes = Team.objects.values_list("code", flat=True)
    said = [*OWN_WORDS, *codes, getattr(user, "username", "") or ""]
    words = {word.casefold() for word in said if len(word) >= SHORTEST_WORD}
    return sorted(words, key=len, reverse=True)
