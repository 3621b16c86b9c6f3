"""What a change of a plan would move, before it is saved: counted, and worked out for a bounded number of people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from followups.intending import intended, waves_of
from followups.models import FollowUp, Plan, Rule
from followups.models.follow_ups import LIVE, State
from followups.scheduling.planning import Window
from followups.scheduling.rules import StageRule
from kernel import zones
from tracker.labels import stage_label
from tracker.models import Respondent, Study
from tracker.stages import Stage

SAMPLE = 1_000
"""For so many planned follow-ups the new dates are worked out; of more, for so many drawn at random."""
EXAMPLES = 3


class Moves(StrEnum):
    """What becomes of one planned follow-up."""

    EARLIER = "earlier"
    LATER = "later"
    KEEPS = "keeps"  # the same day; its window may be another
    NOBODY_CALLS = "nobody_calls"  # it is taken back


@dataclass(frozen=True, slots=True)
class Example:
    """One person: the day once due, and the one that would be; None where nobody would call."""

    code: str
    before: date
    after: date | None


@dataclass(frozen=True, slots=True)
class StageLine:
    """The planned follow-ups of one stage, and how many would move where; estimated where `is_exact` is false."""

    label: str
    planned: int
    earlier: int
    later: int
    keeps: int
    nobody_calls: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would move; `still_open` are issued and keep their dates whatever is saved."""

    stages: tuple[StageLine, ...]
    planned: int
    still_open: int
    worked_out: int

    @property
    def is_exact(self) -> bool:
        return self.worked_out >= self.planned


@dataclass(slots=True)
class _Tally:
    """What was worked out of one stage."""

    moves: Counter[Moves] = field(default_factory=Counter)
    examples: list[tuple[UUID, date, date | None]] = field(default_factory=list)


def preview_of(study: Study, rules: Iterable[StageRule], *, by: User, now: datetime) -> Preview:
    """What these rules would move in a study, in a fixed number of queries; names only people whom `by` may see."""
    counts = _counts(study)
    rows = _drawn(study) if counts else []
    tallies = _worked_out(rows, {rule.stage: rule for rule in rules}, now)
    seen = _seen(tallies.values(), by)
    planned = {stage: many for (stage, state), many in counts.items() if state == State.PLANNED}
    return Preview(
        stages=tuple(_line(one, planned[one], tallies[one], seen) for one in Stage if planned.get(one)),
        planned=sum(planned.values()),
        still_open=sum(many for (_stage, state), many in counts.items() if state in LIVE),
        worked_out=len(rows),
    )


def _counts(study: Study) -> Counter[tuple[Stage, str]]:
    """How many are planned and open, by the stage they were planned from; counted by rule, which the index knows."""
    stages = dict(Rule.objects.filter(plan__study=study).values_list("pk", "stage"))
    owed = FollowUp.objects.owed_by(list(stages)).order_by().values_list("rule", "state")
    counts: Counter[tuple[Stage, str]] = Counter()
    for rule, state, many in owed.annotate(many=Count("pk")):
        counts[Stage(stages[rule]), state] += many
    return counts


def _drawn(study: Study) -> list[FollowUp]:
    """All that is planned, or as many as a sample holds: ids are random, and so is where the drawing begins."""
    newest = Plan.objects.current(study)
    rules = list(Rule.objects.filter(plan__study=study).values_list("pk", flat=True))
    planned = FollowUp.objects.owed_by(rules).planned().with_facts().order_by("pk")
    begins = newest.pk if newest else UUID(int=0)
    rows = list(planned.filter(pk__gte=begins)[:SAMPLE])
    return rows + list(planned.filter(pk__lt=begins)[: SAMPLE - len(rows)])


def _worked_out(
    rows: Sequence[FollowUp], rules: Mapping[Stage, StageRule], now: datetime
) -> dict[Stage, _Tally]:
    tallies: dict[Stage, _Tally] = defaultdict(_Tally)
    if not rows:
        return tallies
    waves, past = waves_of(rows[0].enrolment), defaultdict[UUID, list[FollowUp]](list)
    for one in FollowUp.objects.filter(enrolment__in=[row.enrolment_id for row in rows]):
        past[one.enrolment_id].append(one)
    for row in rows:
        row.enrolment.respondent = row.respondent
        owed = intended(row.enrolment, past[row.enrolment_id], rules, waves, now)
        window = owed.when if owed and isinstance(owed.when, Window) else None
        _note(tallies[Stage(row.rule.stage)], row, window)
    return tallies


def _note(tally: _Tally, row: FollowUp, window: Window | None) -> None:
    zone_name = row.respondent.likeliest_zone
    before = zones.local(row.due_at, zone_name).date()
    after = zones.local(window.due_at, zone_name).date() if window else None
    moves = _moves(before, after)
    tally.moves[moves] += 1
    if moves is not Moves.KEEPS and len(tally.examples) < SAMPLE:
        tally.examples.append((row.respondent_id, before, after))


def _moves(before: date, after: date | None) -> Moves:
    if after is None:
        return Moves.NOBODY_CALLS
    if after == before:
        return Moves.KEEPS
    return Moves.EARLIER if after < before else Moves.LATER


def _seen(tallies: Iterable[_Tally], by: User) -> dict[UUID, str]:
    """The spoken codes of those who may be named to this reader."""
    named = [person for tally in tallies for person, _before, _after in tally.examples]
    return {one.pk: one.spoken_code for one in Respondent.objects.visible_to(by).filter(pk__in=named)}


def _line(stage: Stage, planned: int, tally: _Tally, seen: Mapping[UUID, str]) -> StageLine:
    looked_at = sum(tally.moves.values())
    shares = {moves: round(planned * tally.moves[moves] / looked_at) if looked_at else 0 for moves in Moves}
    examples = [Example(seen[one], before, after) for one, before, after in tally.examples if one in seen]
    return StageLine(
        label=stage_label(stage),
        planned=planned,
        earlier=shares[Moves.EARLIER],
        later=shares[Moves.LATER],
        keeps=shares[Moves.KEEPS],
        nobody_calls=shares[Moves.NOBODY_CALLS],
        examples=tuple(examples[:EXAMPLES]),
    )
