"""The observer over real trails: histories lived through the use cases, and the same with a rule taken away."""

from datetime import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from followups.scheduling.reasons import Reason
from tests.followups import histories
from tests.followups.broken_rules import HOLD_BOTH, RULES_OF_REST, TRY, TUNIS, WITHDRAW_BOTH, take_away
from tests.year import observer, rows
from tests.year.answer_key import BEGINNING, AnswerKey, Hours, Line, Person, SafeTimes
from tracker.models import Respondent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WITHOUT_REST = (*RULES_OF_REST, Reason.ROUND_CAP)
MINUTES_A_DAY = 24 * 60


def key_of(life):
    """What the history says of its two people, who share one number."""
    people = {}
    for one in life.people:
        person = Respondent.objects.get(pk=one.pk)
        changes = tuple(
            (at, SafeTimes(unsafe=Hours(time(hour), time(hour + 2))))
            for who, about, hour, _said, at in life.heard
            if about == "unsafe_hours" and who == one.pk
        )
        lines = {
            point.pk: Line(str(life.people[0].pk), changes=changes) for point in person.contact_points.all()
        }
        clocks = tuple((BEGINNING, zone) for zone in person.zones)
        people[person.audit_ref] = Person(person.audit_ref, clocks, lines)
    return people


def found_in(life, everybody):
    """What the observer finds in this history and those lived in the same test before: it reads the whole trail."""
    everybody |= key_of(life)
    return observer.judge(key=AnswerKey(everybody), diary=object(), rows=rows.count())


@pytest.fixture
def everybody():
    """The answer key of all histories of one test."""
    return {}


@pytest.fixture
def checks_in(db, everybody):
    def names(*events):
        life = histories.live((TUNIS, TUNIS, "arrived", list(events)))
        return {violation.check for violation in found_in(life, everybody)}

    return names


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories.histories)
def test_whatever_happens_in_whatever_order_the_observer_finds_no_promise_broken(db, everybody, history):
    life = histories.live(history)

    found = found_in(life, everybody)

    assert not found, observer.report(found)


def test_with_every_rule_in_place_none_of_these_histories_breaks_a_promise(checks_in):
    assert checks_in(*HOLD_BOTH, TRY) == set()
    assert checks_in(*WITHDRAW_BOTH, TRY) == set()
    assert checks_in(TRY, ("wait", 60), TRY, ("wait", 60), TRY, ("wait", 60), TRY) == set()
    assert checks_in(("wait", 14 * 60), TRY) == set()


def test_a_hold_that_is_not_asked_after_is_seen(checks_in, monkeypatch):
    take_away(monkeypatch, Reason.ON_HOLD)
    assert "P5 hold" in checks_in(*HOLD_BOTH, TRY)


def test_hours_that_are_not_asked_after_are_seen(checks_in, monkeypatch):
    take_away(monkeypatch, Reason.OUTSIDE_SAFE_TIMES)
    assert "P5 hours" in checks_in(("wait", 14 * 60), TRY)


def test_rest_that_is_not_asked_after_is_seen_of_the_person_the_number_and_the_round(checks_in, monkeypatch):
    take_away(monkeypatch, *WITHOUT_REST)
    # More than two people's caps together, however the tries fall on the two.
    tries = [(TRY, ("wait", 60)), (TRY, ("wait", 60)), (TRY, ("wait", MINUTES_A_DAY))] * 5
    found = checks_in(*(event for pair in tries for event in pair))
    assert {"P5 person", "P5 number", "P5 spacing", "P5 round"} <= found


def test_consent_that_is_not_asked_after_is_seen(checks_in, monkeypatch):
    from consent import permits

    take_away(monkeypatch, Reason.RECONTACT_NOT_PERMITTED)
    monkeypatch.setattr(permits, "_stands", lambda *of: True)
    assert "P1 consent" in checks_in(*WITHDRAW_BOTH, TRY)


def test_a_trail_that_was_cut_is_seen():
    life = histories.live((TUNIS, TUNIS, "arrived", [TRY, ("wait", 240), TRY]))
    known = AnswerKey(key_of(life))
    whole = list(observer.telling.events())
    outcome = next(one for one in whole if one.action == "followups.outcome_recorded")
    cut = [one for one in whole if one is not outcome]

    found = observer.judge_these(cut, observer.telling.dials(), key=known, diary=object(), rows=rows.count())

    assert {one.check for one in found} == {"P4 totals"}


def test_a_history_tells_of_enough_to_be_judged():
    """Otherwise the first test here would be content with nothing."""
    life = histories.live((TUNIS, TUNIS, "arrived", [TRY, ("wait", 240), TRY, ("unsafe",)]))
    counted = rows.count()
    assert (counted.sittings, counted.dials_placed, counted.holds) == (2, 2, 1)
    assert found_in(life, {}) == []
