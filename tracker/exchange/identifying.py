"""Signs that a column holds names, addresses or documents: in its title, or in what its cells look like."""

import re
import unicodedata
from collections.abc import Sequence

# Titles as survey tools and people write them, in the languages the lists come in. Compared word by word.
_IDENTITY_TITLES = """
name names fullname firstname lastname surname forename nickname username nom noms prenom nombre nombres
apellido apellidos sobrenome emri jina magac isim soyad soyadi اسم الاسم لقب اللقب نام address addresses
addr adresse adresses direccion endereco street rue calle anwani adres عنوان العنوان آدرس gps geopoint
geolocation coordinates latitude longitude lat lon lng postcode zipcode passport passeport pasaporte email
mail dob birthdate
"""
_IDENTITY_WORDS = frozenset(_IDENTITY_TITLES.split())
_NOT_OF_PERSONS = re.compile(r"\b(language|lang|country|stage|route|nationality|region|team) names?\b")
_IDENTITY_PHRASES = ("national id", "id card", "document number", "date of birth", "zip code")

_ADDRESS = re.compile(
    r"\d+\s*,?\s+.*\b(street|st|road|rd|avenue|ave|lane|rue|calle|block|house)\b|@|\d{1,3}\.\d{4,}[,\s]+-?\d{1,3}\.\d{4,}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

SHARE_THAT_TELLS = 0.2
"""The share of cells from which a column counts as one of names; a few odd case ids are no sign."""


def names_an_identity(column: str) -> bool:
    """Whether a column's title says name, address, position or document."""
    title = _NOT_OF_PERSONS.sub("", " ".join(_words(_HUMP.sub(" ", column))))
    return not _IDENTITY_WORDS.isdisjoint(title.split()) or any(
        phrase in title for phrase in _IDENTITY_PHRASES
    )


def holds_identities(cells: Sequence[str]) -> bool:
    """Whether enough of these cells look like people's names or addresses for the column to be refused."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return False
    telling = sum(looks_like_a_name(cell) or looks_like_an_address(cell) for cell in filled)
    return telling >= SHARE_THAT_TELLS * len(filled)


def looks_like_a_name(cell: str) -> bool:
    """Two words of letters or more, or one word in a form that codes do not take: Amina, አሚና, O'Brien, Anne-Marie."""
    words = [word for word in cell.split() if len(word) > 1 and _is_letters(word)]
    return len(words) > 1 or (len(words) == 1 and len(cell.split()) == 1 and _is_name_shaped(words[0]))


def looks_like_an_address(cell: str) -> bool:
    """A house and a street, an e-mail address, or a pair of coordinates."""
    return _ADDRESS.search(cell) is not None


def _is_name_shaped(word: str) -> bool:
    """Neither all small nor all capital, or of a script that has no capitals; three letters at least."""
    return len(word) > 2 and not (word.islower() or word.isupper())


def _is_letters(word: str) -> bool:
    """Letters with their marks, and the signs that stand inside names."""
    return all(unicodedata.category(sign)[0] in "LM" or sign in "'’.-" for sign in word) and any(
        sign.isalpha() for sign in word
    )


def _words(title: str) -> list[str]:
    plain = unicodedata.normalize("NFD", title.casefold())
    without_accents = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    return [word for word in _SEPARATOR.split(unicodedata.normalize("NFC", without_accents)) if word]
