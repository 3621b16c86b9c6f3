"""The words for what events keep as codes: the name of each entry, and a label for each code."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Weekday
from accounts.permissions import Role
from audit.actions import Action
from casework.joining import Followed
from casework.receipts import Grade
from consent.models import Mode
from consent.permits import Opening
from consent.purposes import Purpose
from followups.calling.claiming import HandBack
from followups.dispositions import DISPOSITIONS
from followups.models.follow_ups import Ended
from followups.models.restraints import AppointmentKind, HoldKind, LiftReason
from followups.scheduling.explanations import OPEN_ENDED
from followups.scheduling.reasons import Reason
from orientation.vocabulary import DeclineReason, EndReason, Form, Item, Outcome
from tracker.labels import NUMBER_STATUS_LABELS, STAGE_LABELS
from tracker.models.respondents import Status

Labels = Mapping[Any, Any]

UNSAID = frozenset(
    {
        "dial", "label", "final_after", "which", "attempt", "claim", "follow_up", "request", "lease_until", "due_from",
        "due_until", "said", "held", "is_done", "is_over", "is_outcome", "bars_caller",
    }
)  # fmt: skip
"""Names of rows and keys, and what serves only to reconcile the trail with itself; they tell a reader nothing."""

DAYS = frozenset({"due", "opens", "closes", "until"})

NAMES: Mapping[str, Any] = {
    "already_imported": _("Imported before"),
    "attested_by": _("Who answers for the consent"),
    "by": _("Found by"),
    "change": _("What was done"),
    "changed": _("What was changed"),
    "closes": _("Closes"),
    "counted_only": _("Counted, not called"),
    "disposition": _("What came of it"),
    "due": _("Due"),
    "ends": _("Ends"),
    "enrolled": _("Enrolled"),
    "follow_ups": _("Follow-ups closed"),
    "followed": _("Called again"),
    "form": _("How far it goes"),
    "from": _("From"),
    "gateway": _("Called with"),
    "grade": _("How far"),
    "items": _("What is shared"),
    "keys": _("Keys destroyed"),
    "kind": _("Kind"),
    "language": _("Language"),
    "late": _("After the window closed"),
    "mode": _("How it was said"),
    "number": _("Round"),
    "numbers": _("Numbers"),
    "opening": _("What was opened"),
    "opens": _("Opens"),
    "outcome": _("How it ended"),
    "purpose": _("For"),
    "reason": _("Why"),
    "refusal_kept": _("Kept, so that nobody enrols this number again"),
    "refused": _("Rows refused"),
    "requests": _("Requests ended"),
    "role": _("Role"),
    "round": _("Round"),
    "rows_read": _("Rows read"),
    "sealed_values": _("Sealed values emptied"),
    "source": _("Where the list came from"),
    "stage": _("Stage"),
    "starts": _("Starts"),
    "status": _("Where it stands now"),
    "to": _("To"),
    "until": _("Until"),
    "user": _("Who"),
    "version": _("Version"),
    "weekday": _("Day"),
    "why": _("Why"),
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
    Opening.ASK_FOR: _("whom to ask for"),
    Opening.SAFE_PHRASE: _("the safe phrase"),
    Opening.COVER_WORDS: _("the words for another person who answers"),
    Opening.ORIENTATION_NOTE: _("the note of an orientation request"),
    Opening.ORIENTATION_CONTACT: _("the number of an orientation request"),
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
    "form": dict(Form.choices),
    "from": dict(STAGE_LABELS),
    "gateway": {"plain": _("the caller’s own phone"), "console": _("a test"), "simulator": _("a test")},
    "grade": dict(Grade.choices),
    "items": dict(Item.choices),
    "kind": dict(HoldKind.choices),
    "mode": dict(Mode.choices),
    "opening": OPENINGS,
    "outcome": dict(Outcome.choices),
    "purpose": dict(Purpose.choices),
    "reason": {**dict(EndReason.choices), **dict(DeclineReason.choices)},
    "role": dict(Role.choices),
    "stage": dict(STAGE_LABELS),
    "status": {**dict(Status.choices), **NUMBER_STATUS_LABELS},
    "to": dict(STAGE_LABELS),
    "weekday": dict(Weekday.choices),
    "why": {
        "sign_in_refused": _("wrong username or password, or a closed account"),
        "too_many_tries": _("too many tries"),
    },
}

LABELS_OF: Mapping[tuple[Action, str], Labels] = {
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
    HandBack.CANNOT_NOW.value: _("Could not call now."),
    HandBack.KNOWS_THEM.value: _("Knows the person."),
    "vault_integrity": _("What is stored was changed outside Recontact."),
    "vault_key_missing": _("The key is not in the key file."),
    "vault_shredded": _("It was erased."),
    "vault_locked": _("The vault was locked."),
}
