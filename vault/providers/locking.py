"""One file whose presence locks the vault for every process at once, whatever provider has the keys."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings


def marker() -> Path:
    """Where the lock is: VAULT_LOCK_FILE, or beside the key file."""
    return _marker(settings.VAULT_LOCK_FILE, settings.VAULT_KEY_FILE)


def is_locked() -> bool:
    """True with the marker there, and also when nobody can tell: a folder that is gone may have held it."""
    place = marker()
    try:
        place.lstat()
    except FileNotFoundError:
        return not place.parent.is_dir()
    except OSError:
        return True
    return True


def lock() -> None:
    """Lock at once; locking twice is no error. Raises OSError when the marker cannot be made."""
    marker().touch(mode=0o600, exist_ok=True)


def unlock() -> None:
    """Take the lock away; there being none is no error. Raises OSError when it cannot be removed."""
    marker().unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _marker(lock_file: str, key_file: str) -> Path:
    """Asked at every use of a key, and a path takes longer to make than to look up."""
    return Path(lock_file) if lock_file else Path(key_file).with_name(f"{Path(key_file).name}.locked")
