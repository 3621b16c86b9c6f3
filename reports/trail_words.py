"""The words for what events keep as codes: the name of each entry, and a label for each code."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Weekday
from accounts.permissions import Role
from audit.actions import Action
from audit.findings import Kind
from casework.joining import Followed
from casework.receipts import Grade
from casework.received import Way
from consent.models import Mode
from consent.permits import Opening
from consent.purposes import Purpose
from followups.calling.claiming import HandBack
from followups.dispositions import DISPOSITIONS
from followups.models.follow_ups import Ended, TracingBegan
from followups.models.restraints import AppointmentKind, HoldKind, LiftReason
from followups.scheduling.explanations import OPEN_ENDED
from followups.scheduling.reasons import Reason
from followups.tracing import Found
from orientation.vocabulary import DeclineReason, EndReason, Form, Item, Outcome
from tracker.labels import NUMBER_STATUS_LABELS, STAGE_LABELS
from tracker.models.respondents import Status

Labels = Mapping[Any, Any]

UNSAID = frozenset(
    {
        "team",
        "dial", "label", "final_after", "which", "attempt", "claim", "follow_up", "request", "lease_until", "due_from",
        "due_until", "said", "held", "is_done", "is_over", "is_outcome", "bars_caller", "caller",
    }
)  # fmt: skip
"""Names of rows and keys, and what serves only to reconcile the trail with itself; they tell a reader nothing."""

DAYS = frozenset({"due", "opens", "closes", "until", "on", "since", "week"})

NAMES: Mapping[str, Any] = {
    "action": _("What was touched"),
    "already_imported": _("Imported before"),
    "attested_by": _("Who answers for the consent"),
    "by": _("Found by"),
    "change": _("What was done"),
    "call_back": _("A call was promised"),
    "changed": _("What was changed"),
    "closes": _("Closes"),
    "counted_only": _("Counted, not called"),
    "disposition": _("What came of it"),
    "due": _("Due"),
    "ends": _("Ends"),
    "enrolled": _("Enrolled"),
    "erased_again": _("Erased again"),
    "event": _("Event"),
    "events": _("Events"),
    "follow_ups": _("Follow-ups closed"),
    "for": _("In order to"),
    "followed": _("Called again"),
    "form": _("How far it goes"),
    "found": _("What was found"),
    "from": _("From"),
    "gateway": _("Called with"),
    "grade": _("How far"),
    "index_key": _("Index key"),
    "items": _("What is shared"),
    "key": _("Key"),
    "keys": _("Keys destroyed"),
    "kind": _("Kind"),
    "language": _("Language"),
    "late": _("After the window closed"),
    "minutes": _("Minutes"),
    "mode": _("How it was said"),
    "new_number": _("They gave a number"),
    "number": _("Round"),
    "numbers": _("Numbers"),
    "on": _("Day"),
    "opening": _("What was opened"),
    "opens": _("Opens"),
    "outcome": _("How it ended"),
    "page": _("Page"),
    "purpose": _("For"),
    "reason": _("Why"),
    "refusal_kept": _("Kept, so that nobody enrols this number again"),
    "refused": _("Rows refused"),
    "requests": _("Requests ended"),
    "role": _("Role"),
    "moved": _("Moved"),
    "round": _("Round"),
    "taken_back": _("Taken back"),
    "rows": _("How many"),
    "rows_read": _("Rows read"),
    "seal": _("Seal"),
    "seals": _("Seals"),
    "sealed_values": _("Sealed values emptied"),
    "since": _("Since"),
    "source": _("Where the list came from"),
    "stage": _("Stage"),
    "starts": _("Starts"),
    "status": _("Where it stands now"),
    "to": _("To"),
    "until": _("Until"),
    "user": _("Who"),
    "version": _("Version"),
    "way": _("How they came to us"),
    "week": _("Week from"),
    "weekday": _("Day"),
    "what": _("What"),
    "why": _("Why"),
    "words": _("The eight words"),
}

CHANGES: Labels = {
    "created": _("made"),
    "changed": _("changed"),
    "closed": _("closed"),
    "reopened": _("opened again"),
    "added": _("added"),
    "removed": _("removed"),
    "assigned": _("added"),
    "unassigned": _("removed"),
    "safe_contact": _("when and how it is safe to call"),
    "barred": _("never dialled again"),
    "retired": _("no longer in use"),
    "display_name": _("name"),
    "role": _("role"),
    "teams": _("teams"),
    "languages": _("languages"),
    "gender": _("gender"),
    "time_zone": _("time zone"),
    "interface_language": _("language of the screens"),
    "is_active": _("the account was opened again"),
    "toured_at": _("the short tour is not shown again"),
}

OPENINGS: Labels = {
    Opening.DIAL: _("a number, to dial it"),
    Opening.DIAL_TRUSTED: _("the number of somebody they trust, to dial it"),
    Opening.ASK_FOR: _("whom to ask for"),
    Opening.SAFE_PHRASE: _("the safe phrase"),
    Opening.COVER_WORDS: _("the words for another person who answers"),
    Opening.ORIENTATION_NOTE: _("the note of an orientation request"),
    Opening.ORIENTATION_CONTACT: _("the number of an orientation request"),
    Opening.WITHOUT_CALL: _("a number, without a call"),
    Opening.TRUSTED_WITHOUT_CALL: _("the number of somebody they trust, without a call"),
}

RETAINED: Labels = {
    "erasure_wishes": _("wishes to be erased that waited for a month"),
    "people_of_ended_studies": _("contact data and profiles of studies that are over"),
    "studies_off_record": _("studies that were closed years ago"),
    "closed_accounts": _("accounts that were closed a year ago"),
    "transient_rows": _("sessions, tries to sign in, results of background work"),
    "backup": _("a copy of both databases"),
}

STEPPED_UP_FOR: Labels = {
    "accounts:person_new": _("make an account"),
    "accounts:person": _("change an account"),
    "accounts:person_close": _("close an account"),
    "accounts:person_open": _("open an account again"),
    "accounts:person_password": _("make a new password for somebody"),
    "accounts:person_factors_reset": _("reset somebody’s second factors"),
    "accounts:team": _("change a team"),
    "accounts:break_glass": _("ask to see another team"),
    "accounts:approve_break_glass": _("let a colleague see another team"),
    "accounts:factor_app": _("set up an app for codes"),
    "accounts:factor_passkey": _("add a passkey"),
    "accounts:codes_new": _("make new recovery codes"),
    "accounts:factor_remove": _("remove a second factor"),
    "casework:show_number": _("see a number without a call"),
    "casework:withdraw": _("erase somebody"),
    "reports:trail_export": _("take a part of the trail out"),
}

NOT_SHOWN: Labels = {
    "not_yours": _("not a coordinator"),
    "lent_only": _("the team was lent by break-glass only"),
    "not_taking_part": _("the person is not called any more"),
    "on_hold": _("the person is on hold"),
    "number_not_usable": _("the number is not to be dialled any more"),
    "no_consent": _("no consent"),
    "too_many_reveals": _("five numbers in 24 hours already"),
}

FOUND: Labels = {
    Kind.EVENT_CHANGED: _("an event was changed"),
    Kind.EVENT_MISSING: _("an event is missing"),
    Kind.EVENT_LATE: _("an event was put in afterwards"),
    Kind.SEAL_MISSING: _("a seal is missing"),
    Kind.CHAIN_BROKEN: _("a seal does not follow from the one before it"),
    Kind.SEAL_FORGED: _("a seal was not made with the audit key"),
    Kind.REWRITTEN: _("the trail is not the one an anchor knows"),
    Kind.CUT_OFF: _("the end of the trail was cut off"),
    Kind.UNREADABLE: _("an event cannot be read"),
    Kind.NOTHING_SEALED: _("nothing is sealed"),
    Kind.KEY_AWAY: _("the vault was locked, so not all could be checked"),
    Kind.TAIL_OLD: _("events waited too long for their seal"),
}

FACTORS: Labels = {
    "totp": _("an app for codes"),
    "webauthn": _("a passkey"),
    "recovery_codes": _("a recovery code"),
    "none": _("a password alone"),
}

LABELS: Mapping[str, Labels] = {
    "by": {"code": _("their code"), "number": _("a phone number")},
    "change": CHANGES,
    "changed": CHANGES,
    "disposition": {code: one.label for code, one in DISPOSITIONS.items()},
    "followed": {
        Followed.YES: _("yes"),
        Followed.NOT_AGREED: _("no: they did not agree"),
        Followed.UNDER_18: _("no: under 18"),
    },
    "for": STEPPED_UP_FOR,
    "form": dict(Form.choices),
    "found": FOUND,
    "from": dict(STAGE_LABELS),
    "gateway": {"plain": _("the caller’s own phone"), "console": _("a test"), "simulator": _("a test")},
    "grade": dict(Grade.choices),
    "items": dict(Item.choices),
    "kind": dict(HoldKind.choices),
    "mode": dict(Mode.choices),
    "opening": {**OPENINGS, "second_factor": _("what the codes of a second factor are checked with")},
    "outcome": dict(Outcome.choices),
    "purpose": dict(Purpose.choices),
    "reason": {**dict(EndReason.choices), **dict(DeclineReason.choices)},
    "role": dict(Role.choices),
    "stage": dict(STAGE_LABELS),
    "status": {**dict(Status.choices), **NUMBER_STATUS_LABELS},
    "to": dict(STAGE_LABELS),
    "way": dict(Way.choices),
    "weekday": dict(Weekday.choices),
    "what": RETAINED,
    "why": {
        "sign_in_refused": _("wrong username or password, or a closed account"),
        "too_many_tries": _("too many tries"),
        "wrong_code": _("a wrong second factor"),
        "passkey_refused": _("a wrong second factor"),
        "too_long": _("ten hours were over"),
        **NOT_SHOWN,
    },
}

LABELS_OF: Mapping[tuple[Action, str], Labels] = {
    **{
        (action, "kind"): FACTORS for action in (Action.SIGNED_IN, Action.FACTOR_ADDED, Action.FACTOR_REMOVED)
    },
    (Action.CONTACT_STOPPED, "status"): dict(Status.choices),
    (Action.FOLLOW_UP_CANCELLED, "outcome"): dict(Ended.choices),
    (Action.APPOINTMENT_MADE, "kind"): dict(AppointmentKind.choices),
}
"""Where a code means something else than in other events."""

ENDED: Labels = {**dict(Ended.choices), "done": _("done after all")}
"""Follow-ups that were missed are counted by these."""

REASONS: Labels = {
    **{reason.value: sentence for reason, sentence in OPEN_ENDED.items()},
    # At the moment of a dial it is the hour that was wrong, not the weeks after it.
    Reason.OUTSIDE_SAFE_TIMES.value: _("It was not a safe time to call."),
    **dict(LiftReason.choices),
    **dict(TracingBegan.choices),
    Found.REACHED.value: _("they were reached"),
    Found.CONTACT_RECEIVED.value: _("they contacted us"),
    Found.GIVEN_UP.value: _("they could not be found again by any route"),
    HandBack.CANNOT_NOW.value: _("Could not call now."),
    HandBack.KNOWS_THEM.value: _("Knows the person."),
    "vault_integrity": _("What is stored was changed outside Recontact."),
    "vault_key_missing": _("The key is not in the key file."),
    "vault_shredded": _("It was erased."),
    "vault_locked": _("The vault was locked."),
}
