"""Writing down what a respondent asked of a partner, and exactly what they agreed to share with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import asking, recording
from consent.folding import Decision
from consent.models import Mode, Wording
from consent.purposes import Purpose
from consent.recording import Said
from kernel.errors import Conflict, DomainError
from orientation import deadlines, references
from orientation.models import OrientationRequest, Service
from orientation.models.requests import LEFT
from orientation.vocabulary import ITEMS_OF, Form, Item, Need, Outcome, PreferredTime, State, Urgency
from tracker.models import ContactPoint, Respondent
from tracker.models.contact_points import Whose
from tracker.number_status import NumberStatus, is_dialable
from tracker.profile import AgeBand
from vault.sealing import seal_into


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said. `items` is all that may be shared; `wording` the approved text read to them."""

    service: Service
    form: Form = Form.INFORMATION_ONLY
    need: Need | None = None
    items: frozenset[Item] = frozenset()
    urgency: Urgency = Urgency.NORMAL
    preferred_time: PreferredTime = PreferredTime.ANY
    note: str = ""
    contact_point: ContactPoint | None = None
    wording: Wording | None = None
    mode: Mode = Mode.PHONE
    valid_days: int = deadlines.DEFAULT_VALID_DAYS

    @property
    def moves_data(self) -> bool:
        return self.form is not Form.INFORMATION_ONLY


def is_usable(point: ContactPoint | None) -> bool:
    """Whether a partner may be given this number: one that may be named, and that is held."""
    return may_be_named(point) and point is not None and point.value is not None


def may_be_named(point: ContactPoint | None) -> bool:
    """Whether the number can be named for a partner: their own or shared, in use, not barred or bad, safe on some day.

    One that its holder asked to be refused is not held and can be named like any other: a choice from which it were
    missing would tell whoever fills the form that the number is known. No partner is ever given it.
    """
    return (
        point is not None
        and point.retired_at is None
        and not point.is_barred
        and point.whose != Whose.TRUSTED
        and bool(point.safe_days)
        and is_dialable(NumberStatus(point.status))
    )


@transaction.atomic
def request(*, respondent: Respondent, asked: Asked, by: User, now: datetime) -> OrientationRequest:
    """Keep the request and, where data moves, the consent it stands on. *Information only* moves nothing and is over.

    Raises `other_pathway` for a minor or violence, `left_alone`, `service_not_offered`, `items_not_agreed`,
    `one_contact_point`, `no_consent` (the number is not kept), `already_requested`, `wording_not_approved`.
    """
    person = Respondent.objects.select_for_update(of=("self",)).get(pk=respondent.pk)
    _check_pathway(person, asked)
    service = _offered(asked.service, now)
    days = deadlines.days_left(
        now.date(), wished_days=asked.valid_days, agreement_ends_on=service.partner.agreement_expires_on
    )
    row = _row(person, asked, service, by, now, now + timedelta(days=days))
    if asked.moves_data:
        _check_sharing(person, asked, now)
        _grant(row, person, asked, days, by, now)
    row.save(force_insert=True)
    trail.record(
        Action.ORIENTATION_REQUESTED,
        by=by,
        at=now,
        audit_ref=person.audit_ref,
        object_type="orientation_request",
        object_id=row.pk,
        detail={"form": asked.form.value, "items": sorted(item.value for item in asked.items)},
    )
    return row


def _row(
    person: Respondent, asked: Asked, service: Service, by: User, now: datetime, expires_at: datetime
) -> OrientationRequest:
    row = OrientationRequest(
        reference=_fresh_reference(),
        respondent=person,
        partner=service.partner,
        service=service,
        form=asked.form,
        urgency=asked.urgency,
        need=asked.need or "",
        requested_at=now,
        requested_by=by,
        deadline=deadlines.deadline(asked.urgency, now),
        expires_at=expires_at,
    )
    if asked.moves_data:
        _put_shared(row, person, asked)
    else:
        row.state, row.outcome, row.ended_at = State.CLOSED, Outcome.INFORMED, now
    return row


