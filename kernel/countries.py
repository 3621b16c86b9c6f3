"""Countries by ISO 3166-1 code: their names in the reader's language and the time zones inside them."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localedata import locale_identifiers
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

# In CLDR but no country: unions, test regions, and parts of a country that ISO reserves a code for.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)

# CLDR gives Kosovo no zone of its own; its clocks are Belgrade's.
_ZONES_MISSING_FROM_CLDR = {"XK": ("Europe/Belgrade",)}


def _two_letter_codes() -> frozenset[str]:
    territories = map(str, Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


def _zones_by_country() -> Mapping[str, tuple[str, ...]]:
    zones: dict[str, list[str]] = defaultdict(list)
    for zone_name, code in get_global("zone_territories").items():
        zones[code].append(zone_name)
    return {code: tuple(sorted(found)) for code, found in zones.items()} | _ZONES_MISSING_FROM_CLDR


CODES: frozenset[str] = _two_letter_codes()
_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(dict(_zones_by_country()))


def is_country(code: str) -> bool:
    """Whether `code`, exactly as written, is a country code in capitals."""
    return code in CODES


def country(code: str) -> str:
    """The code in capitals; raises DomainError `unknown_country`."""
    wanted = code.strip().upper()
    if wanted not in CODES:
        raise DomainError(
            "unknown_country",
            _("This is not a country code."),
            next_step=_("Use the two letters of ISO 3166, such as ET for Ethiopia."),
        )
    return wanted


def country_name(code: str, locale: str = "en") -> str:
    """The country's name for a reader of `locale`, else in English. Raises `unknown_country`."""
    wanted = country(code)
    return _territories(locale).get(wanted) or _territories("en")[wanted]


def zones_of(code: str) -> tuple[str, ...]:
    """Time zone names inside the country, sorted; empty for uninhabited territories. Raises `unknown_country`."""
    return _ZONES.get(country(code), ())


def country_of_zone(zone_name: str) -> str:
    """The code of the country the zone lies in; "" for a zone of no country, such as UTC."""
    code: str = get_global("zone_territories").get(current_zone_name(zone_name), "")
    return code if code in CODES else ""


@cache
def weekend_of(code: str) -> frozenset[int]:
    """The usual days of rest of a week, from 0 (Monday) to 6, as CLDR knows them; Saturday and Sunday where it does
    not. Raises `unknown_country`."""
    territory = f"_{country(code)}"
    known = next((name for name in locale_identifiers() if name.endswith(territory)), "en")
    locale = Locale.parse(known)
    days = (locale.weekend_end - locale.weekend_start) % 7 + 1
    return frozenset((locale.weekend_start + day) % 7 for day in range(days))


def current_zone_name(zone_name: str) -> str:
    """The name a zone bears today: "Africa/Asmera" becomes "Africa/Asmara"; a current name is unchanged."""
    aliases: Mapping[str, str] = get_global("zone_aliases")
    return aliases.get(zone_name, zone_name)


def choices(locale: str = "en") -> list[tuple[str, str]]:
    """Pairs of code and name for a form, by name in the reader's language."""
    pairs = [(code, country_name(code, locale)) for code in CODES]
    return sorted(pairs, key=lambda pair: pair[1].casefold())


@cache
def _territories(locale: str) -> Mapping[str, str]:
    try:
        return Locale.parse(locale.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return Locale("en").territories
