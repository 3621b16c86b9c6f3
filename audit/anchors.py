"""Anchors: the newest seal in a form that leaves this machine, since no chain shows that its own end was cut off."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audit.anchor_words import WORDS, in_words
from audit.models import Seal
from audit.sealing import sealed
from kernel.errors import DomainError

EIGHT = 8


@dataclass(frozen=True, slots=True)
class Anchor:
    """One seal as it was known elsewhere; with words alone its number and hash are not known."""

    words: str
    seal: int | None = None
    hash: bytes | None = None

    def fits(self, number: int, digest: bytes) -> bool:
        """Whether that seal is the one this anchor knows."""
        if self.hash is not None:
            return self.seal == number and self.hash == digest
        return self.words == in_words(digest)

    def as_manifest(self) -> dict[str, Any]:
        """What a manifest keeps under "anchor"."""
        return {"seal": self.seal, "hash": self.hash.hex() if self.hash else None, "words": self.words}


def latest() -> Anchor | None:
    """The newest seal; None before the first."""
    newest = Seal.objects.order_by("-number").first()
    if newest is None:
        return None
    said, proof = sealed(newest)
    digest = said.hash(proof)
    return Anchor(in_words(digest), said.number, digest)


def read(text: str) -> Anchor:
    """The anchor in a manifest (`{"anchor": {…}}`), or the eight words as somebody typed them.

    Raises `anchor_unreadable`.
    """
    return _of_manifest(text) if text.lstrip().startswith("{") else _of_words(text)


def _of_manifest(text: str) -> Anchor:
    try:
        kept = json.loads(text)["anchor"]
        seal, digest = int(kept["seal"]), bytes.fromhex(kept["hash"])
    except (ValueError, KeyError, TypeError):
        raise _unreadable() from None
    if len(digest) != len(bytes(32)):
        raise _unreadable()
    return Anchor(in_words(digest), seal, digest)


def _of_words(text: str) -> Anchor:
    said = text.lower().split()
    if len(said) != EIGHT or not set(said) <= set(WORDS):
        raise _unreadable()
    return Anchor(" ".join(said))


def _unreadable() -> DomainError:
    return DomainError(
        "anchor_unreadable",
        _("This is no anchor: neither a manifest that Recontact wrote nor the eight words of a day."),
        kept=_("Nothing was verified."),
        next_step=_(
            "Give the file manifest.json of a backup or an export, or the eight words in their order."
        ),
    )
