"""Opening the note or the one number of a request for a focal point: consent asked, the trail written, then opened."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from consent import permits
from consent.permits import Opening
from kernel.errors import NotFound
from orientation import letters
from orientation.models import OrientationRequest
from orientation.requesting import is_usable
from vault import opening as vault_opening
from vault.sealed import Sealed


def note(*, request_id: UUID, by: User, now: datetime) -> str:
    """The note, for one look. Raises NotFound, `no_consent`, and what the vault raises. Call it in no transaction."""
    found = letters.find(request_id=request_id, by=by, now=now)
    return _open(found, found.note, Opening.ORIENTATION_NOTE, by, now)


def contact(*, request_id: UUID, by: User, now: datetime) -> str:
    """The one agreed number, for one look; raises as `note` does. A number out of use is not there any more."""
    found = letters.find(request_id=request_id, by=by, now=now)
    point = found.contact_point
    return _open(found, point.value if is_usable(point) else None, Opening.ORIENTATION_CONTACT, by, now)


def _open(found: OrientationRequest, sealed: Sealed | None, opening: Opening, by: User, now: datetime) -> str:
    if sealed is None:
        raise NotFound(
            "nothing_shared",
            _("Nothing of this kind is shared with you, or it may not be used any more."),
            next_step=_("Go back to the request; it says what the person agreed to."),
        )
    permit = permits.issue(
        sealed=sealed,
        opening=opening,
        respondent_id=found.respondent_id,
        audit_ref=found.respondent.audit_ref,
        by=by,
        now=now,
        concerning=found.pk,
    )
    return vault_opening.open(sealed, permit=permit, now=now)
