"""The recovery files: one set in one folder, the list of their digests, and what is known of them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault.offline import PublicKey
from vault.providers import private_files

LIST = "recovery.sha256"
STATE = "state.json"
DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Written:
    """The set that lies in the folder: its digest, the keys it is sealed to, and when it was acknowledged."""

    digest: bytes
    fingerprints: tuple[bytes, ...]
    contents_code: str
    acknowledged: str = ""


def folder() -> Path:
    """Where the sealed files are written: VAULT_RECOVERY_DIR, or a folder beside the key file."""
    beside = Path(settings.VAULT_KEY_FILE).with_name("recovery")
    return Path(settings.VAULT_RECOVERY_DIR) if settings.VAULT_RECOVERY_DIR else beside


def name_of(key: PublicKey) -> str:
    """The file that is sealed to this key."""
    return f"recovery-{key.fingerprint.hex()}.blob"


def written() -> Written | None:
    """The set in the folder, None when there is none or it was not finished."""
    try:
        found = json.loads((folder() / STATE).read_bytes())
        digest, fingerprints = bytes.fromhex(found["digest"]), tuple(map(bytes.fromhex, found["keys"]))
        return Written(digest, fingerprints, str(found["contents"]), str(found["acknowledged"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_intact() -> bool:
    """Whether every file of the set can be read back and is what was written."""
    found = written()
    try:
        listed = (folder() / LIST).read_bytes()
        lines = [line.split("  ") for line in listed.decode().splitlines()]
        same = [hashlib.sha256((folder() / name).read_bytes()).hexdigest() == code for code, name in lines]
    except (OSError, ValueError):
        return False
    return found is not None and _digest(listed) == found.digest and all(same)


def is_elsewhere() -> bool:
    """Whether the folder is on another file system than keys and program: one that is not mounted must not pass."""
    here = (Path(settings.BASE_DIR), Path(settings.VAULT_KEY_FILE).parent)
    try:
        return folder().stat().st_dev not in {place.stat().st_dev for place in here if place.exists()}
    except OSError:
        return False


def put(blobs: Mapping[str, bytes]) -> bytes:
    """Put these files in place of the former ones, and give the digest of the set.

    What is known of the former set goes first, so that a set that was begun and not finished is acknowledged by nobody.
    Each file is replaced whole: whenever the machine dies, whoever has one of the keys can open something.
    """
    try:
        _forget_the_former()
        for name, blob in blobs.items():
            private_files.replace(folder() / name, blob)
        for former in {path.name for path in folder().glob("recovery-*.blob")} - set(blobs):
            private_files.remove(folder() / former)
    except OSError:
        raise DomainError(
            "recovery_not_written",
            _("The recovery files in %(folder)s cannot be replaced.") % {"folder": folder()},
            next_step=_("Recontact's account must be able to write there."),
        ) from None
    listed = "".join(f"{hashlib.sha256(blob).hexdigest()}  {name}\n" for name, blob in blobs.items()).encode()
    private_files.replace(folder() / LIST, listed)
    return _digest(listed)


def keep(found: Written) -> None:
    """Write down what is known of the set."""
    state = {
        "digest": found.digest.hex(),
        "keys": [fingerprint.hex() for fingerprint in found.fingerprints],
        "contents": found.contents_code,
        "acknowledged": found.acknowledged,
    }
    private_files.replace(folder() / STATE, json.dumps(state, indent=1).encode())


def _forget_the_former() -> None:
    # Not a private folder of necessity: what lies in it is sealed, and it may be on another machine.
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    private_files.remove(folder() / STATE)


def _digest(listed: bytes) -> bytes:
    return hashlib.sha256(listed).digest()[:DIGEST_BYTES]
