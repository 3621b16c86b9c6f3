"""Stopping contact with a respondent, at once and everywhere; needs no key, so it works with the vault locked."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from audit.actions import Action
from consent import recording
from consent.asking import consents
from consent.folding import Decision, Standing
from consent.models import Mode
from consent.purposes import Purpose
from consent.recording import Said
from followups import ending, locking
from followups.models import Appointment, Claim, FollowUp
from followups.models.claims import ClaimEnd
from followups.models.follow_ups import Ended
from followups.models.restraints import AppointmentState
from orientation import closing as orientation_closing
from orientation.vocabulary import EndReason
from tracker.models import Respondent
from tracker.models.respondents import Status

STANDING_PURPOSES = tuple(
    purpose
    for purpose in Purpose
    if purpose not in (Purpose.INTERVIEW, Purpose.RECORDING, Purpose.ORIENTATION)
)

ENDS = {
    Status.STOPPED: Ended.WITHDRAWN,
    Status.ERASED: Ended.ERASED,
    Status.DECEASED: Ended.DECEASED,
    Status.INELIGIBLE: Ended.INELIGIBLE,
}

REQUESTS_END = {
    Status.STOPPED: EndReason.WITHDRAWN,
    Status.ERASED: EndReason.ERASED,
    Status.DECEASED: EndReason.DECEASED,
    Status.INELIGIBLE: EndReason.INELIGIBLE,
}


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a stop brought to an end; all zero when everything had ended before."""

    purposes_withdrawn: int
    follow_ups_closed: int
    appointments_cancelled: int
    requests_closed: int


def stop_contact(
    *,
    respondent: Respondent,
    mode: Mode,
    by: User | None,
    now: datetime,
    status: Status = Status.STOPPED,
    said_at: datetime | None = None,
) -> Stopped:
    """Withdraw every standing purpose, and close with a reason all that is owed, promised or asked for.

    Doing it twice ends nothing twice. A status that is already stronger (erased) is not weakened.
    """
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        stopped = Stopped(
            purposes_withdrawn=_withdraw(respondent, mode, by, now, said_at or now),
            appointments_cancelled=_cancel_appointments(respondent),
            follow_ups_closed=close_follow_ups(respondent=respondent, ended=ENDS[status], now=now),
            requests_closed=orientation_closing.close_all(
                respondent=respondent, reason=REQUESTS_END[status], by=by, now=now, mode=mode
            ),
        )
        Respondent.objects.filter(pk=respondent.pk).exclude(status=Status.ERASED).update(
            status=status, status_at=now
        )
        trail.record(
            Action.CONTACT_STOPPED,
            by=by,
            at=now,
            audit_ref=respondent.audit_ref,
            object_type="respondent",
            detail={"status": status.value, "follow_ups": stopped.follow_ups_closed},
        )
        return stopped


def close_follow_ups(*, respondent: Respondent, ended: Ended, now: datetime) -> int:
    """End every claim on the respondent and everything owed, each with the final code of its round; how many."""
    Claim.objects.filter(respondent=respondent).end(ClaimEnd.WITHDRAWN, now)
    return sum(ending.cancel(one, ended, now=now) for one in FollowUp.objects.of(respondent).unfinished())


def _withdraw(respondent: Respondent, mode: Mode, by: User | None, now: datetime, said_at: datetime) -> int:
    """A withdrawal for each purpose that stands; recontact is always written down, whatever stood."""
    stands = consents(respondent.pk, now=now)
    wanted = [
        purpose
        for purpose in STANDING_PURPOSES
        if stands.of(purpose).standing in (Standing.GRANTED, Standing.EXPIRED)
        or (purpose is Purpose.RECONTACT and stands.of(purpose).standing is not Standing.WITHDRAWN)
    ]
    said = tuple(Said(one, Decision.WITHDRAWN, mode, respondent.language, said_at) for one in wanted)
    recording.record_all(
        respondent_id=respondent.pk, audit_ref=respondent.audit_ref, said=said, by=by, now=now
    )
    return len(said)


def _cancel_appointments(respondent: Respondent) -> int:
    return Appointment.objects.open().filter(respondent=respondent).update(state=AppointmentState.CANCELLED)
