"""What allauth asks of us: to seal its secrets, to name things, and to let nobody sign up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts import staff_secrets


class NobodySignsUp(DefaultAccountAdapter):
    """Accounts are made by administrators, and nothing is sent by e-mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, *arguments: Any, **options: Any) -> None:
        """Nothing: nobody's e-mail address is held."""

    def send_notification_mail(self, *arguments: Any, **options: Any) -> None:
        """Nothing: the first page tells of the last sign-in and of refused tries."""


class SealedSecrets(DefaultMFAAdapter):
    """Seeds of codes are sealed under their owner's key: a stolen main database signs nobody in."""

    def encrypt(self, text: str) -> str:
        return staff_secrets.sealed_text(text, of=staff_secrets.whose(context.request))

    def decrypt(self, encrypted_text: str) -> str:
        return staff_secrets.opened_text(encrypted_text, of=staff_secrets.whose(context.request))

    def _get_site_name(self) -> str:
        # Shown by phones and keys: nothing there may say what is behind it.
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_username(), "name": user.get_username()}

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())
