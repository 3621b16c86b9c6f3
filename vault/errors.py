"""What the vault answers when it cannot or will not open: never a token, a plaintext or an empty value."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Forbidden, Sentence

TELL_COORDINATOR = _("Everything else keeps working. Tell your coordinator.")


class VaultError(DomainError):
    """Something sealed cannot be opened."""

    status = 503

    def __init__(self, code: str, sentence: Sentence, *, next_step: Sentence = TELL_COORDINATOR) -> None:
        super().__init__(code, sentence, next_step=next_step)


class Tampered(VaultError):
    """A token or a wrapped key was altered, moved to another row, or never sealed."""

    def __init__(self) -> None:
        super().__init__(
            "vault_integrity",
            _("What is stored here was changed outside Recontact and cannot be opened."),
            next_step=_("Tell the data protection officer."),
        )


class KeyMissing(VaultError):
    """The provider does not hold the key that a subject's key is wrapped under."""

    def __init__(self) -> None:
        super().__init__(
            "vault_key_missing",
            _("The key that opens this is not in the key file."),
            next_step=_("Tell the administrator; a recovery copy of the key file may hold it."),
        )


class Shredded(VaultError):
    """The subject's key was destroyed: erased means erased."""

    status = 410

    def __init__(self) -> None:
        super().__init__("vault_shredded", _("This was erased and cannot be brought back."), next_step="")


class Locked(VaultError):
    """No key may be used now."""

    def __init__(self) -> None:
        super().__init__(
            "vault_locked",
            _("The vault is locked, so numbers and notes cannot be opened."),
            next_step=_(
                "Stopping, holding and withdrawing still work. For calls, ask the administrator to unlock it."
            ),
        )


class PermitRefused(Forbidden):
    """There is no valid permit for this handle at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "permit_refused",
            _("You may not open this now."),
            next_step=_("Go back to the call and try again; permission is asked anew each time."),
        )


class TooLong(DomainError):
    """More text than the field takes."""

    def __init__(self, max_length: int) -> None:
        super().__init__(
            "too_long",
            _("This text is too long: at most %(max_length)d characters are kept.")
            % {"max_length": max_length},
            next_step=_("Shorten it and send it again."),
        )
