"""Who the recovery files are sealed to: the public keys of people outside."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault import offline
from vault.offline import PublicKey, Unfit

LEAST_KEYS = 2
OTHERS_WRITE = 0o022


def is_set_up() -> bool:
    """Whether there are recovery keys at all."""
    return bool(settings.VAULT_RECOVERY_KEYS)


def public_keys() -> list[PublicKey]:
    """The keys to seal to, in a lasting order; raises DomainError for fewer than two different ones, or unfit ones."""
    if not is_set_up():
        raise DomainError(
            "recovery_not_set_up",
            _("There are no recovery keys."),
            next_step=_("Set VAULT_RECOVERY_KEYS to a file with the public keys of two people outside."),
        )
    found = {key.fingerprint: key for key in offline.parse(_text())}
    if len(found) < LEAST_KEYS:
        raise _unfit(_("There have to be recovery keys of at least two people."))
    return [found[fingerprint] for fingerprint in sorted(found)]


def _text() -> str:
    place = Path(settings.VAULT_RECOVERY_KEYS)
    try:
        files = sorted(place.glob("*.pub")) if place.is_dir() else [place]
        are_open = any(file.stat().st_mode & OTHERS_WRITE for file in (place, *files))
        text = "\n".join(file.read_text() for file in files)
    except (OSError, ValueError):
        raise _unfit(_("The recovery keys in %(place)s cannot be read.") % {"place": place}) from None
    if are_open:
        raise _unfit(
            _("Other accounts of this machine can exchange the recovery keys in %(place)s.")
            % {"place": place},
            _("Run chmod go-w on it: who adds a key there is sent every key of the vault."),
        )
    return text


def _unfit(sentence: object, next_step: object = "") -> Unfit:
    return Unfit("recovery_keys_unfit", sentence, next_step)
