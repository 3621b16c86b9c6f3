"""What stands out in a week of looks, as arithmetic."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from audit.actions import Action
from reports.standing_out import Seen, by_person

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
AMINA, BEN = UUID(int=1), UUID(int=2)
SOMEBODY, SOMEBODY_ELSE = UUID(int=11), UUID(int=12)


def seen(action=Action.RESPONDENT_VIEWED, by=AMINA, at=NOON, about=None, outcome="done", opening=None):
    return Seen(by, at, action.value, outcome, about, opening)


def line(*events, zones=None, exceptional=("without_call",), of=AMINA):
    return next(one for one in by_person(events, zones or {}, exceptional) if one.actor_id == of)


def test_looks_are_counted_by_person():
    found = by_person([seen(), seen(), seen(by=BEN)], {}, ())
    assert [(one.actor_id, one.looks) for one in found] == [(AMINA, 2), (BEN, 1)]


def test_nobody_is_in_an_empty_week():
    assert by_person([], {}, ()) == ()


@pytest.mark.parametrize(
    ("zone", "hour", "is_night"),
    [
        ("UTC", 21, 0),
        ("UTC", 22, 1),
        ("UTC", 5, 1),
        ("UTC", 6, 0),
        ("Asia/Kabul", 17, 0),  # 21:30 there
        ("Asia/Kabul", 18, 1),  # 22:30 there
        ("America/New_York", 3, 1),  # 23:00 there, the day before
    ],
)
def test_night_is_night_on_the_clock_of_whoever_looked(zone, hour, is_night):
    assert line(seen(at=NOON.replace(hour=hour)), zones={AMINA: zone}).at_night == is_night


def test_a_look_without_any_work_on_that_person_is_counted_once_a_person():
    events = [seen(about=SOMEBODY), seen(about=SOMEBODY), seen(about=SOMEBODY_ELSE)]
    assert line(*events).without_work == 2


@pytest.mark.parametrize("work", [Action.CLAIMED, Action.OUTCOME_RECORDED, Action.STAGE_MOVED])
def test_work_on_a_person_is_a_reason_to_have_looked_at_them(work):
    assert line(seen(about=SOMEBODY), seen(work, about=SOMEBODY)).without_work == 0


def test_the_work_of_another_is_no_reason():
    assert line(seen(about=SOMEBODY), seen(Action.CLAIMED, by=BEN, about=SOMEBODY)).without_work == 1


@pytest.mark.parametrize("read", [Action.IDENTITY_OPENED, Action.NUMBER_SHOWN, Action.TRAIL_READ])
def test_reading_more_of_somebody_is_no_work(read):
    assert line(seen(about=SOMEBODY), seen(read, about=SOMEBODY)).without_work == 1


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("refused", seen(Action.IDENTITY_OPENED, outcome="refused")),
        ("refused", seen(Action.ACCESS_REFUSED, outcome="refused")),
        ("refused", seen(Action.STEP_UP_REFUSED, outcome="refused")),
        ("exceptional", seen(Action.IDENTITY_OPENED, opening="without_call")),
        ("exports", seen(Action.TRAIL_EXPORTED)),
        ("exports", seen(Action.REGISTER_READ)),
        ("break_glass", seen(Action.BREAK_GLASS_ASKED)),
        ("canaries", seen(Action.CANARY_TOUCHED)),
    ],
)
def test_each_kind_of_thing_to_ask_about_is_counted_and_stands_out(name, event):
    found = line(event)
    assert getattr(found, name) == 1
    assert found.stands_out


def test_an_opening_in_a_call_is_nothing_to_ask_about():
    assert not line(seen(Action.IDENTITY_OPENED, opening="dial")).stands_out


def test_a_refused_look_is_no_look():
    assert line(seen(Action.NUMBER_SHOWN, outcome="refused")).looks == 0


def test_whoever_looks_more_than_three_times_as_much_as_is_usual_stands_out():
    usual = [seen(by=uuid4()) for _person in range(3) for _look in range(1)]
    many = [seen() for _look in range(21)]
    assert line(*usual, *many).is_far_above
    assert not line(*usual, *many[:20]).is_far_above


def test_in_a_busy_team_a_busy_person_does_not_stand_out():
    colleagues = [seen(by=UUID(int=n)) for n in range(20, 25) for _look in range(10)]
    assert not line(*colleagues, *[seen() for _look in range(30)]).is_far_above
    assert line(*colleagues, *[seen() for _look in range(31)]).is_far_above


def test_whoever_touched_a_canary_comes_first_then_whoever_stands_out_then_whoever_looked_most():
    quiet, night, canary = UUID(int=3), UUID(int=4), UUID(int=5)
    found = by_person(
        [
            *[seen(by=quiet) for _look in range(5)],
            seen(by=night, at=NOON + timedelta(hours=11)),
            seen(Action.CANARY_TOUCHED, by=canary),
        ],
        {},
        (),
    )
    assert [one.actor_id for one in found] == [canary, night, quiet]
