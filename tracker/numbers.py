"""Phone numbers as values: read from what people type, with their standing and the time zones they may be in."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumber, ValidationResult, timezone

from kernel.countries import current_zone_name, is_country, zones_of
from kernel.errors import DomainError, Sentence

# phonenumbers.geocoder is never imported: it would name the place a number comes from, and nobody needs to know that.


class Standing(StrEnum):
    """How far the numbering plan vouches for a number. Plans change: `possible` is kept, as unverified."""

    VALID = "valid"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number that could be dialled from anywhere. `zones` is empty when nothing is known; `region` is "" likewise.

    The number itself is left out of `repr`, so that it cannot reach a log by way of a traceback.
    """

    e164: str
    status: Standing
    zones: tuple[str, ...]
    region: str
    extension_dropped: bool = False

    def __repr__(self) -> str:
        return f"<ParsedNumber {self.status} {self.region}>"


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EXTENSION = re.compile(r"[\s,;]*(?:ext(?:ension|n)?\.?|x|#)\s*:?\s*\d{1,6}$", re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"(?:\d[\s().-]*){6,}[;,/|&]\s*\+?(?:[\s().-]*\d){6,}|\+.*\+")
_LETTER = re.compile(r"[^\W\d_]")
# What a spreadsheet makes of a number it took for an amount: 7.42E+09, 7427704633.0
_ALTERED = re.compile(r"^\s*\d+(?:[.,]\d+)?(?:E\+?\d+)\s*$|^\s*\d{6,}[.,]0\s*$", re.IGNORECASE)


def parse(raw: str, default_region: str = "") -> ParsedNumber:
    """The number somebody typed, in any script of digits; a national one is read as one of `default_region`.

    Accepted when its length is possible for its country; an extension is dropped and noted. Raises DomainError
    `impossible_number`, whose sentence says what is wrong and never repeats the number.
    """
    text = _INVISIBLE.sub("", raw).strip()
    if _ALTERED.match(text):
        raise _impossible(_("A spreadsheet has changed this number, and digits may be lost."))
    bare = _EXTENSION.sub("", text)
    if _LETTER.search(bare):
        raise _impossible(_("A phone number has no letters in it."))
    if _TWO_NUMBERS.search(bare):
        raise _impossible(_("There are two phone numbers here; each needs a place of its own."))
    number = _read(bare, default_region)
    return _described(number, default_region, extension_dropped=bare != text)


def _read(text: str, default_region: str) -> PhoneNumber:
    """The number as written, or else as an international one: people write 00 where their own network does not."""
    reason = _("This is not a phone number.")
    for candidate in (text, re.sub(r"^\D*00", "+", _western(text))):
        try:
            number = phonenumbers.parse(candidate, default_region or None)
        except phonenumbers.NumberParseException as unreadable:
            reason = _UNREADABLE.get(unreadable.error_type, reason)
            continue
        outcome = phonenumbers.is_possible_number_with_reason(number)
        if outcome == ValidationResult.IS_POSSIBLE:
            return number
        reason = _NOT_POSSIBLE.get(outcome, reason)
    raise _impossible(reason)


def _western(text: str) -> str:
    return str(phonenumbers.normalize_digits_only(text, keep_non_digits=True))


def _described(number: PhoneNumber, default_region: str, *, extension_dropped: bool) -> ParsedNumber:
    is_valid = phonenumbers.is_valid_number(number)
    return ParsedNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        status=Standing.VALID if is_valid else Standing.POSSIBLE,
        zones=_zones(number, default_region),
        region=_region(number, default_region),
        extension_dropped=extension_dropped or bool(number.extension),
    )


def _region(number: PhoneNumber, default_region: str) -> str:
    known = phonenumbers.region_code_for_number(number)
    if known and is_country(known):
        return str(known)
    sharing = _regions_of_calling_code(number)
    if default_region in sharing:
        return default_region
    return sharing[0] if len(sharing) == 1 else ""


def _zones(number: PhoneNumber, default_region: str) -> tuple[str, ...]:
    """Every zone the number may be in; a call is safe only when the hour is right in all of them.

    Of a number no plan vouches for: the zones of `default_region` if it shares the calling code, else of every country
    that does. Empty for satellites and the like: ask the person. A foreign SIM says nothing of where somebody is, so
    the zone they state comes first, then their country's, and these last.
    """
    named = timezone.time_zones_for_number(number)
    known = {current_zone_name(name) for name in named} - {"Etc/Unknown"}
    if known:
        return tuple(sorted(known))
    region = _region(number, default_region)
    regions = (region,) if region else _regions_of_calling_code(number)
    return tuple(sorted({zone for each in regions for zone in zones_of(each)}))


def _regions_of_calling_code(number: PhoneNumber) -> tuple[str, ...]:
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return tuple(region for region in regions if is_country(region))


_UNREADABLE: dict[int, Sentence] = {
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: _(
        "This number has no country code that is known, and no country was given for it."
    ),
    phonenumbers.NumberParseException.TOO_LONG: _("This number has too many digits."),
    phonenumbers.NumberParseException.TOO_SHORT_NSN: _("This number has too few digits."),
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: _("This number has too few digits."),
}

# is_possible_number() would take a number without its area code; such a number cannot be dialled from elsewhere.
_NOT_POSSIBLE: dict[int, Sentence] = {
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _("This number lacks its area code."),
    ValidationResult.TOO_SHORT: _("This number has too few digits for its country."),
    ValidationResult.TOO_LONG: _("This number has too many digits for its country."),
    ValidationResult.INVALID_LENGTH: _(
        "This number does not have the right count of digits for its country."
    ),
    ValidationResult.INVALID_COUNTRY_CODE: _("This number has no country code that is known."),
}


def _impossible(reason: Sentence) -> DomainError:
    return DomainError(
        "impossible_number",
        reason,
        next_step=_("Write it with + and the country code, and check it with the person."),
    )
