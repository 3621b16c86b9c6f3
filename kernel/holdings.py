"""What every stored field declares about itself, and the check that no field keeps silent."""

import re
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

FIRST_PARTY = (
    "kernel", "audit", "vault", "accounts", "consent", "tracker", "orientation", "followups", "casework", "reports",
    "config",
)  # fmt: skip

FORBIDDEN_NAME = re.compile(
    r"(^|_)(first_name|last_name|full_name|surname|street|address|gps|latitude|longitude|coordinates|passport"
    r"|id_number|document_number|birth_date|date_of_birth)(_|$)"
)
"""Names of things this system never holds about anyone (requirement H2)."""


class DataClass(StrEnum):
    """How closely a field points at a person (OCHA sensitivity in brackets)."""

    IDENTIFYING = "identifying"  # severe: sealed, opened only with a permit
    QUASI_IDENTIFYING = "quasi_identifying"  # high: coarse facts that narrow down
    PSEUDONYMOUS = "pseudonymous"  # moderate: about a person known only by a pseudonym
    OPERATIONAL = "operational"  # low: about the work


class Sensitivity(StrEnum):
    """The four levels of the OCHA data responsibility guidelines."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    SEVERE = "severe"


SENSITIVITY: dict[DataClass, Sensitivity] = {
    DataClass.IDENTIFYING: Sensitivity.SEVERE,
    DataClass.QUASI_IDENTIFYING: Sensitivity.HIGH,
    DataClass.PSEUDONYMOUS: Sensitivity.MODERATE,
    DataClass.OPERATIONAL: Sensitivity.LOW,
}


class Retention(StrEnum):
    """When a field goes; `casework/retaining/` carries each out, `casework/retaining/terms.py` has the days."""

    ERASURE = "erasure"  # when the respondent is erased, at the latest with their panel
    PANEL = "panel"  # so many days after the last round or the closing of every study they are in
    STUDY = "study"  # as long as the study is on record: some years after its closing
    STAFF = "staff"  # as long as the account is open, and a year
    TRAIL = "trail"  # as long as the trail: nothing deletes a line by itself
    TRANSIENT = "transient"  # hours to weeks


def held(field: Any, data_class: DataClass, purpose: str, retention: Retention) -> Any:
    """The same model field, with its class, purpose and retention declared."""
    field.holding = (data_class, purpose, retention)
    return field


def first_party_models() -> list[type[models.Model]]:
    """Every model of this project, whatever app it lives in."""
    return [model for model in apps.get_models() if model._meta.app_label in FIRST_PARTY]


def fields_of(model: type[models.Model]) -> list[Any]:
    """The stored columns of a model, many-to-many links included."""
    composite = getattr(models, "CompositePrimaryKey", ())
    own = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field for field in own if not isinstance(field, composite)]


def problems_of(model: type[models.Model]) -> list[checks.CheckMessage]:
    """What the check has to say about one model: unclassified fields and fields that must not exist."""
    found: list[checks.CheckMessage] = []
    for field in fields_of(model):
        where = f"{model._meta.label}.{field.name}"
        if not hasattr(field, "holding") and not getattr(field, "auto_created", False):
            found.append(
                checks.Error(
                    f"{where} does not say what it holds.",
                    hint="Wrap it: held(field, DataClass…, purpose, Retention…).",
                    id="kernel.E001",
                )
            )
        if FORBIDDEN_NAME.search(field.name):
            found.append(
                checks.Error(f"{where} may not exist: nobody's name or place is held.", id="kernel.E002")
            )
    return found


@checks.register(checks.Tags.models)
def every_field_is_classified(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """E001 for a field without class, purpose and retention; E002 for a name on the deny-list."""
    return [problem for model in first_party_models() for problem in problems_of(model)]
