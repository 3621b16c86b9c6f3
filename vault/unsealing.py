"""Opening without a permit, for the vault's own comparisons; what comes out never leaves the vault."""

from vault.deks import Deks
from vault.errors import Tampered
from vault.primitives import Broken
from vault.sealed import Sealed, token_of
from vault.tokens import generation_of, unseal


def plaintext_of(sealed: Sealed, deks: Deks) -> bytes:
    """What was sealed; raises Tampered, Shredded or KeyMissing."""
    place, token = sealed.place, token_of(sealed)
    if place is None:
        raise TypeError("This handle was read without its row, so nobody can say where it belongs.")
    try:
        generation = generation_of(token)
    except Broken:
        raise Tampered from None
    dek = deks.of(place.subject, generation)
    try:
        return unseal(dek, token, place)
    except Broken:
        raise Tampered from None
