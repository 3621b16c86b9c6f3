"""The keys, sealed to at least two people outside, kept off this machine: written anew whenever they change.

What a small organisation has is a folder that somebody copies to another place, and one person there who can be asked.
So the sealed files are one set with one digest, over a list in the form of `sha256sum`: whoever holds the copy runs
`sha256sum -c recovery.sha256`, then `sha256sum recovery.sha256`, and reads out its beginning. One acknowledgement for
the whole set says two things: the new set is here, and it has taken the place of the former one. Without the first a
lost machine loses everything; without the second what was erased could still be opened with the key in an old set.

Nobody acknowledges by hand every night. Where a program copies the set and checks it there, it runs
`vault_recovery_acknowledge` itself; or VAULT_RECOVERY_DIR is on another machine, and with
VAULT_RECOVERY_ACKNOWLEDGE=automatic what can be read back from there counts as arrived. Without recovery keys a change
of keys goes on, because an erasure that never becomes final harms people surely and a lost machine only perhaps; the
checks at the start say what that risks.
"""

import hashlib
from base64 import b64encode
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.actions import Action
from kernel.errors import DomainError
from vault import contents as keys
from vault import offline
from vault.contents import Contents, shown
from vault.offline import PrivateKey, PublicKey, Unfit
from vault.primitives import expand
from vault.recovery.files import (
    DIGEST_BYTES,
    Written,
    folder,
    is_elsewhere,
    is_intact,
    keep,
    name_of,
    put,
    written,
)
from vault.recovery.people import is_set_up, public_keys

__all__ = ["Written", "folder", "is_elsewhere", "is_intact", "is_set_up", "public_keys", "written"]

AUTOMATIC = "automatic"


def write(contents: Contents, now: datetime) -> Written:
    """Seal the keys to each recovery key, in place of what lies in the folder; what is there already stays as it is.

    Raises DomainError when nothing is set up or the folder cannot be written.
    """
    to = public_keys()
    found = written()
    if found and _is_of(found, contents, to) and is_intact():
        return found
    digest = put({name_of(key): offline.seal(contents.to_json(), key, now=now) for key in to})
    fresh = Written(digest, tuple(key.fingerprint for key in to), _code(contents))
    keep(fresh)
    _record(Action.RECOVERY_WRITTEN, fresh, at=now, by=None, current=contents.current)
    return fresh


def acknowledge(digest: str, *, now: datetime, by: UUID | None = None) -> Written:
    """Take down that the set with this digest is off this machine, in place of the former; twice is no error.

    It may be the whole line of `sha256sum`, or its first 16 characters in any grouping. Raises DomainError for another.
    """
    found = written()
    if found is None or _beginning(digest) != found.digest.hex():
        raise Unfit(
            "recovery_digest_unknown",
            _("The recovery files in the folder have another digest."),
            _("Copy them again, and read out the digest of the copy."),
        )
    if not found.acknowledged:
        found = Written(found.digest, found.fingerprints, found.contents_code, now.isoformat())
        keep(found)
        _record(Action.RECOVERY_ACKNOWLEDGED, found, at=now, by=by)
    return found


def acknowledged(contents: Contents) -> bool:
    """Whether exactly these keys are known to be off this machine; never raises, and no means no."""
    try:
        found, to = written(), public_keys()
    except DomainError:
        return False
    return found is not None and _is_of(found, contents, to) and _has_arrived(found)


def last_is_acknowledged() -> bool:
    """The same of whatever keys were sealed last: for when the vault is locked, and nobody can compare."""
    found = written()
    return found is not None and _has_arrived(found)


def opened_by(private: PrivateKey) -> tuple[Contents, datetime]:
    """What that person would get from the folder, and when it was written; raises Unfit when they would get nothing."""
    try:
        blob = (folder() / name_of(private.public)).read_bytes()
    except OSError:
        raise Unfit("recovery_blob_missing", _("There is no recovery file for this key.")) from None
    found = offline.open_blob(blob, private)
    return keys.from_json(found.content), found.written


def may_go_on(contents: Contents) -> bool:
    """Whether a change of keys loses nothing with this machine if it goes on with these, as far as was asked for.

    Asked before a new key wraps anything and before an old one is destroyed, each time with the keys as they will be.
    """
    return not is_set_up() or acknowledged(contents)


def _has_arrived(found: Written) -> bool:
    if settings.VAULT_RECOVERY_ACKNOWLEDGE == AUTOMATIC:
        return is_elsewhere() and is_intact()
    return bool(found.acknowledged)


def _record(
    action: Action, found: Written, *, at: datetime, by: UUID | None, current: bytes | None = None
) -> None:
    detail = {"digest": shown(found.digest), "keys": [shown(one) for one in found.fingerprints]}
    if current is not None:
        detail["current"] = shown(current)
    trail.record(action, by=by, at=at, detail=detail)


def _is_of(found: Written, contents: Contents, to: list[PublicKey]) -> bool:
    same_keys = found.fingerprints == tuple(key.fingerprint for key in to)
    return same_keys and found.contents_code == _code(contents)


def _code(contents: Contents) -> str:
    """Stands for exactly these keys and tells nothing of them to who has none of them."""
    digest = hashlib.sha256(contents.to_json()).digest()
    return b64encode(expand(contents.audit, b"panel-vault/recovery-state/v1" + digest)).decode()


def _beginning(digest: str) -> str:
    return "".join(digest.replace(":", " ").split()).lower()[: DIGEST_BYTES * 2]
