"""What one dial gives: nobody, a stranger, somebody of the household, or the person, and what they say."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from followups.gateways.simulated.chances import chance, pick
from followups.gateways.simulated.habits import habits_of, picks_up, wants_help, wants_no_more
from followups.gateways.simulated.journeys import Episode, episode_at
from followups.gateways.simulated.lines import lines_at, once_gone
from followups.gateways.simulated.numbers import holder_of
from tracker.stages import NEVER_CALLED, Stage


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of ringing a number at a moment. `outcome` is the disposition an attentive enumerator would record.

    The rest is what the person would say if asked: where they are (`now`), from when (`moved_at`), which lines of
    theirs work, in how many hours to call again, whether they want help from a partner.
    """

    person: int
    outcome: str
    episode: Episode
    lines: tuple[int, ...]
    call_again_hours: int = 0
    wants_help: bool = False


SILENT = frozenset({"switched_off", "not_working", "disconnected", "out_of_service", "not_connected"})
"""Outcomes of a dial that rang nowhere."""

_NOBODY = {
    "no_answer": 0.74, "switched_off": 0.12, "busy": 0.06, "answering_machine": 0.04, "out_of_service": 0.02,
    "not_connected": 0.02,
}  # fmt: skip
_OTHER = {"other_answered": 0.88, "refused_by_other": 0.07, "deceased": 0.02, "supervisor": 0.03}
_NOT_FREE = {"callback_firm": 0.35, "callback_soft": 0.25, "not_now": 0.30, "not_this_round": 0.10}
_NO = {"soft_refusal": 0.75, "break_off": 0.15, "hard_refusal": 0.10}
_SELDOM = {
    "unsafe": 0.012, "technical": 0.020, "language": 0.004, "unable": 0.006, "unsafe_number": 0.002, "minor": 0.001,
    "partial": 0.035,
}  # fmt: skip


def answer(e164: str, at: datetime) -> Answer:
    """What ringing this number at this moment gives; the same whenever it is asked."""
    person, line = holder_of(e164)
    random = chance("dial", person, line, int(at.timestamp()) // 60)
    episode, lines = episode_at(person, at), lines_at(person, at)
    return Answer(
        person=person,
        outcome=_outcome(person, line, lines, episode, at, random),
        episode=episode,
        lines=lines,
        call_again_hours=random.choice((3, 20, 22, 24, 26, 47)),
        wants_help=wants_help(person, at),
    )


def _outcome(
    person: int, line: int, lines: tuple[int, ...], episode: Episode, at: datetime, random: Random
) -> str:
    if line not in lines:
        return once_gone(person, line, at)
    if episode.stage in NEVER_CALLED:
        return _out_of_reach(episode.stage, random)
    # The second phone lies in a bag: it is answered half as often.
    share = 1.0 if line == lines[0] else 0.5
    if random.random() < picks_up(person, at, episode.place.zone) * share:
        return _says(person, at, random)
    return pick(random, _OTHER if random.random() < habits_of(person).other_picks_up else _NOBODY)


def _out_of_reach(stage: Stage, random: Random) -> str:
    """With smugglers or behind bars: the phone is off, or in other hands."""
    if stage is Stage.DETAINED:
        return pick(
            random, {"detained": 0.35, "other_answered": 0.15, "switched_off": 0.30, "no_answer": 0.20}
        )
    return pick(random, {"switched_off": 0.75, "no_answer": 0.15, "unsafe": 0.10})


def _says(person: int, at: datetime, random: Random) -> str:
    """The person is on the line."""
    habits = habits_of(person)
    if wants_no_more(person, at):
        return "hard_refusal"
    if random.random() > habits.free_to_talk:
        return pick(random, _NOT_FREE)
    if random.random() < habits.says_no:
        return pick(random, _NO)
    return pick(random, {**_SELDOM, "completed": 1 - sum(_SELDOM.values())})
