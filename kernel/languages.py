"""The languages the panel is interviewed in: code, names and direction."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Language:
    """One language: ISO 639 code, English name, the name its speakers use, and whether it is written right to left."""

    code: str
    name: str
    own_name: str
    is_rtl: bool = False


# Own names are written here and not taken from CLDR: it has none for Dari under `prs`, and gives Rohingya in Hanifi
# script, which the phones in use cannot show. Rohingya is therefore written in Latin letters, left to right.
_PANEL = (
    Language("ar", "Arabic", "العربية", is_rtl=True),
    Language("fa", "Persian", "فارسی", is_rtl=True),
    Language("prs", "Dari", "دری", is_rtl=True),
    Language("ps", "Pashto", "پښتو", is_rtl=True),
    Language("ti", "Tigrinya", "ትግርኛ"),
    Language("am", "Amharic", "አማርኛ"),
    Language("so", "Somali", "Soomaali"),
    Language("om", "Oromo", "Afaan Oromoo"),
    Language("fr", "French", "Français"),
    Language("en", "English", "English"),
    Language("es", "Spanish", "Español"),
    Language("ht", "Haitian Creole", "Kreyòl ayisyen"),
    Language("pt", "Portuguese", "Português"),
    Language("ur", "Urdu", "اردو", is_rtl=True),
    Language("bn", "Bangla", "বাংলা"),
    Language("my", "Burmese", "မြန်မာ"),
    Language("rhg", "Rohingya", "Ruáingga"),
    Language("ku", "Kurmanji Kurdish", "Kurmancî"),
    Language("ckb", "Central Kurdish", "کوردیی ناوەندی", is_rtl=True),
    Language("tr", "Turkish", "Türkçe"),
    Language("sw", "Swahili", "Kiswahili"),
    Language("ha", "Hausa", "Hausa"),
    Language("wo", "Wolof", "Wolof"),
    Language("ff", "Fula", "Pulaar"),
    Language("bm", "Bambara", "Bamanankan"),
    Language("ln", "Lingala", "Lingála"),
)

LANGUAGES: Mapping[str, Language] = MappingProxyType({language.code: language for language in _PANEL})

# CLDR files Dari under Persian as spoken in Afghanistan.
_CLDR_CODES = {"prs": "fa_AF"}


def language(code: str) -> Language:
    """The language of a code, whatever its case; raises DomainError `unknown_language`."""
    found = LANGUAGES.get(code.strip().lower())
    if found is None:
        raise DomainError(
            "unknown_language",
            _("This language is not one of the panel's languages."),
            next_step=_("Choose a language from the list."),
        )
    return found


def is_language(code: str) -> bool:
    """Whether `code`, exactly as written, is a language of the panel."""
    return code in LANGUAGES


def names(code: str, display_locale: str = "en") -> str:
    """The language's name for readers of `display_locale`: CLDR's, else our English one. Raises `unknown_language`."""
    known = language(code)
    in_cldr = _cldr_names(display_locale).get(_CLDR_CODES.get(known.code, known.code))
    return in_cldr or known.name


def choices(display_locale: str = "en") -> list[tuple[str, str]]:
    """Pairs for a form: the language in its own name, then in the reader's, in the panel's order."""
    return [
        (known.code, _own_and_read(known, names(known.code, display_locale))) for known in LANGUAGES.values()
    ]


def _own_and_read(known: Language, read: str) -> str:
    return known.own_name if known.own_name.casefold() == read.casefold() else f"{known.own_name} · {read}"


@cache
def _cldr_names(display_locale: str) -> Mapping[str, str]:
    try:
        return Locale.parse(display_locale.replace("-", "_")).languages
    except (UnknownLocaleError, ValueError):
        return {}
