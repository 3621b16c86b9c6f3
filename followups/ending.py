"""Ending a follow-up: done, missed or cancelled with a reason, always with the final code of its round."""

from collections.abc import Sequence
from datetime import datetime

from followups.models import Appointment, FollowUp
from followups.models.follow_ups import LIVE, UNFINISHED, Ended, State
from followups.models.restraints import AppointmentState
from followups.rounds import COMPLETED, code_of_round
from followups.scheduling.final_codes import FinalCode
from followups.scheduling.outcomes import Letter

OUT_OF_THE_QUEUE = {"look_at": None, "ready_from": None, "ready_until": None, "waiting_for": ""}
INTERVIEWED = (Letter.COMPLETE, Letter.PARTIAL)


def complete(row: FollowUp, *, held_at: datetime) -> bool:
    """The interview was made at `held_at`, in its window or late; False when the follow-up was over in another way."""
    is_late = held_at >= row.closes_at
    return _end(
        row, (*LIVE, State.MISSED), State.DONE, Ended.NONE, COMPLETED, closed_at=held_at, is_late=is_late
    )


def cancel(row: FollowUp, ended: Ended, *, now: datetime) -> bool:
    """No interview and no more tries, for a reason; False when it was over before."""
    final = code_of_round(row, has_withdrawn=ended == Ended.WITHDRAWN)
    return _end(row, UNFINISHED, State.CANCELLED, ended, final, closed_at=now)


def close_window(row: FollowUp) -> Ended:
    """The window is over: done if most of the interview was made, else missed for a reason, which is returned."""
    final = code_of_round(row)
    ended = _why_missed(row, final)
    state = State.MISSED if ended else State.DONE
    _end(row, LIVE, state, ended, final, AppointmentState.MISSED, closed_at=row.closes_at)
    return ended


def _why_missed(row: FollowUp, final: FinalCode) -> Ended:
    if final.letter in INTERVIEWED:
        return Ended.NONE
    if final.letter is Letter.REFUSAL:
        return Ended.REFUSED
    return Ended.CAP_REACHED if row.attempts_made >= row.rule.attempt_cap else Ended.WINDOW_CLOSED


def _end(
    row: FollowUp,
    from_states: Sequence[State],
    state: State,
    ended: Ended,
    final: FinalCode,
    promised: AppointmentState = AppointmentState.CANCELLED,
    **when: object,
) -> bool:
    """Write the end through a condition, so that it happens once; an appointment still open ends with it."""
    found = FollowUp.objects.filter(pk=row.pk, state__in=from_states).update(
        state=state, ended=ended, aapor=final.aapor, letter=final.letter, **OUT_OF_THE_QUEUE, **when
    )
    if found:
        Appointment.objects.open().filter(follow_up=row.pk).update(state=promised)
    return bool(found)
