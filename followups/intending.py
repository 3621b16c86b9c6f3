"""What is owed to a study next: the round, the rule and the window, worked out from what is known; writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from followups.models import FollowUp
from followups.models.follow_ups import UNFINISHED, State
from followups.scheduling import planning as windows
from followups.scheduling.planning import Review, RoundDates, Window
from followups.scheduling.rules import StageRule
from kernel.statements import statement
from tracker.models import Enrolment, Round
from tracker.models.studies import StudyKind
from tracker.stages import Stage

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Intended:
    """What is owed next: the round it belongs to, and its window or review."""

    round_number: int
    when: Window | Review


def intended(
    enrolment: Enrolment,
    past: Sequence[FollowUp],
    rules: Mapping[Stage, StageRule],
    waves: Sequence[Round],
    now: datetime,
) -> Intended | None:
    """What is owed after `past`, which is all there was of this enrolment; None where no round is left.

    `waves` are the rounds of a calendar study in their order; a rolling study has none.
    """
    person = enrolment.respondent
    rule = rules[Stage(person.stage)]
    ended = [one for one in past if one.state not in UNFINISHED]
    if enrolment.study.kind == StudyKind.CALENDAR:
        return _in_next_round(waves, rule, ended, person.likeliest_zone, now)
    here = [one for one in ended if one.closed_at and one.closed_at > person.stage_since]
    when = windows.plan_next(
        rule,
        anchor_at=_anchor(enrolment, ended),
        zone_name=person.likeliest_zone,
        nth=len(here) + 1,
        now=now,
    )
    return Intended(_last_round(ended) + 1, when)


def waves_of(enrolment: Enrolment) -> Sequence[Round]:
    """The rounds of a calendar study in their order; none for a rolling one, which is not asked."""
    return _waves(enrolment.study_id) if enrolment.study.kind == StudyKind.CALENDAR else ()


@statement
def _waves(study_id: UUID) -> QuerySet[Round]:
    return Round.objects.filter(study=study_id).order_by("number")


def _in_next_round(
    waves: Sequence[Round], rule: StageRule, ended: Sequence[FollowUp], zone_name: str, now: datetime
) -> Intended | None:
    last = _last_round(ended)
    for wave in waves:
        if wave.number <= last:
            continue
        when = windows.plan_in_round(rule, _dates(wave), zone_name=zone_name, now=now)
        if when is not None:
            return Intended(wave.number, when)
    return None


def _dates(wave: Round) -> RoundDates:
    """A round names the first day without calls; the engine the last day with them."""
    return RoundDates(wave.opens_on, wave.closes_on - DAY)


def _anchor(enrolment: Enrolment, ended: Sequence[FollowUp]) -> datetime:
    """From when the interval counts: the last interview, a missed window's due day, or the last move, the latest."""
    moments = [enrolment.at, enrolment.respondent.stage_since]
    moments += [one.closed_at for one in ended if one.state == State.DONE and one.closed_at]
    moments += [one.due_at for one in ended if one.state in (State.MISSED, State.CANCELLED) and one.issued_at]
    return max(moments)


def _last_round(ended: Sequence[FollowUp]) -> int:
    return max((one.round_number for one in ended), default=0)
