"""People who live through some months of a study by the use cases alone: what a large panel is copied after."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.apps import apps

from audit.models import AuditEvent, Seal
from benchmarks.patterns import Pattern, pattern_of
from benchmarks.small_study import SmallStudy
from casework import upkeep
from followups.calling import claiming, delivering, dialling, recording
from followups.calling.heard import Heard
from followups.models import Attempt, FollowUp
from followups.scheduling.rules import DEFAULT_RULES, StageRule
from followups.ticking.tick import tick
from kernel.languages import LANGUAGES
from tracker.models import Respondent

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS = 40
NOW = BEGAN + timedelta(days=DAYS, hours=7, minutes=20)
"""The moment of every measurement: a weekday morning in most of the zones, with no window's edge near."""
ATTEMPTS = 5
PEOPLE = 48
CALLERS = 4
SHARE_TO_CALL = 0.2
LANGUAGE_COUNT = 19
TEAM_COUNT = 10
STEP = timedelta(hours=3)
BY_DAY = range(5, 21)
CALLS_A_STEP = 6
OUTCOMES = (
    "completed",
    "completed",
    "no_answer",
    "no_answer",
    "no_answer",
    "busy",
    "switched_off",
    "not_now",
)
NOBODY_SPEAKS = "ln"
"""A language of the panel that nobody in it speaks."""


FIRST_TEAM = "T1"


def spoken() -> tuple[str, ...]:
    """English first: every second person speaks it."""
    return ("en", *[code for code in LANGUAGES if code not in ("en", NOBODY_SPEAKS)][: LANGUAGE_COUNT - 1])


def study() -> SmallStudy:
    """Ten teams and nineteen languages; windows are long, so that nearly everybody's stands open."""
    return SmallStudy(
        CALLERS,
        BEGAN,
        teams=TEAM_COUNT,
        languages=spoken(),
        rules=[_often(one) for one in DEFAULT_RULES.values()],
    )


def _often(rule: StageRule) -> StageRule:
    if not rule.outbound:
        return rule
    return StageRule(rule.stage, (10,), early_days=8, late_days=60, attempt_cap=8)


class Lives:
    """Their enrolments, calls and ticks, in the order of time."""

    def __init__(self, made: SmallStudy, people: int = PEOPLE) -> None:
        self._study, self._people = made, people
        self._random = Random(7)  # noqa: S311  # nosec B311
        self._made = 0

    def live(self) -> None:
        """Until a little before NOW, when a tick has looked at everything that was due."""
        enrolled = 0
        turns = timedelta(days=DAYS) // STEP
        for turn in range(turns):
            at = BEGAN + turn * STEP
            share = min(1.0, 8 * (turn + 1) / turns)
            while enrolled < self._people * share:
                form, by = self._study.joining(enrolled)
                self._study.enrol(form, by, at)
                enrolled += 1
            if at.hour in BY_DAY:
                tick(at)
                self._calls(at)
        upkeep.run(NOW - timedelta(hours=1))
        tick(NOW - timedelta(minutes=1))

    def _calls(self, at: datetime) -> None:
        for caller in self._study.enumerators:
            for nth in range(CALLS_A_STEP):
                if self._made >= ATTEMPTS * self._people or not self._sitting(
                    caller, at + timedelta(minutes=20 * nth)
                ):
                    break

    def _sitting(self, caller: Any, at: datetime) -> bool:
        claim = claiming.next_call(by=caller, now=at)
        if claim is None:
            return False
        dial = dialling.order(claim_id=claim.pk, by=caller, now=at).dial
        if dial is None:
            return True
        self._made += 1
        delivering.deliver(dial_id=dial.pk, now=at + timedelta(seconds=2))
        recording.record(
            attempt_id=dial.attempt_id, heard=self._heard(), by=caller, now=at + timedelta(minutes=12)
        )
        return True

    def _heard(self) -> Heard:
        code = self._random.choice(OUTCOMES)
        return Heard(code, interview=True, recontact=True) if code == "completed" else Heard(code)


def patterns() -> list[Pattern]:
    """One of each who lived; their trail is not copied: it is never read on the paths that are measured.

    At any moment one in eight or so can be called. Of those whom the callers of the benchmark may take there are as
    many more as it needs, at any size, for a crowd of callers to find one each.
    """
    everybody = list(Respondent.objects.order_by("pk"))
    first = FollowUp.objects.ready_at(NOW).filter(team__code=FIRST_TEAM, language=spoken()[0])
    wanted = set(first.values_list("respondent", flat=True))
    if not wanted:
        raise AssertionError("nobody who lived can be called at the moment of measuring")
    nothing = [model for model in apps.get_models() if not model._base_manager.exists()]
    found = [pattern_of(one, without=(AuditEvent, Seal, *nothing)) for one in everybody]
    again = [pattern for one, pattern in zip(everybody, found, strict=True) if one.pk in wanted]
    return found + again * max(0, round(SHARE_TO_CALL * len(found) / len(again)) - 1)


def attempts_each() -> float:
    """How many sittings there were for each person, on average."""
    return Attempt.objects.count() / max(Respondent.objects.count(), 1)
