"""Synthetic wordings and answers for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from accounts.permissions import Role
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said
from tests.accounts.people import person

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEXT = "We would like to call you again. You may say no, and nothing changes."


def wording(purpose=Purpose.RECONTACT, language="ti", version=1, *, is_approved=True, text=TEXT):
    """One version of the words, approved by somebody else than its author unless told otherwise."""
    author = person(Role.COORDINATOR)
    approval = {"approved_by": person(Role.DPO), "approved_at": NOON} if is_approved else {}
    return Wording.objects.create(
        purpose=purpose,
        language=language,
        version=version,
        text=text,
        drafted_by=author,
        drafted_at=NOON,
        **approval,
    )


def said(
    decision=Decision.GRANTED, purpose=Purpose.RECONTACT, *, at=NOON, wording=None, language="ti", **more
):
    return Said(
        purpose=purpose, decision=decision, mode=Mode.PHONE, language=language, at=at, wording=wording, **more
    )
