"""Who besides us: holders of keys, processors, and those who receive something. Names and ids, never a key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from kernel.errors import DomainError
from orientation.models import Partner
from vault import providers
from vault.models import KekState

GATEWAYS = {
    "plain": ("each enumerator’s own phone and its operator", "the number of each call they make"),
    "twilio": ("Twilio", "the numbers of calls it bridges, their times and lengths"),
    "console": ("nobody: a test", "nothing"),
    "simulator": ("nobody: practice calls ring nowhere", "nothing"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key by its name: what it is for, where it is kept and what became of it."""

    kind: str
    name: str
    state: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside who processes or receives something, and what."""

    role: str
    name: str
    what: str
    until: date | None = None


def keys() -> list[Key]:
    """Every key there is or was, in no more than its name."""
    holder = f"key provider “{settings.VAULT_KEY_PROVIDER}”, in no database"
    states = [
        Key("epoch key", bytes(row.kek_id).hex(), row.state, "nobody" if row.destroyed else holder)
        for row in KekState.objects.order_by("created")
    ]
    known = {key.name for key in states}
    try:
        ring = providers.keyring()
    except DomainError:
        return [*states, Key("all keys", "not readable now", "locked", holder)]
    return [*states, *_of_ring(ring, known, holder)]


def parties() -> list[Party]:
    """Processors first, then the partners who receive requests."""
    name, what = GATEWAYS.get(settings.GATEWAY, (settings.GATEWAY, "not described"))
    hosting = settings.DATA_HOSTING or "not stated: set DATA_HOSTING"
    return [
        Party("hosting", hosting, "both databases, on its machines; the keys where the provider keeps them"),
        Party("telephony", name, what),
        Party("survey tool", "the tool of each study", "interviews, under a code made for the one interview"),
        *(
            Party(
                "partner" if partner.is_active else "partner, switched off",
                f"{partner.code} · {partner.title}",
                "of each request what the person agreed to, item by item",
                partner.agreement_expires_on,
            )
            for partner in Partner.objects.order_by("code")
        ),
    ]


def _of_ring(ring: Any, known: set[str], holder: str) -> list[Key]:
    # A key that wrapped nothing yet has no row.
    unused = [
        Key("epoch key", one.hex(), "unused", holder)
        for one in sorted(ring.kek_ids)
        if one.hex() not in known
    ]
    index = [Key("index key", str(number), "in use", holder) for number in sorted(ring.index)]
    single = [Key(kind, "one", "in use", holder) for kind in ("audit key", "callback key", "case key")]
    return [*unused, *index, *single]
