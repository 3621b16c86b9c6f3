"""The outcomes an enumerator may record, as data: AAPOR codes (Standard Definitions, 9th ed.), delays (queXS)."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from followups.scheduling.final_codes import FinalCode, final_code
from followups.scheduling.outcomes import (
    Disposition,
    FinalRank,
    FollowUpOutcome,
    HoldEffect,
    Letter,
    WhoAnswered,
)
from followups.scheduling.priority import PriorityClass
from followups.scheduling.situation import AppointmentKind, HoldKind
from kernel.errors import NotFound
from tracker.number_status import NumberStatus

__all__ = ["DISPOSITIONS", "Disposition", "FinalCode", "disposition", "final_code"]

THREE_HOURS = 180
NEXT_DAY = 20 * 60  # 20 hours, so that the same hour of tomorrow is not missed by minutes
ONE_WEEK = 7 * 24 * 60

DONE, RESTING, CLOSES = FollowUpOutcome.DONE, FollowUpOutcome.RESTING, FollowUpOutcome.CLOSES
RESPONDENT, OTHER, NOBODY = WhoAnswered.RESPONDENT, WhoAnswered.OTHER, WhoAnswered.NOBODY
REACHED_BEFORE, NO_ANSWER = PriorityClass.REACHED_BEFORE, PriorityClass.NO_ANSWER
UNTIL_REVIEWED = HoldEffect(HoldKind.SAFETY, None)
A_WEEK_AFTER_REFUSAL = HoldEffect(HoldKind.REFUSAL, 7)

_INTERVIEWED = (
    Disposition(
        "completed", "1.1", _("Interview completed"), _("You reached the end of the questions."),
        DONE, FinalRank.COMPLETE, REACHED_BEFORE, RESPONDENT, Letter.COMPLETE,
        number_effect=NumberStatus.ACTIVE,
    ),
    Disposition(
        "partial", "1.2", _("Partly done, to be resumed"),
        _("At least half of the questions are answered and the person is willing to go on another time."),
        RESTING, FinalRank.PARTIAL, PriorityClass.PARTIAL_TO_RESUME, RESPONDENT, Letter.PARTIAL,
        delay_minutes=THREE_HOURS, number_effect=NumberStatus.ACTIVE,
    ),
)  # fmt: skip

_REFUSED = (
    Disposition(
        "hard_refusal", "2.112b", _("Does not want to be called again"),
        _("The person clearly asked not to be contacted. Everything planned for them stops now."),
        CLOSES, FinalRank.STOPPED, REACHED_BEFORE, RESPONDENT, Letter.REFUSAL, ends_contact=True,
    ),
    Disposition(
        "soft_refusal", "2.112a", _("Not willing now"),
        _("The person said no this time. After a week a colleague may ask once more."),
        RESTING, FinalRank.SOFT_REFUSAL, REACHED_BEFORE, RESPONDENT, Letter.REFUSAL,
        delay_minutes=ONE_WEEK, hold=A_WEEK_AFTER_REFUSAL,
    ),
    Disposition(
        "break_off", "2.12", _("Stopped in the middle"),
        _("The person ended the interview before half of it was done. A colleague may ask once more after a week."),
        RESTING, FinalRank.SOFT_REFUSAL, REACHED_BEFORE, RESPONDENT, Letter.REFUSAL,
        delay_minutes=ONE_WEEK, hold=A_WEEK_AFTER_REFUSAL,
    ),
    Disposition(
        "refused_by_other", "2.111", _("Someone else said no"),
        _("Another person refused for them. You told nobody what the call is about."),
        RESTING, FinalRank.SOFT_REFUSAL, PriorityClass.OTHER_PERSON_ANSWERED, OTHER, Letter.REFUSAL,
        delay_minutes=ONE_WEEK, hold=A_WEEK_AFTER_REFUSAL,
    ),
)  # fmt: skip

_CALL_BACK = (
    Disposition(
        "callback_firm", "2.21", _("Asked to be called at a time"), _("Enter the time on the person's own clock."),
        RESTING, FinalRank.CALL_BACK_NOT_HONOURED, REACHED_BEFORE, RESPONDENT,
        needs_appointment=AppointmentKind.FIRM, number_effect=NumberStatus.ACTIVE,
    ),
    Disposition(
        "callback_soft", "2.21", _("Asked to be called in a period"), _("For example “tomorrow evening”."),
        RESTING, FinalRank.CALL_BACK_NOT_HONOURED, REACHED_BEFORE, RESPONDENT,
        needs_appointment=AppointmentKind.SOFT, number_effect=NumberStatus.ACTIVE,
    ),
    Disposition(
        "not_now", "2.90", _("Cannot talk now"), _("The person was there but named no other time."),
        RESTING, FinalRank.REACHED, REACHED_BEFORE, RESPONDENT,
        delay_minutes=NEXT_DAY, number_effect=NumberStatus.ACTIVE,
    ),
    Disposition(
        "not_this_round", "2.35", _("Not this time"), _("The person cannot take part this time but stays with us."),
        CLOSES, FinalRank.PREVENTED, REACHED_BEFORE, RESPONDENT, Letter.OTHER,
        number_effect=NumberStatus.ACTIVE,
    ),
)  # fmt: skip

_NOT_REACHED = (
    Disposition(
        "other_answered", "2.21", _("Someone else answered"),
        _("You told nobody what the call is about. Another part of the day is tried next."),
        RESTING, FinalRank.OTHER_ANSWERED, PriorityClass.OTHER_PERSON_ANSWERED, OTHER, delay_minutes=NEXT_DAY,
    ),
    Disposition(
        "no_answer", "3.13", _("No answer"), _("It rang and nobody answered."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, NOBODY, delay_minutes=THREE_HOURS,
    ),
    # A busy line may have shown the call to the person, so it is a burden and spaced like any other.
    Disposition(
        "busy", "3.12", _("Busy"), _("The line was busy."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.BUSY, NOBODY, delay_minutes=THREE_HOURS,
    ),
    Disposition(
        "answering_machine", "2.22", _("Answering machine"), _("You left no message."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, NOBODY, delay_minutes=THREE_HOURS,
    ),
    Disposition(
        "switched_off", "3.16", _("Switched off or no coverage"), _("The network said the phone cannot be reached."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.SWITCHED_OFF, NOBODY, delay_minutes=NEXT_DAY,
        number_effect=NumberStatus.TEMPORARILY_OFF, counts_as_burden=False,
    ),
    Disposition(
        "technical", "3.16", _("Line dropped or could not be heard"),
        _("The call went through but you could not talk. If they agreed to be called again at once, do that first."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, WhoAnswered.UNKNOWN, delay_minutes=NEXT_DAY,
    ),
    Disposition(
        "not_connected", "3.16", _("The call did not go out"), _("A fault of the network or of our system."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, NOBODY, delay_minutes=60, counts_as_burden=False,
    ),
)  # fmt: skip

_NUMBER = (
    Disposition(
        "wrong_number", "3.90", _("Wrong number"), _("The person who answered does not know them. You apologised."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, OTHER, delay_minutes=THREE_HOURS,
        number_effect=NumberStatus.WRONG_PERSON,
    ),
    Disposition(
        "not_working", "4.31", _("Number does not exist"), _("The network said this is not a number in use."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, NOBODY,
        number_effect=NumberStatus.NON_WORKING, counts_as_burden=False,
    ),
    Disposition(
        "disconnected", "4.32", _("Disconnected"), _("The network said the number is no longer in service."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, NOBODY,
        number_effect=NumberStatus.DISCONNECTED, counts_as_burden=False,
    ),
    Disposition(
        "out_of_service", "4.33", _("Temporarily out of service"), _("The network said to try again later."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.SWITCHED_OFF, NOBODY, delay_minutes=NEXT_DAY,
        number_effect=NumberStatus.OUT_OF_SERVICE_TEMP, counts_as_burden=False,
    ),
    Disposition(
        "number_changed", "4.41", _("Number has changed"),
        _("If the person gave the new number, add it on the next page."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, WhoAnswered.UNKNOWN, delay_minutes=THREE_HOURS,
        number_effect=NumberStatus.CHANGED,
    ),
    Disposition(
        "unsafe_number", "2.90", _("Never call this number again"),
        _("The person says this number is not safe. It is never dialled again, for anyone."),
        RESTING, FinalRank.REACHED, REACHED_BEFORE, RESPONDENT, delay_minutes=NEXT_DAY,
        number_effect=NumberStatus.UNSAFE,
    ),
)  # fmt: skip

_CARE = (
    Disposition(
        "unsafe", "2.90", _("Unsafe to talk"),
        _("Someone was listening, or you felt it was not safe. Nobody calls until a coordinator has looked."),
        RESTING, FinalRank.REACHED, REACHED_BEFORE, WhoAnswered.UNKNOWN, hold=UNTIL_REVIEWED, needs_review=True,
    ),
    Disposition(
        "language", "2.333", _("We need another language"),
        _("Tell your coordinator which language they speak, so that somebody who speaks it calls next."),
        RESTING, FinalRank.PREVENTED, REACHED_BEFORE, WhoAnswered.UNKNOWN, Letter.OTHER,
        delay_minutes=THREE_HOURS, needs_review=True,
    ),
    Disposition(
        "deceased", "2.31", _("Has died"), _("You were told that the person has died. Nobody calls again."),
        CLOSES, FinalRank.DECEASED, REACHED_BEFORE, OTHER, Letter.OTHER, needs_review=True, ends_contact=True,
    ),
    Disposition(
        "unable", "2.32", _("Not able to take part"), _("Illness or another condition does not allow an interview."),
        CLOSES, FinalRank.PREVENTED, REACHED_BEFORE, WhoAnswered.UNKNOWN, Letter.OTHER,
    ),
    Disposition(
        "detained", "2.35", _("Someone says they are detained"),
        _("Nobody calls for 30 days; then a coordinator looks. The phone may be in other hands."),
        CLOSES, FinalRank.PREVENTED, REACHED_BEFORE, OTHER, Letter.OTHER,
        hold=HoldEffect(HoldKind.DETENTION, 30), needs_review=True,
    ),
    Disposition(
        "minor", "4.70", _("Younger than 18"), _("Offer child-protection help. There is no interview."),
        CLOSES, FinalRank.NOT_ELIGIBLE, REACHED_BEFORE, RESPONDENT, Letter.NOT_ELIGIBLE,
        needs_review=True, ends_contact=True,
    ),
    Disposition(
        "supervisor", "2.90", _("A coordinator should decide"),
        _("Nobody calls until a coordinator has looked. Tell them what you need."),
        RESTING, FinalRank.NOTHING_LEARNED, NO_ANSWER, WhoAnswered.UNKNOWN,
        hold=HoldEffect(HoldKind.REVIEW, None), needs_review=True,
    ),
)  # fmt: skip

# Somebody they trust was asked for a new number or a time, and for nothing else; none of it is about the respondent.
_TRUSTED = (
    Disposition(
        "trusted_number", "2.20", _("They gave a new number"),
        _("Add it on the next page. It counts as tried once the person has answered on it."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.TRACING, OTHER,
    ),
    Disposition(
        "trusted_tells", "2.20", _("They will tell them, or know when to try"),
        _("You left nothing but that you would call again."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.TRACING, OTHER, delay_minutes=NEXT_DAY,
    ),
    Disposition(
        "trusted_stranger", "3.90", _("They do not know them"),
        _("You apologised. This number is never dialled again, for anyone."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.TRACING, OTHER, delay_minutes=THREE_HOURS,
        number_effect=NumberStatus.WRONG_PERSON,
    ),
    Disposition(
        "trusted_stop", "2.20", _("They do not want to be called"),
        _("This number is never dialled again, for anyone. It says nothing of the person you look for."),
        RESTING, FinalRank.NOTHING_LEARNED, PriorityClass.TRACING, OTHER, delay_minutes=THREE_HOURS,
        bars_number=True,
    ),
)  # fmt: skip

_ALL = (*_INTERVIEWED, *_REFUSED, *_CALL_BACK, *_NOT_REACHED, *_NUMBER, *_CARE, *_TRUSTED)

DISPOSITIONS: Mapping[str, Disposition] = MappingProxyType({one.code: one for one in _ALL})
"""Every outcome by its stable code, in the order in which they are offered."""

TOLD_BY_ANYONE = frozenset({"other_answered", "technical", "unsafe", "deceased", "detained"})
"""What may be learned from a trusted person too: above all, what makes every further call a danger."""

ON_A_TRUSTED_NUMBER = (
    *_TRUSTED,
    *(one for one in _ALL if one.who_answered is NOBODY or one.code in TOLD_BY_ANYONE),
)
ON_THEIR_OWN_NUMBER = tuple(one for one in _ALL if one not in _TRUSTED)

SOFT_REFUSALS = tuple(one.code for one in _ALL if one.rank is FinalRank.SOFT_REFUSAL)
"""A no for now: after a week somebody else asks once more."""


def offered(*, to_trusted: bool) -> tuple[Disposition, ...]:
    """The outcomes that a call may have: nobody is interviewed, and nothing agreed, with a trusted person."""
    return ON_A_TRUSTED_NUMBER if to_trusted else ON_THEIR_OWN_NUMBER


def disposition(code: str) -> Disposition:
    """The outcome with this code; raises `unknown_outcome` for any other code."""
    try:
        return DISPOSITIONS[code]
    except KeyError:
        raise NotFound(
            "unknown_outcome",
            _("There is no outcome with this name."),
            next_step=_("Choose one from the list."),
        ) from None
