"""Planning the next interview owed: from the stage now stated, in the respondent's own calendar."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from audit import trail
from audit.actions import Action
from followups import ending, holding, locking
from followups.intending import Intended, intended, waves_of
from followups.models import FollowUp, Rule
from followups.models.follow_ups import LIVE, Ended, State
from followups.models.restraints import HoldKind
from followups.plans import rules_in_force
from followups.scheduling.planning import Review, Window
from followups.scheduling.rules import StageRule
from kernel import zones
from kernel.statements import insert, statement
from tracker.models import Enrolment, Respondent, Study
from tracker.models.respondents import Status
from tracker.stages import Stage, allows_outbound

Rules = Mapping[Stage, Rule]


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
        if past and past[-1].ended == Ended.NOT_FOUND:
            # Lost, until they contact us or give another number (`tracing.come_back`).
            return None
        rules = rules_in_force(enrolment.study)
        owed = intended(enrolment, past, as_stage_rules(rules), waves_of(enrolment), now)
        planned = next((one for one in past if one.state == State.PLANNED), None)
        if owed is None or isinstance(owed.when, Review):
            not_planned(enrolment.respondent, planned, owed, now)
            return None
        return _write(enrolment, columns_of(enrolment.respondent, owed, owed.when, rules), planned, now)


@statement
def _past(enrolment_id: UUID) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(enrolment=enrolment_id).order_by("round_number")


def plan_many(*, enrolments: Sequence[Enrolment], now: datetime) -> int:
    """Plan the first interview of people enrolled just now, in bulk; how many. For importers, who leave one event."""
    planned = []
    for study, people in _by_study(enrolments).items():
        rules, waves = rules_in_force(study), waves_of(people[0])
        stage_rules = as_stage_rules(rules)
        for one in people:
            owed = intended(one, [], stage_rules, waves, now)
            if owed is None or isinstance(owed.when, Review):
                not_planned(one.respondent, None, owed, now)
                continue
            columns = columns_of(one.respondent, owed, owed.when, rules)
            planned.append(_follow_up(one, columns))
    FollowUp.objects.bulk_create(planned, batch_size=1000)
    return len(planned)


def _by_study(enrolments: Sequence[Enrolment]) -> dict[Study, list[Enrolment]]:
    found: dict[Study, list[Enrolment]] = defaultdict(list)
    for one in enrolments:
        if one.is_followed:
            found[one.study].append(one)
    return found


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
        team=respondent.team,
        language=respondent.language,
        caller_gender=respondent.caller_gender,
        usual_enumerator=respondent.usual_enumerator_id,
    )


def _write(
    enrolment: Enrolment, columns: dict[str, Any], planned: FollowUp | None, now: datetime
) -> FollowUp:
    if planned is None:
        fresh = _follow_up(enrolment, columns)
        insert([fresh])
    elif says_the_same(planned, columns):
        return planned
    else:
        FollowUp.objects.filter(pk=planned.pk, state=State.PLANNED).update(**columns)
        fresh = FollowUp.objects.get(pk=planned.pk)
    tell_planned(fresh, enrolment, now)
    return fresh


def tell_planned(row: FollowUp, enrolment: Enrolment, now: datetime) -> None:
    """Leave in the trail that it was planned, and for when."""
    trail.record(
        Action.FOLLOW_UP_PLANNED,
        by=None,
        at=now,
        audit_ref=enrolment.respondent.audit_ref,
        object_type="follow_up",
        object_id=row.pk,
        detail={"round": row.round_number, "stage": row.stage, "due": row.due_at.isoformat()},
    )


def _follow_up(enrolment: Enrolment, columns: dict[str, Any]) -> FollowUp:
    person = enrolment.respondent
    return FollowUp(
        enrolment=enrolment, respondent=person, usual_enumerator_id=person.usual_enumerator_id, **columns
    )


def says_the_same(planned: FollowUp, columns: Mapping[str, Any]) -> bool:
    """Whether nothing would change if these columns were written."""
    return all(getattr(planned, column) == value for column, value in columns.items())


def as_stage_rules(rules: Rules) -> dict[Stage, StageRule]:
    """The same rules as the engine reads them."""
    return {stage: rule.as_stage_rule() for stage, rule in rules.items()}


def columns_of(person: Respondent, owed: Intended, window: Window, rules: Rules) -> dict[str, Any]:
    """What is written into a planned follow-up: the window of what is owed, and what the queue asks by."""
    return {
        "rule_id": rules[Stage(person.stage)].pk,
        "round_number": owed.round_number,
        "stage": person.stage,
        "opens_at": window.opens_at,
        "due_at": window.due_at,
        "closes_at": window.closes_at,
        "team_id": person.team_id,
        "language": person.language,
        "caller_gender": person.caller_gender,
    }


def not_planned(person: Respondent, planned: FollowUp | None, owed: Intended | None, now: datetime) -> None:
    """Take back what is planned: no round is left, or nobody is called and a coordinator looks on the review day."""
    if planned is not None:
        FollowUp.objects.filter(pk=planned.pk, state=State.PLANNED).delete()
    if owed is None or not isinstance(owed.when, Review):
        return
    kind = HoldKind.DETENTION if person.stage == Stage.DETAINED else HoldKind.REVIEW
    review_at = zones.at_local(owed.when.on, time(), person.likeliest_zone)
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
