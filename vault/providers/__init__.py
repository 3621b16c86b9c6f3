"""Where the keys come from: one provider, named by the settings."""

from collections.abc import Callable
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vault.errors import VaultError
from vault.keyring import Keyring
from vault.providers import file

PROVIDERS: MappingProxyType[str, Callable[[], Keyring]] = MappingProxyType({"file": file.keyring})


def keyring() -> Keyring:
    """The keys, for use now and not to be kept. Raises Locked, or VaultError for an unusable provider."""
    provider = PROVIDERS.get(settings.VAULT_KEY_PROVIDER)
    if provider is None:
        raise VaultError("vault_no_provider", _("Nothing is set up to hand out keys."))
    return provider()
