"""Keyed codes that let two values be compared without keeping either."""

import hmac

from vault import providers
from vault.primitives import expand, pae


def case_key(source: str, case_id: str) -> bytes:
    """32 bytes that stand for one case of one source, the same for ever. Raises Locked.

    Under a key of its own and not an index key: those are changed, and a case read twice must stay known.
    """
    key = expand(providers.keyring().case, b"panel-vault/case/v1")
    return hmac.digest(key, pae(source.encode(), case_id.encode()), "sha256")
