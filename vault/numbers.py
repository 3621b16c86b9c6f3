"""Finding the sealed numbers of contact points, in whatever model holds them."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from kernel.statements import Statement, statement
from vault.buckets import PHONE
from vault.deks import batches
from vault.fields import SealedField
from vault.sealed import Sealed


def handles(subjects: Mapping[UUID, UUID]) -> dict[UUID, Sealed]:
    """The sealed number of each contact point that has one, given the subject of each."""
    found: dict[UUID, Sealed] = {}
    for numbers_of in _holders():
        for some in batches(sorted(subjects)):
            for contact_point, sealed in numbers_of(some):
                found[contact_point] = sealed.at(subjects[contact_point], contact_point)
    return found


def _holders() -> tuple[Statement[Any], ...]:
    # Found through the app registry, because the vault may import nobody who has a number.
    return _readers(tuple(apps.get_models()))


@lru_cache(maxsize=4)
def _readers(models: tuple[type[Model], ...]) -> tuple[Statement[Any], ...]:
    return tuple(
        _reader(model, field) for model in models for field in _sealed(model) if field.label == PHONE
    )


def _reader(model: type[Model], field: SealedField) -> Statement[Any]:
    @statement
    def numbers_of(contact_points: Collection[UUID]) -> QuerySet[Any, Any]:
        rows = model._base_manager.filter(pk__in=contact_points, **{f"{field.name}__isnull": False})
        return rows.values_list("pk", field.name)

    return numbers_of


def _sealed(model: type[Model]) -> Iterable[SealedField]:
    return (field for field in model._meta.local_fields if isinstance(field, SealedField))
