"""Secrets of staff (seeds of their codes), sealed under their own key; opening one leaves a trace."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.http import HttpRequest

from accounts.models import User
from audit import trail
from audit.actions import Action
from kernel import clock
from vault import opening, subject_keys
from vault.permits import Permit
from vault.sealed import Sealed, token_of
from vault.sealing import seal_text
from vault.tokens import Place

LABEL = "staff.second_factor"


def make_key(person: User) -> None:
    """Give somebody a key of their own, where they have none; outside any transaction of the vault. Raises Locked."""
    subject_keys.create([person.pk], now=clock.now())


def sealed_text(text: str, *, of: UUID) -> str:
    """A text that anybody may store: it opens in this person's hands and nowhere else. Raises Locked."""
    token = token_of(seal_text(text, Place(LABEL, subject=of, row=of)))
    return urlsafe_b64encode(token).decode()


def opened_text(stored: str, *, of: UUID) -> str:
    """The text again, for one use. Raises Locked, Shredded, and Tampered for what was sealed for somebody else."""
    sealed = Sealed(_token(stored), LABEL, of, of)
    return opening.open(sealed, permit=_permit(of), now=clock.now())


def whose(request: HttpRequest | None) -> UUID:
    """Whose secret this request may seal or open: theirs who are signed in or half way through. No default."""
    person_id = getattr(request, "second_factor_of", None) or getattr(
        getattr(request, "user", None), "pk", None
    )
    if person_id is None:
        raise LookupError("Nobody is signed in whose secret this could be.")
    return UUID(str(person_id))


def _permit(person_id: UUID) -> Permit:
    now = clock.now()
    event = trail.record(
        Action.SECRET_OPENED,
        by=person_id,
        at=now,
        object_type=LABEL,
        object_id=person_id,
        detail={"opening": "second_factor", "label": LABEL},
    )
    return Permit(
        subject=person_id,
        row=person_id,
        label=LABEL,
        purpose="second_factor",
        actor=person_id,
        issued_at=now,
        audit_event_id=event.pk,
    )


def _token(stored: str) -> bytes:
    try:
        return urlsafe_b64decode(stored.encode())
    except ValueError:
        # Opening tells of it: what was never sealed is no token.
        return b""
