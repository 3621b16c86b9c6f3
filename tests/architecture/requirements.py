"""What the requirements say about the code itself, as functions over models and over source text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.db import models

from kernel.holdings import first_party_models
from tests.architecture.rules import ROOT, Source, imports
from tracker.models import Respondent
from vault.fields import SealedField

SHORT = 32
"""Letters in which nobody tells a story: codes of languages, outcomes, slots."""

NAMES_A_LIST = "tracker.SourceCase.source"
"""The name of a file somebody brought; the row beside it says which case."""

CONNECTING = frozenset(
    {
        "socket", "ssl", "http.client", "http.server", "urllib.request", "urllib3", "requests", "httpx", "aiohttp",
        "smtplib", "ftplib", "telnetlib", "xmlrpc", "websockets", "twilio", "socketserver", "asyncio",
        "django.core.mail",
    }
)  # fmt: skip
"""Modules with which something can be sent to another machine."""

MAY_CONNECT = {
    "config/management/commands/up.py": "asks whether a port of this machine is free, and sends nothing",
}
"""Files that may import one of them, and why. A gateway that dials real numbers has to be named here."""

LOOKS_NUMBERS_UP = {
    "followups/known.py": "asks at each dial who shares a number, and shows nobody",
    "tracker/keeping.py": "takes a number that is given, with the same words whether it is held or not",
    "tracker/reaching.py": "bars and retires numbers, with the same words",
    "casework/stopping.py": "records a stop, always with the same answer",
    "casework/received_unnamed.py": "records that somebody contacted us, always with the same answer",
}
"""Files that may ask the phone index, and why none of them tells whether a number is held."""


def texts_about_people() -> Iterator[tuple[str, models.Field]]:
    """Every text of a table that is about one respondent, sealed or not."""
    for model in first_party_models():
        if model is Respondent or any(
            field.related_model is Respondent for field in model._meta.local_fields
        ):
            for field in model._meta.local_fields:
                name = f"{model._meta.label}.{field.name}"
                if (
                    isinstance(field, models.CharField | models.TextField | SealedField)
                    and name != NAMES_A_LIST
                ):
                    yield name, field


def tells_a_story(field: models.Field) -> bool:
    """Whether somebody could write about a person into this field, and anybody with the database read it."""
    if isinstance(field, SealedField):
        return field.characters > 400
    return not field.choices and (field.max_length is None or field.max_length > SHORT)


def connecting(file: Source) -> Iterator[str]:
    """Imports of what reaches other machines, anywhere but in the files that are named with a reason."""
    if file.path in MAY_CONNECT:
        return
    for line, module in imports(file):
        if any(module == one or module.startswith(f"{one}.") for one in CONNECTING):
            yield f"{file.path}:{line} imports {module}, with which data can leave this machine"


def looking_numbers_up(file: Source) -> Iterator[str]:
    """Imports of the phone index outside the vault, anywhere but in the files that are named with a reason."""
    if file.app == "vault" or file.path in LOOKS_NUMBERS_UP:
        return
    for line, module in imports(file):
        if module.startswith(("vault.lines", "vault.matching", "vault.buckets")):
            is_type = module == "vault.lines.Line"
            if not is_type:
                yield f"{file.path}:{line} imports {module}: it could tell whether a number is held"


def random_sources(path: str) -> set[str]:
    """The modules of chance that a file imports."""
    tree = ast.parse((ROOT / path).read_text())
    return {module.split(".")[0] for _line, module in imports(Source(path, tree))} & {
        "random",
        "secrets",
        "uuid",
    }
