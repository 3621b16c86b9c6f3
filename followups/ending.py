"""Ending a follow-up: done, missed or cancelled with a reason, always with the final code of its round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit import trail
from audit.actions import Action
from followups.models import Appointment, FollowUp
from followups.models.follow_ups import LIVE, UNFINISHED, Ended, State
from followups.models.restraints import AppointmentState
from followups.rounds import COMPLETED, code_of_round
from followups.scheduling.final_codes import FinalCode
from followups.scheduling.outcomes import Letter
from followups.scheduling.reasons import Reason
from followups.scheduling.tracing_order import SEARCH
from kernel.statements import Change, change

OUT_OF_THE_QUEUE = {"look_at": None, "ready_from": None, "ready_until": None, "waiting_for": ""}
INTERVIEWED = (Letter.COMPLETE, Letter.PARTIAL)
HELD_BACK = frozenset(
    one.value
    for one in (
        Reason.RECONTACT_NOT_PERMITTED,
        Reason.KEEP_NUMBER_NOT_PERMITTED,
        Reason.STAGE_NOT_CALLED,
        Reason.ON_HOLD,
        Reason.NO_SHARED_HOUR,
        Reason.HOLIDAY,
        Reason.OUTSIDE_SAFE_TIMES,
    )
)
"""Who waited for one of these was not looked for, and does not count as lost."""


@dataclass(frozen=True, slots=True)
class _End:
    """What is written of an end: how it ended, why, with which code, and when."""

    state: State
    ended: Ended
    final: FinalCode
    closed_at: datetime


def complete(row: FollowUp, *, held_at: datetime) -> bool:
    """The interview was made at `held_at`, in its window or late; False when the follow-up was over in another way."""
    is_done = _end(row, (*LIVE, State.MISSED), _End(State.DONE, Ended.NONE, COMPLETED, held_at))
    if is_done and held_at >= row.closes_at:
        FollowUp.objects.filter(pk=row.pk).update(is_late=True)
    return is_done


def cancel(row: FollowUp, ended: Ended, *, now: datetime) -> bool:
    """No interview and no more tries, for a reason; False when it was over before."""
    final = code_of_round(row, has_withdrawn=ended == Ended.WITHDRAWN)
    is_ended = _end(row, UNFINISHED, _End(State.CANCELLED, ended, final, now))
    if is_ended:
        _leave_trace(row, ended, now)
    return is_ended


def close_window(row: FollowUp) -> Ended:
    """The window is over: done if most of the interview was made, else missed for a reason, which is returned."""
    final = code_of_round(row)
    ended = _why_missed(row, final)
    state = State.MISSED if ended else State.DONE
    _end(row, LIVE, _End(state, ended, final, row.closes_at), AppointmentState.MISSED)
    return ended


def _why_missed(row: FollowUp, final: FinalCode) -> Ended:
    if final.letter in INTERVIEWED:
        return Ended.NONE
    if final.letter is Letter.REFUSAL:
        return Ended.REFUSED
    if _was_sought_in_vain(row):
        return Ended.NOT_FOUND
    return Ended.CAP_REACHED if row.attempts_made >= row.rule.attempt_cap else Ended.WINDOW_CLOSED


def _was_sought_in_vain(row: FollowUp) -> bool:
    """Thirty days of tracing are over, and it was not a rule of consent or safety that kept them from being found."""
    is_over = row.tracing_since is not None and row.closes_at - row.tracing_since >= SEARCH
    return is_over and row.waiting_for not in HELD_BACK


def _end(
    row: FollowUp,
    from_states: Sequence[State],
    end: _End,
    promised: AppointmentState = AppointmentState.CANCELLED,
) -> bool:
    """Write the end through a condition, so that it happens once; an appointment still open ends with it."""
    final = end.final
    found = _end_row(row.pk, from_states, end.state, end.ended, final.aapor, final.letter, end.closed_at)
    if found:
        _end_appointment(row.pk, promised)
    return bool(found)


@change
def _end_row(
    pk: UUID,
    from_states: Sequence[str],
    state: str,
    ended: str,
    aapor: str,
    letter: str,
    closed_at: datetime,
) -> Change:
    end = {"state": state, "ended": ended, "aapor": aapor, "letter": letter, "closed_at": closed_at}
    return FollowUp.objects.filter(pk=pk, state__in=from_states), {**end, **OUT_OF_THE_QUEUE}


@change
def _end_appointment(follow_up_id: UUID, state: str) -> Change:
    return Appointment.objects.open().filter(follow_up=follow_up_id), {"state": state}


def _leave_trace(row: FollowUp, ended: Ended, now: datetime) -> None:
    """Apart from what ended it: one word of a person may end what several studies are owed."""
    trail.record(
        Action.FOLLOW_UP_CANCELLED,
        by=None,
        at=now,
        audit_ref=row.respondent.audit_ref,
        object_type="follow_up",
        object_id=row.pk,
        detail={"round": row.round_number, "outcome": ended.value},
    )
