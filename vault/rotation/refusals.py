"""What stops a change of keys, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from vault.contents import shown


def lost(kek_id: bytes) -> DomainError:
    return DomainError(
        "vault_key_lost",
        _("Keys of people are wrapped under the key %(key)s, which the provider does not hold.")
        % {"key": shown(kek_id)},
        kept=_("Nothing was destroyed."),
        next_step=_("Put back the newest key file or recovery copy, then run manage.py vault_rotate again."),
    )


def broken(how_many: int) -> DomainError:
    return DomainError(
        "vault_integrity",
        _("%(n)d keys of people were changed outside Recontact and do not open.") % {"n": how_many},
        kept=_("The old key is kept: a copy of the vault from before opens with it."),
        next_step=_("Restore those rows or erase those people, then run manage.py vault_rotate again."),
    )


def not_all_have_it(missing: int) -> DomainError:
    return DomainError(
        "rotation_waits",
        _("%(n)d running processes have not read the new key.") % {"n": missing},
        kept=_("The new key waits; nothing is wrapped under it yet."),
        next_step=_(
            "Restart Recontact's processes, or wait for them, then run manage.py vault_rotate again."
        ),
    )
