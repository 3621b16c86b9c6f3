"""Planning the next interview owed: from the stage now stated, in the respondent's own calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from audit import trail
from audit.actions import Action
from followups import ending, holding, locking
from followups.models import FollowUp, Rule
from followups.models.follow_ups import LIVE, UNFINISHED, Ended, State
from followups.models.restraints import HoldKind
from followups.plans import rules_in_force
from followups.scheduling import planning as windows
from followups.scheduling.planning import Review, RoundDates, Window
from kernel import zones
from kernel.statements import insert, statement
from tracker.models import Enrolment, Respondent, Round
from tracker.models.respondents import Status
from tracker.models.studies import StudyKind
from tracker.stages import Stage, allows_outbound

DAY = timedelta(days=1)
PLANNED_COLUMNS = (
    "rule_id", "round_number", "stage", "opens_at", "due_at", "closes_at", "team_id", "language", "caller_gender",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intended:
    """What is owed next: the round it belongs to, the rule it comes from, and its window or review."""

    round_number: int
    rule: Rule
    when: Window | Review


def plan_next(*, enrolment: Enrolment, now: datetime) -> FollowUp | None:
    """Plan, or plan again, the interview owed next; None where nobody is called (a review is set) or no round is left.

    Doing it twice changes nothing. Raises `no_plan` for a study without a plan.
    """
    with transaction.atomic():
        if enrolment.respondent.status != Status.ACTIVE or not enrolment.is_followed:
            return None
        past = _past(enrolment.pk)
        if any(one.state in LIVE for one in past):
            return next(one for one in past if one.state in LIVE)
        intended = _intended(enrolment, past, rules_in_force(enrolment.study), now)
        if intended is None:
            return None
        if isinstance(intended.when, Review):
            _await_review(enrolment.respondent, intended.when, past, now)
            return None
        return _write(enrolment, _row(enrolment, intended, intended.when), past, now)


@statement
def _past(enrolment_id: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(enrolment=enrolment_id).order_by("round_number")


def plan_many(*, enrolments: Sequence[Enrolment], now: datetime) -> int:
    """Plan the first interview of people enrolled just now, in bulk; how many. For importers, who leave one event."""
    rules = {study.pk: rules_in_force(study) for study in {one.study for one in enrolments}}
    planned = []
    for enrolment in enrolments:
        intended = _intended(enrolment, [], rules[enrolment.study_id], now)
        if intended is None or not enrolment.is_followed:
            continue
        if isinstance(intended.when, Review):
            _await_review(enrolment.respondent, intended.when, [], now)
            continue
        planned.append(_row(enrolment, intended, intended.when))
    FollowUp.objects.bulk_create(planned, batch_size=1000)
    return len(planned)


def replan(*, respondent: Respondent, now: datetime) -> None:
    """Put what is owed in step with where the respondent is now: stage, country, language, team.

    A planned interview moves; one already issued stays owed, unless nobody is called at the new stage.
    """
    with transaction.atomic():
        locking.hold_still(respondent.pk)
        keep_in_step(respondent)
        if allows_outbound(Stage(respondent.stage)):
            holding.end_of_stage(respondent=respondent, now=now)
        for enrolment in respondent.enrolments.select_related("study", "respondent"):
            rule = rules_in_force(enrolment.study)[Stage(respondent.stage)]
            if not rule.outbound:
                _cancel_live(enrolment, now)
            plan_next(enrolment=enrolment, now=now)
        # What is live is looked at again at once: its hours may have moved.
        holding.look_again(respondent, now)


def keep_in_step(respondent: Respondent) -> None:
    """Copy what the queue asks by from the respondent to what is owed."""
    FollowUp.objects.of(respondent).unfinished().update(
        team=respondent.team, language=respondent.language, caller_gender=respondent.caller_gender
    )


def _intended(
    enrolment: Enrolment, past: Sequence[FollowUp], rules: dict[Stage, Rule], now: datetime
) -> Intended | None:
    person = enrolment.respondent
    rule = rules[Stage(person.stage)]
    ended = [one for one in past if one.state not in UNFINISHED]
    zone_name = person.likeliest_zone
    if enrolment.study.kind == StudyKind.CALENDAR:
        return _in_next_round(enrolment, rule, ended, zone_name, now)
    here = [one for one in ended if one.closed_at and one.closed_at > person.stage_since]
    when = windows.plan_next(
        rule.as_stage_rule(),
        anchor_at=_anchor(enrolment, ended),
        zone_name=zone_name,
        nth=len(here) + 1,
        now=now,
    )
    return Intended(_last_round(ended) + 1, rule, when)


def _in_next_round(
    enrolment: Enrolment, rule: Rule, ended: Sequence[FollowUp], zone_name: str, now: datetime
) -> Intended | None:
    for wave in Round.objects.filter(study=enrolment.study, number__gt=_last_round(ended)).order_by("number"):
        when = windows.plan_in_round(rule.as_stage_rule(), _dates(wave), zone_name=zone_name, now=now)
        if when is not None:
            return Intended(wave.number, rule, when)
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


def _write(enrolment: Enrolment, fresh: FollowUp, past: Sequence[FollowUp], now: datetime) -> FollowUp:
    planned = next((one for one in past if one.state == State.PLANNED), None)
    if planned is not None and _says_the_same(planned, fresh):
        return planned
    if planned is None:
        insert([fresh])
    else:
        changes = {column: getattr(fresh, column) for column in PLANNED_COLUMNS}
        FollowUp.objects.filter(pk=planned.pk, state=State.PLANNED).update(**changes)
        fresh = FollowUp.objects.get(pk=planned.pk)
    trail.record(
        Action.FOLLOW_UP_PLANNED,
        by=None,
        at=now,
        audit_ref=enrolment.respondent.audit_ref,
        object_type="follow_up",
        object_id=fresh.pk,
        detail={"round": fresh.round_number, "stage": fresh.stage, "due": fresh.due_at.isoformat()},
    )
    return fresh


def _says_the_same(planned: FollowUp, fresh: FollowUp) -> bool:
    return all(getattr(planned, column) == getattr(fresh, column) for column in PLANNED_COLUMNS)


def _row(enrolment: Enrolment, intended: Intended, window: Window) -> FollowUp:
    person = enrolment.respondent
    return FollowUp(
        enrolment=enrolment,
        respondent=person,
        rule=intended.rule,
        round_number=intended.round_number,
        stage=person.stage,
        team_id=person.team_id,
        language=person.language,
        caller_gender=person.caller_gender,
        opens_at=window.opens_at,
        due_at=window.due_at,
        closes_at=window.closes_at,
    )


def _await_review(person: Respondent, review: Review, past: Sequence[FollowUp], now: datetime) -> None:
    """Nobody is called at this stage: a coordinator looks on the review day; a planned interview is taken back."""
    FollowUp.objects.filter(pk__in=[one.pk for one in past], state=State.PLANNED).delete()
    kind = HoldKind.DETENTION if person.stage == Stage.DETAINED else HoldKind.REVIEW
    zone_name = person.likeliest_zone
    review_at = zones.at_local(review.on, time(), zone_name)
    holding.ensure(respondent=person, kind=kind, review_at=review_at, now=now)


def _cancel_live(enrolment: Enrolment, now: datetime) -> None:
    """End what is issued because nobody is called at the new stage; the round stays on record as such."""
    for row in FollowUp.objects.filter(enrolment=enrolment).live():
        ending.cancel(row, Ended.NOT_CALLABLE_STAGE, now=now)


def enrolments_of(respondent_ids: Sequence[UUID]) -> list[Enrolment]:
    """The enrolments of these respondents with what planning reads joined in."""
    return _enrolments(respondent_ids)


@statement
def _enrolments(respondent_ids: Sequence[UUID]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(respondent__in=respondent_ids).select_related("study", "respondent")
