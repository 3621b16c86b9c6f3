"""Sealing texts into the fields of rows that are about to be saved."""

from collections.abc import Sequence

from django.db.models import Model

from vault import deks, tokens
from vault.deks import Deks
from vault.errors import TooLong
from vault.fields import SealedField
from vault.sealed import Sealed
from vault.tokens import Place

Sealing = tuple[Model, str, str | None]
"""A row, the name of a sealed field of it, and the text; None empties the field."""


def seal_into(instance: Model, name: str, plaintext: str | None) -> None:
    """Seal `plaintext` into one field of `instance`, which the caller saves. See `seal_many`."""
    seal_many([(instance, name, plaintext)])


def seal_many(sealings: Sequence[Sealing]) -> None:
    """Seal each text into its field, all or none; the keys come in one query and the caller saves the rows.

    The row's id and its subject must be set. Raises TooLong, Locked, and Shredded for a subject without a key.
    """
    places = [(instance, _field(instance, name), text) for instance, name, text in sealings]
    for _instance, field, text in places:
        if text is not None and len(text) > field.characters:
            raise TooLong(field.characters)
    keys = deks.load([found for instance, field, _ in places if (found := field.subject_of(instance))])
    handles = [_handle(instance, field, text, keys) for instance, field, text in places]
    for (instance, field, _), handle in zip(places, handles, strict=True):
        setattr(instance, field.attname, handle)


def _handle(instance: Model, field: SealedField, text: str | None, keys: Deks) -> Sealed | None:
    if text is None:
        return None
    place = Sealed(b"", field.label, field.subject_of(instance), instance.pk).place
    if place is None:
        raise TypeError("A row is sealed into once it has its id and its subject.")
    generation, dek = keys.newest(place.subject)
    token = tokens.seal(dek, text.encode(), place, generation=generation)
    return Sealed(token, place.label, place.subject, place.row)


def _field(instance: Model, name: str) -> SealedField:
    field = instance._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{name} is not a sealed field.")
    return field


def seal_text(text: str, place: Place) -> Sealed:
    """A sealed text for a place that is no field of ours, such as another app's row. Raises Locked, Shredded."""
    generation, dek = deks.load([place.subject]).newest(place.subject)
    token = tokens.seal(dek, text.encode(), place, generation=generation)
    return Sealed(token, place.label, place.subject, place.row)
