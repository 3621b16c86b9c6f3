"""The path of a call sends the same number of statements however large the panel is, and no more than it did."""

from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from followups.calling.heard import Heard
from followups.ticking.tick import tick
from tests.followups.making import MORNING, claim, dial, ring, tell

pytestmark = pytest.mark.django_db
COMPLETED = Heard("completed", interview=True, recontact=True)
MOST = {"claim": 26, "order": 28, "deliver": 30, "record": 38}
"""On both databases together, savepoints and locks included: PostgreSQL takes a few locks more than SQLite."""


@pytest.fixture(autouse=True)
def a_gateway_that_bridges(settings):
    settings.GATEWAY = "console"


@contextmanager
def counted(into, name):
    with ExitStack() as stack:
        seen = [stack.enter_context(CaptureQueriesContext(connections[one])) for one in ("default", "vault")]
        yield
        into[name] = sum(map(len, seen))


def queries_of_a_sitting(caller, at):
    sent = {}
    with counted(sent, "claim"):
        claimed = claim(caller, at)
    with counted(sent, "order"):
        ordered = dial(claimed, at).dial
    with counted(sent, "deliver"):
        ring(ordered, at)
    with counted(sent, "record"):
        tell(ordered.attempt, COMPLETED, at + timedelta(minutes=5))
    return sent


def test_a_whole_sitting_takes_the_same_statements_as_the_panel_grows(world):
    callers = [world.caller() for _caller in range(2)]
    world.person_ready_at(MORNING, by=callers[0])
    few = queries_of_a_sitting(callers[0], MORNING)
    for _person in range(12):
        world.person_ready_at(MORNING, by=callers[1])

    many = queries_of_a_sitting(callers[1], MORNING)

    assert many == few
    assert all(few[step] <= most for step, most in MOST.items()), few


def test_a_tick_that_finds_nothing_sends_few_statements_and_writes_one_at_most(world):
    for _person in range(5):
        world.person_ready_at(MORNING)
    tick(MORNING)

    with CaptureQueriesContext(connections["default"]) as seen:
        tick(MORNING)

    assert len(seen) <= 18
    assert [one["sql"].split()[0] for one in seen].count("UPDATE") <= 2


def test_enrolling_one_person_takes_the_same_statements_as_the_panel_grows(world):
    sent = {}
    world.person()
    with counted(sent, "few"):
        world.person()
    for _person in range(12):
        world.person()

    with counted(sent, "many"):
        world.person()

    assert sent["many"] == sent["few"] <= 52
