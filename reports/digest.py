"""What the data protection officer looks at first: counts of a day and a week, and erasures that wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.granting import FAR_REACHING
from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent
from casework.receipts import Grade
from consent.permits import Opening
from tracker.models import Respondent

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WAITING_SHOWN = 20

IN_A_CALL = (Opening.DIAL, Opening.DIAL_TRUSTED, Opening.ASK_FOR, Opening.SAFE_PHRASE, Opening.COVER_WORDS)
EXCEPTIONAL = Q(action=Action.IDENTITY_OPENED) & (
    Q(outcome="refused")
    | Q(detail__opening__in=[opening.value for opening in Opening if opening not in IN_A_CALL])
)

KINDS: tuple[tuple[str, Any, Any, Action], ...] = (
    ("reveals", _("Numbers shown"), _("One number, for one dial of one call."), Action.NUMBER_REVEALED),
    (
        "exceptions",
        _("Numbers shown without a call"),
        _("One number, for a reason a coordinator gave."),
        Action.NUMBER_SHOWN,
    ),
    ("dials", _("Dials refused"), _("A rule said no at the last moment."), Action.DIAL_REFUSED),
    ("sign_ins", _("Sign-ins refused"), _("A wrong password, or too many tries."), Action.SIGN_IN_REFUSED),
    (
        "openings",
        _("Exceptional openings"),
        _("Something sealed opened outside a call, or refused."),
        Action.IDENTITY_OPENED,
    ),
    (
        "accounts",
        _("Far-reaching accounts"),
        _("An account of an administrator, coordinator or officer, made or raised."),
        Action.STAFF_CREATED,
    ),
    (
        "resets",
        _("Second factors reset"),
        _("An administrator took somebody’s second factors away."),
        Action.FACTORS_RESET,
    ),
    ("unsafe", _("Unsafe pressed"), _("A call ended because it was not safe."), Action.UNSAFE_PRESSED),
    ("erasures", _("Erasures"), _("Respondents whose keys were destroyed."), Action.RESPONDENT_ERASED),
    ("alerts", _("Vault alerts"), _("Something sealed that no longer fits its seal."), Action.VAULT_ALERT),
    ("doors", _("Pages refused"), _("Somebody asked for a page of another role."), Action.ACCESS_REFUSED),
    ("exports", _("Trail taken out"), _("A part of the trail as a file."), Action.TRAIL_EXPORTED),
    (
        "canaries",
        _("Canaries touched"),
        _("Somebody looked where nobody has a reason to."),
        Action.CANARY_TOUCHED,
    ),
    (
        "alarms",
        _("Alarms of the trail"),
        _("The trail did not fit its seals: it was changed outside Recontact."),
        Action.TRAIL_ALARM,
    ),
)


RAISED = Q(detail__changed__icontains="role") | Q(detail__changed="is_active")
MADE_FAR_REACHING = Q(detail__role__in=[role.value for role in FAR_REACHING]) & (
    Q(action=Action.STAFF_CREATED) | Q(action=Action.STAFF_CHANGED) & RAISED
)
"""An account of a far-reaching role was made, raised to it, or opened again."""

MEANINGS = {
    "openings": EXCEPTIONAL,
    "exceptions": Q(action=Action.NUMBER_SHOWN, outcome="done"),
    "accounts": MADE_FAR_REACHING,
}
"""Where a line counts less than all that its action names."""

ALARMS = frozenset({Action.TRAIL_ALARM, Action.CANARY_TOUCHED, Action.VAULT_ALERT})
LOOKED_AT_EACH_TIME = ALARMS | {Action.UNSAFE_PRESSED, Action.NUMBER_SHOWN}
COUNTED = (*(action for *_rest, action in KINDS), Action.STAFF_CHANGED)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """How often something happened in the last 24 hours and the last seven days."""

    label: str
    rule: str
    action: Action
    in_a_day: int
    in_a_week: int

    @property
    def needs_a_look(self) -> bool:
        """Whether one of these is one too many."""
        return self.action in LOOKED_AT_EACH_TIME


@dataclass(frozen=True, slots=True)
class ErasureOwed:
    """Somebody who asked to be erased and has not been yet."""

    respondent_id: UUID
    code: str
    asked_at: datetime
    grade: str


def digest(now: datetime) -> tuple[DigestLine, ...]:
    """All lines in one query."""
    counts: dict[str, Count] = {}
    for name, _label, _rule, action in KINDS:
        counts[f"{name}_week"] = Count("pk", filter=_meaning(name, action))
        counts[f"{name}_day"] = Count("pk", filter=_meaning(name, action) & Q(at__gte=now - DAY))
    looked_at = AuditEvent.objects.since(now - WEEK).filter(action__in=COUNTED)
    found = looked_at.order_by().aggregate(**counts)
    return tuple(
        DigestLine(str(label), str(rule), action, found[f"{name}_day"], found[f"{name}_week"])
        for name, label, rule, action in KINDS
    )


def erasures_owed(reader: User) -> tuple[ErasureOwed, ...]:
    """Who asked to be erased and is not, the oldest wish first, with how far they last asked to go.

    Of respondents this reader may know of.
    """
    done = AuditEvent.objects.filter(
        action=Action.RESPONDENT_ERASED, audit_ref=OuterRef("audit_ref"), id__gt=OuterRef("id")
    )
    asked = AuditEvent.objects.filter(action=Action.ERASE_REQUESTED, audit_ref__isnull=False)
    waiting = list(asked.exclude(Exists(done)).order_by("id")[:WAITING_SHOWN])
    people = Respondent.objects.visible_to(reader).filter(
        audit_ref__in=[event.audit_ref for event in waiting]
    )
    known = {person.audit_ref: person for person in people}
    grades = {event.audit_ref: _grade(event) for event in waiting}
    first = {event.audit_ref: event.at for event in reversed(waiting)}
    return tuple(
        ErasureOwed(known[ref].pk, known[ref].spoken_code, first[ref], grades[ref])
        for ref in dict.fromkeys(event.audit_ref for event in waiting)
        if ref in known
    )


def _grade(event: AuditEvent) -> str:
    return str(dict(Grade.choices).get(event.detail.get("grade"), ""))


def _meaning(name: str, action: Action) -> Q:
    return MEANINGS.get(name, Q(action=action))


PRESSING = {name: _meaning(name, action) for name, *_rest, action in KINDS if action in LOOKED_AT_EACH_TIME}
"""Of which one is one too many: each waits until a review of its week has had it before it."""
