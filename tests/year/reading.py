"""Reads the trail and the dials once, from first to last, into a history."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from audit.actions import Action
from tests.year.answer_key import AnswerKey
from tests.year.history import (
    CallBack,
    Dialled,
    History,
    Hold,
    Lease,
    Look,
    Moment,
    Outcome,
    Said,
    Sitting,
)
from tests.year.telling import DialRow, Event

OUTSIDE = -1
"""Comes before every event of the same instant."""

NUMBER_SHAPED = re.compile(r"\+?\d[\d\s().-]{6,}\d")
KNOWN_SHAPES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(\+\d{2}:\d{2}|Z)?)?"
)


def tell(events: Iterable[Event], dials: Iterable[DialRow], key: AnswerKey) -> History:
    """The history, each list in it in the order of time."""
    history = History()
    _import(history, key)
    for event in events:
        history.counts[event.action] += 1
        history.plaintext += [(event.at, event.action) for _text in _number_shaped(event)]
        reads = READERS.get(event.action)
        if reads is not None:
            reads(history, event, (event.at, event.id))
    for row in dials:
        _place(history, row)
    _settle(history)
    return history


# --- What the trail says of nobody in particular, or of what is sealed ------------------------------------------------


def _number_shaped(event: Event) -> Iterator[str]:
    for text in (event.reason, *_texts(event.detail)):
        if NUMBER_SHAPED.search(text) and not KNOWN_SHAPES.fullmatch(text):
            yield text


def _texts(kept: object) -> Iterator[str]:
    """Every text, however deep; a bare number of eight digits is a text too."""
    if isinstance(kept, Mapping):
        for value in kept.values():
            yield from _texts(value)
    elif isinstance(kept, list | tuple):
        for value in kept:
            yield from _texts(value)
    elif not isinstance(kept, bool) and kept is not None:
        yield str(kept)


def _import(history: History, key: AnswerKey) -> None:
    for person in key.people.values():
        if person.imported is not None:
            story, moment = history.story(person.audit_ref), (person.imported.at, OUTSIDE)
            story.stages.append((moment, person.imported.stage))
            story.said += [
                Said(moment, purpose, True, person.imported.said_at) for purpose in person.imported.purposes
            ]


# --- One reader per kind of event -------------------------------------------------------------------------------------


def _said(history: History, event: Event, moment: Moment) -> None:
    if event.ref is None or "request" in event.detail:
        return
    said_at = _at(event.detail.get("said")) or event.at
    is_yes = event.action == Action.CONSENT_GRANTED
    said = Said(moment, event.detail["purpose"], is_yes, min(said_at, event.at))
    history.story(event.ref).said.append(said)


def _enrolled(history: History, event: Event, moment: Moment) -> None:
    if event.ref is not None:
        history.story(event.ref).stages.append((moment, event.detail["stage"]))
    history.counts["people"] += 1
    history.counts["followed"] += event.detail["followed"] == "yes"


def _imported(history: History, event: Event, moment: Moment) -> None:
    history.counts["people"] += event.detail["enrolled"]
    history.counts["followed"] += event.detail["enrolled"]


def _numbers_given(history: History, event: Event, moment: Moment) -> None:
    history.counts["numbers given"] += event.detail["numbers"]


def _moved(history: History, event: Event, moment: Moment) -> None:
    if event.ref is not None:
        history.story(event.ref).stages.append((moment, event.detail["to"]))


def _hold_placed(history: History, event: Event, moment: Moment) -> None:
    history.counts[f"hold {event.detail['kind']}"] += 1
    if event.ref is not None:
        hold = Hold(moment, event.detail["kind"], _at(event.detail.get("until")))
        history.story(event.ref).holds.append(hold)
        history.holds[event.object_id] = hold


def _hold_lifted(history: History, event: Event, moment: Moment) -> None:
    hold = history.holds.get(event.object_id)
    if hold is None:
        history.strays.append(f"a hold was lifted that was never placed: {event.object_id}")
    elif hold.lifted is None:
        hold.lifted = moment


def _contact_ended(history: History, event: Event, moment: Moment) -> None:
    history.contact_ended.append((moment, event.ref, event.actor))
    if event.ref is not None:
        history.story(event.ref).ends.append((moment, event.detail["status"]))


def _erased(history: History, event: Event, moment: Moment) -> None:
    history.erased.add(event.ref)
    if event.ref is not None:
        history.story(event.ref).ends.append((moment, "erased"))


def _stop_recorded(history: History, event: Event, moment: Moment) -> None:
    history.stopped_by_code += [moment[0]] if event.detail.get("by") == "code" else []


def _barred(history: History, event: Event, moment: Moment) -> None:
    if event.ref is not None:
        history.story(event.ref).barred.append((moment, event.object_id))


def _number_changed(history: History, event: Event, moment: Moment) -> None:
    what = event.detail.get("status") or event.detail.get("changed")
    if event.object_id is None:
        return
    if what in ("wrong_person", "unsafe", "barred"):
        history.harmed.append((moment, event.object_id, what))
    elif what != "safe_contact":
        history.statuses[event.object_id].append((moment, what))


def _claimed(history: History, event: Event, moment: Moment) -> None:
    if event.object_id is None:
        return
    lease = Lease(
        event.object_id,
        event.ref,
        event.actor,
        moment,
        datetime.fromisoformat(event.detail["lease_until"]),
        UUID(event.detail["follow_up"]),
    )
    history.leases[event.object_id] = lease
    if event.ref is not None:
        history.story(event.ref).leases.append(lease)


def _handed_back(history: History, event: Event, moment: Moment) -> None:
    _end_lease(history, event.object_id, moment)
    if event.reason == "knows_them" and event.ref is not None:
        history.story(event.ref).barred.append((moment, event.actor))


def _claims_expired(history: History, event: Event, moment: Moment) -> None:
    for claim in event.detail["which"]:
        _end_lease(history, UUID(claim), moment)


def _dial_refused(history: History, event: Event, moment: Moment) -> None:
    if event.detail.get("is_over"):
        _end_lease(history, event.object_id, moment)


def _end_lease(history: History, claim: UUID | None, moment: Moment) -> None:
    lease = history.leases.get(claim) if claim else None
    if lease is None:
        history.strays.append(f"a claim ended that was never made: {claim}")
    else:
        lease.end(moment)


def _dial_ordered(history: History, event: Event, moment: Moment) -> None:
    dial, attempt = UUID(event.detail["dial"]), UUID(event.detail["attempt"])
    if dial in history.dials:
        history.strays.append(f"a dial was ordered twice: {dial}")
    dialled = Dialled(dial, moment, event.ref, event.actor, event.object_id, attempt)
    history.dials[dial] = dialled
    if attempt not in history.sittings and event.ref is not None:
        history.sittings[attempt] = Sitting(attempt)
        history.sitting_of[event.object_id] = attempt
        history.story(event.ref).sittings.append(history.sittings[attempt])
    if attempt in history.sittings:
        history.sittings[attempt].dials.append(dialled)
    lease = history.leases.get(event.object_id) if event.object_id else None
    if lease is not None and lease.is_live_at(moment):
        lease.until = datetime.fromisoformat(event.detail["lease_until"])


def _opened(history: History, event: Event, moment: Moment) -> None:
    if event.outcome != "done" or event.ref is None:
        return
    look = Look(moment, event.actor, event.ref, event.detail["opening"], event.object_id)
    history.story(event.ref).looks.append(look)


def _shown(history: History, event: Event, moment: Moment) -> None:
    look = Look(moment, event.actor, event.ref, "shown", None, event.object_id)
    history.shown.append(look)
    if event.object_id in history.dials:
        history.dials[event.object_id].looks.append(look)


def _outcome(history: History, event: Event, moment: Moment) -> None:
    code, is_attempt = event.detail["disposition"], event.object_type == "attempt"
    if not is_attempt:
        history.completed_outside += 1
        _end_follow_up(history, event.object_id, moment, "done", "completed")
        return
    history.outcomes[code] += 1
    _end_sitting(history, event.object_id, Outcome(moment, code, event.actor, event.detail["is_done"]))
    _end_lease(history, UUID(event.detail["claim"]), moment)
    if event.detail["is_done"]:
        _end_follow_up(history, UUID(event.detail["follow_up"]), moment, "done", "completed")
    if event.detail["bars_caller"] and event.ref is not None:
        history.story(event.ref).barred.append((moment, event.actor))


def _unsafe(history: History, event: Event, moment: Moment) -> None:
    _end_lease(history, event.object_id, moment)
    if event.detail["is_outcome"]:
        history.outcomes["unsafe"] += 1
        sitting = history.sitting_of.get(event.object_id)
        _end_sitting(history, sitting, Outcome(moment, "unsafe", event.actor, False))


def _end_sitting(history: History, attempt: UUID | None, outcome: Outcome) -> None:
    sitting = history.sittings.get(attempt) if attempt else None
    if sitting is None:
        history.strays.append(f"an outcome was recorded of a sitting without a dial: {attempt}")
    else:
        sitting.outcomes.append(outcome)


def _appointment(history: History, event: Event, moment: Moment) -> None:
    if event.ref is not None:
        kept = event.detail
        due_from, due_until = (datetime.fromisoformat(kept[name]) for name in ("due_from", "due_until"))
        made = CallBack(moment, kept["kind"], UUID(kept["follow_up"]), due_from, due_until)
        history.story(event.ref).call_backs.append(made)


def _planned(history: History, event: Event, moment: Moment) -> None:
    if event.object_id is not None:
        history.follow_ups[event.object_id].planned.append((moment, event.detail["stage"]))


def _windows_opened(history: History, event: Event, moment: Moment) -> None:
    for follow_up in event.detail["which"]:
        history.follow_ups[UUID(follow_up)].opened.append(moment)


def _windows_closed(history: History, event: Event, moment: Moment) -> None:
    for reason, closed in event.detail["which"].items():
        for follow_up in closed:
            how = "done" if reason == "done" else "missed"
            _end_follow_up(history, UUID(follow_up), moment, how, reason)
        if event.detail.get(reason) != len(closed):
            history.strays.append(f"windows closed as {reason} are counted otherwise than they are named")


def _cancelled(history: History, event: Event, moment: Moment) -> None:
    _end_follow_up(history, event.object_id, moment, "cancelled", event.detail["outcome"])


def _end_follow_up(history: History, follow_up: UUID | None, moment: Moment, how: str, reason: str) -> None:
    if follow_up is not None:
        history.follow_ups[follow_up].ends.append((moment, how, reason))


READERS: dict[str, Callable[[History, Event, Moment], None]] = {
    Action.CONSENT_GRANTED: _said,
    Action.CONSENT_REFUSED: _said,
    Action.CONSENT_WITHDRAWN: _said,
    Action.RESPONDENT_ENROLLED: _enrolled,
    Action.CASES_IMPORTED: _imported,
    Action.CONTACT_POINT_ADDED: _numbers_given,
    Action.CONTACT_POINT_CHANGED: _number_changed,
    Action.STAGE_MOVED: _moved,
    Action.CONTACT_STOPPED: _contact_ended,
    Action.RESPONDENT_ERASED: _erased,
    Action.STOP_RECORDED: _stop_recorded,
    Action.ENUMERATOR_BARRED: _barred,
    Action.HOLD_PLACED: _hold_placed,
    Action.HOLD_LIFTED: _hold_lifted,
    Action.FOLLOW_UP_PLANNED: _planned,
    Action.FOLLOW_UP_OPENED: _windows_opened,
    Action.FOLLOW_UP_MISSED: _windows_closed,
    Action.FOLLOW_UP_CANCELLED: _cancelled,
    Action.CLAIMED: _claimed,
    Action.CLAIM_RELEASED: _handed_back,
    Action.CLAIM_EXPIRED: _claims_expired,
    Action.DIAL_ORDERED: _dial_ordered,
    Action.DIAL_REFUSED: _dial_refused,
    Action.IDENTITY_OPENED: _opened,
    Action.NUMBER_REVEALED: _shown,
    Action.OUTCOME_RECORDED: _outcome,
    Action.LATE_OUTCOME_KEPT: _outcome,
    Action.UNSAFE_PRESSED: _unsafe,
    Action.APPOINTMENT_MADE: _appointment,
}


def _place(history: History, row: DialRow) -> None:
    dialled = history.dials.get(row.id)
    if dialled is None:
        history.strays.append(f"a dial is in no trail: {row.id}")
    elif dialled.attempt != row.attempt:
        history.strays.append(f"a dial belongs to another sitting than the trail says: {row.id}")
    else:
        dialled.row = row


def _settle(history: History) -> None:
    """Put everything in the order of time, and end the leases of those with whom contact ended."""
    for story in history.people.values():
        story.said.sort(key=lambda one: one.moment)
        story.stages.sort()
        story.ends.sort()
        story.leases.sort(key=lambda one: one.moment)
        story.looks.sort(key=lambda one: one.moment)
        for sitting in story.sittings:
            sitting.dials.sort(key=lambda one: one.moment)
        story.sittings.sort(key=lambda one: one.begins)
        for moment, _how in story.ends:
            for lease in story.leases:
                if lease.moment < moment:
                    lease.end(moment)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