def _put_shared(row: OrientationRequest, person: Respondent, asked: Asked) -> None:
    """Only what was agreed to be shared is written at all."""
    row.need = row.need if Item.NEED in asked.items else ""
    row.language = person.language if Item.LANGUAGE in asked.items else ""
    row.country = person.country if Item.COUNTRY in asked.items else ""
    row.preferred_time = asked.preferred_time if Item.PREFERRED_TIME in asked.items else ""
    row.contact_point = asked.contact_point if Item.CONTACT in asked.items else None
    if Item.NOTE in asked.items and asked.note.strip():
        seal_into(row, "note", asked.note.strip())


def _grant(
    row: OrientationRequest, person: Respondent, asked: Asked, days: int, by: User, now: datetime
) -> None:
    said = Said(
        Purpose.ORIENTATION,
        Decision.GRANTED,
        asked.mode,
        asked.wording.language if asked.wording else person.language,
        now,
        wording=asked.wording,
        concerning=row.pk,
        items=tuple(sorted(item.value for item in asked.items)),
        valid_days=days,
    )
    recording.record(respondent_id=person.pk, audit_ref=person.audit_ref, said=said, by=by, now=now)


def _check_pathway(person: Respondent, asked: Asked) -> None:
    if person.status in LEFT:
        raise _refused(
            "left_alone",
            _("This person is no longer in touch with the study, so nothing can be asked for them."),
            _("If they come to you themselves, tell them of the services by word of mouth."),
        )
    if person.age_band == AgeBand.UNDER_18:
        raise _refused(
            "other_pathway",
            _(
                "This person is under 18. Children are helped by the child protection pathway, never by this form."
            ),
            _(
                "Tell them of the child helpline and ask your coordinator for the child protection contact now."
            ),
        )
    if Need.GBV in (asked.need, asked.service.need):
        raise _refused(
            "other_pathway",
            _("This need is met by the pathway for gender-based violence, never by this form."),
            _(
                "Give the number of the specialised service by word of mouth, and tell your coordinator today."
            ),
        )


def _offered(service: Service, now: datetime) -> Service:
    found = Service.objects.offerable_on(now.date()).filter(pk=service.pk).first()
    if found is None:
        raise _refused(
            "service_not_offered",
            _(
                "This service cannot be offered: it has not been verified lately, or the partner’s agreement is over."
            ),
            _("Choose another service, or ask your coordinator to verify this one."),
        )
    return found


def _check_sharing(person: Respondent, asked: Asked, now: datetime) -> None:
    if not {item.value for item in asked.items} <= ITEMS_OF[asked.form]:
        raise _refused(
            "items_not_agreed",
            _(
                "When the person contacts the partner themselves, nothing but the need can be told beforehand."
            ),
            _("Take the other items away, or choose a contact request."),
        )
    if Item.NEED in asked.items and asked.need is None:
        raise _refused(
            "items_not_agreed",
            _("The need is to be shared, but none was chosen."),
            _("Choose what they need."),
        )
    if asked.form is Form.CONTACT_REQUEST:
        _check_contact(person, asked, now)
    if OrientationRequest.objects.open().filter(respondent=person, service=asked.service).exists():
        raise Conflict(
            "already_requested",
            _("There is an open request of this person to this service already."),
            kept=_("The first request stands as it is."),
            next_step=_("To change what is shared, revoke it first and ask again."),
        )


def _check_contact(person: Respondent, asked: Asked, now: datetime) -> None:
    point = asked.contact_point
    if (
        Item.CONTACT not in asked.items
        or point is None
        or point.respondent_id != person.pk
        or not may_be_named(point)
    ):
        raise _refused(
            "one_contact_point",
            _("For a contact request the person names one number of theirs that the partner may use."),
            _("Choose one of their numbers in use, and tick that it may be shared; or choose another form."),
        )
    if not asking.permits(person.pk, Purpose.KEEP_NUMBER, now=now):
        raise _refused(
            "no_consent",
            _("The person has not agreed that their number is kept, so it cannot be given to a partner."),
            _("Offer that they contact the partner themselves."),
        )


def _fresh_reference() -> str:
    while OrientationRequest.objects.filter(reference=(drawn := references.draw())).exists():
        continue
    return drawn


def _refused(code: str, sentence: str, next_step: str) -> DomainError:
    return DomainError(code, sentence, kept=_("Nothing was recorded or shared."), next_step=next_step)
