"""Time runs in the demo: simulated staff at work, visitors left alone, and a clock that never goes back."""

import logging
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.permissions import Role
from audit.models import AuditEvent
from config.demo import content, live, loading
from config.demo.beside_visitors import BesideVisitors, simulated_staff
from config.demo.live import LASTING, Live, is_anybody_in_a_call, speed_kept, the_only_one
from followups.calling import claiming
from followups.models import Attempt, Claim, FollowUp, WaitingCount
from followups.models.claims import ClaimEnd
from followups.queue import ready_for
from kernel import clock
from kernel.courses import Course
from kernel.errors import Conflict
from orientation.models import OrientationRequest
from tests.factories import make_user
from tests.followups.making import MORNING
from tests.signing_in import signed_in
from tracker.models import Respondent
from vault.providers import file

pytestmark = pytest.mark.either

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SHOWN = {username for _role, username in content.ROLES_SHOWN}


@pytest.fixture
def wall(settings, tmp_path, caplog):
    """The wall's clock, which stands still until it is moved; in a demo whose clock nobody has touched."""
    settings.RECONTACT_DEMO = True
    settings.DEMO_CLOCK_FILE = tmp_path / "demo-clock.json"
    caplog.set_level(logging.WARNING, logger="followups.ticking")
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def demo(db, wall):
    loading.load(respondents=16, seed=1, now=NOW, days=12)


def run_for(minutes, it, wall):
    """Looks, two real seconds apart, until so much of the demo's time has passed."""
    until = clock.now() + minutes * MINUTE
    while clock.now() < until:
        it.look()
        wall.shift(2)


def speed() -> float:
    return clock.course().speed_at(clock.wall())


# --- Arithmetic ---------------------------------------------------------------------------------------------


def test_a_machine_with_time_to_spare_goes_as_fast_as_wanted():
    assert speed_kept(60, []) == 60
    assert speed_kept(60, [(2 * MINUTE, 0.5), (2 * MINUTE, 0.1)]) == 60


def test_a_machine_that_falls_behind_goes_only_as_fast_as_it_can():
    assert speed_kept(60, [(2 * MINUTE, 3.0), (2 * MINUTE, 5.0)]) == 21


def test_time_never_goes_slower_than_the_walls():
    assert speed_kept(60, [(MINUTE, 500.0)]) == 1


# --- The clock ----------------------------------------------------------------------------------------------


@pytest.fixture
def idle(db, wall):
    """Time that runs with nobody at work; what was worked through is written down."""
    done: list[datetime] = []
    return Live(work=done.append, staff=[], wanted=60, began=NOW), done


def test_while_it_is_looked_after_time_runs_as_fast_as_wanted(idle, wall):
    it, done = idle

    run_for(30, it, wall)

    assert clock.now() - NOW >= 30 * MINUTE
    assert clock.wall() - NOW <= MINUTE
    assert done == sorted(done)
    assert clock.now() - done[-1] <= 5 * MINUTE


def test_a_clock_left_alone_goes_on_like_the_walls_and_keeps_what_it_gained(idle, wall):
    it, _done = idle
    it.look()
    wall.shift(5)
    gained = clock.now() - clock.wall()

    wall.shift(3600)

    assert gained == 59 * LASTING
    assert clock.now() - clock.wall() == gained


def test_what_is_left_over_is_worked_through_before_time_runs_again(idle, wall):
    it, done = idle
    it.look()
    wall.shift(40 * 60)

    it.look()
    wall.shift(1)

    assert done == [NOW + 15 * MINUTE]
    assert speed() == 1
    run_for(5, it, wall)
    assert done[:3] == [NOW + 15 * MINUTE, NOW + 30 * MINUTE, done[2]]
    assert speed() == 60


def test_a_stop_leaves_time_at_the_walls_speed_from_where_it_is(idle, wall):
    it, _done = idle
    run_for(30, it, wall)
    seen = clock.now()

    at = it.stop()
    wall.shift(60)

    assert seen <= at <= clock.now()
    assert clock.now() - at <= timedelta(seconds=60)
    assert speed() == 1


def test_a_restarted_demo_goes_on_from_where_its_clock_was(idle, wall):
    it, _done = idle
    run_for(30, it, wall)
    it.stop()
    wall.shift(60)
    before = clock.now()

    Live(work=lambda _until: None, staff=[], wanted=60, began=before).look()
    wall.shift(1)

    assert before < clock.now() < before + 2 * MINUTE


def test_only_one_process_lets_time_run(wall):
    with the_only_one(), pytest.raises(Conflict, match="running in this demo already"), the_only_one():
        pass

    with the_only_one():
        pass


# --- A demo that lives --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_morning_of_the_demo_moves_what_visitors_look_at_and_leaves_their_accounts_alone(demo, wall):
    """One loading, since it lives through days; each thing that is checked is a function of its own below."""
    calls, people, asked = (
        Attempt.objects.count(),
        Respondent.objects.count(),
        OrientationRequest.objects.count(),
    )
    it = live.begin(60)

    a_visitors_call_slows_time(it, wall)
    run_for(6 * 60, it, wall)
    at = it.stop()

    assert {one.username for one in it.staff} == {one.username for one in content.STAFF} - SHOWN
    assert Attempt.objects.recorded().count() > calls
    assert Respondent.objects.count() > people
    assert OrientationRequest.objects.count() > asked
    assert it.tally().calls == Attempt.objects.filter(recorded_at__gte=NOW).count() > 0
    the_background_pass_ran(at)
    nobody_worked_in_a_visitors_name()
    nothing_is_written_ahead_of_the_clock()


def the_background_pass_ran(at):
    assert WaitingCount.objects.latest("counted_at").counted_at > at - timedelta(hours=1)


def nobody_worked_in_a_visitors_name():
    visitors = User.objects.filter(username__in=SHOWN)
    assert not Claim.objects.filter(claimed_at__gt=NOW, enumerator__in=visitors).exists()
    new = AuditEvent.objects.filter(at__gt=NOW)
    assert new.exists()
    assert not {one.actor_id for one in new} & set(visitors.values_list("pk", flat=True))


def nothing_is_written_ahead_of_the_clock():
    assert AuditEvent.objects.latest("at").at <= clock.now()


def a_visitors_call_slows_time(it, wall):
    visitor = User.objects.get(username="enumerator")
    claim = claiming.next_call(by=visitor, now=NOW)
    it.look()
    wall.shift(1)
    assert speed() == 1
    began = clock.now()
    for _look in range(30):
        it.look()
        wall.shift(2)
    assert clock.now() - began == MINUTE
    Claim.objects.filter(pk=claim.pk).end(ClaimEnd.HANDED_BACK, clock.now())
    it.look()
    wall.shift(1)
    assert speed() == 60


def test_a_call_of_the_simulated_staff_does_not_slow_time_and_anybody_elses_does(world, wall):
    wall.move_to(MORNING)
    world.person_ready_at(MORNING)
    assert claiming.next_call(by=world.enumerator, now=MORNING) is not None

    assert not is_anybody_in_a_call([world.enumerator], MORNING)
    assert is_anybody_in_a_call([world.coordinator], MORNING)
    assert not is_anybody_in_a_call([world.coordinator], MORNING + timedelta(minutes=30))


def test_the_last_calls_that_a_visitor_could_make_are_left_to_the_visitor_for_a_while(demo, wall):
    visitor = User.objects.get(username="enumerator")
    # Two in Tunis, where it is ten in the morning and somebody else is at work who speaks their language.
    left = list(ready_for(visitor, NOW).filter(team__code="TUN").values_list("pk", flat=True)[:2])
    others = FollowUp.objects.live().filter(language__in=visitor.language_codes).exclude(pk__in=left)
    others.rest_until(NOW + timedelta(days=1))
    work = BesideVisitors(simulated_staff(), NOW)
    work.begin(NOW)

    work.work(NOW + 30 * MINUTE)
    called_soon = Claim.objects.filter(follow_up__in=left, claimed_at__gte=NOW).count()
    work.work(NOW + 120 * MINUTE)

    assert len(left) == 2
    assert called_soon == 0
    assert Claim.objects.filter(follow_up__in=left, claimed_at__gte=NOW).exists()


def test_with_the_vault_locked_nobody_is_called_and_what_was_to_be_done_is_put_off(demo, wall, vault_locked):
    vault_locked()
    work = BesideVisitors(simulated_staff(), NOW)
    work.begin(NOW)

    work.work(NOW + 40 * MINUTE)
    called_while_locked = Claim.objects.filter(claimed_at__gte=NOW).count()
    file.unlock()
    work.work(NOW + 80 * MINUTE)

    assert called_while_locked == 0
    assert Claim.objects.filter(claimed_at__gte=NOW).exists()


# --- The command --------------------------------------------------------------------------------------------


def test_outside_a_demo_time_is_left_alone(settings, tmp_path):
    settings.RECONTACT_DEMO = False
    settings.DEMO_CLOCK_FILE = tmp_path / "demo-clock.json"

    with pytest.raises(CommandError, match="not a demo") as refusal:
        call_command("live")

    assert refusal.value.returncode == 1
    assert not settings.DEMO_CLOCK_FILE.exists()


def test_an_empty_demo_is_refused_with_what_to_do(db, wall):
    with pytest.raises(CommandError, match="make demo") as refusal:
        call_command("live")

    assert refusal.value.returncode == 1
    assert clock.course() == Course()


def test_a_second_one_is_refused(db, wall):
    with the_only_one(), pytest.raises(CommandError, match="running in this demo already") as refusal:
        call_command("live")

    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    "wrong", ["--speed=0", "--speed=301", "--speed=fast", "--for-minutes=0", "--for-minutes=-1"]
)
def test_a_wrong_speed_or_time_is_wrong_usage(wall, wrong):
    with pytest.raises(CommandError, match="a number"):
        call_command("live", wrong)


def test_ctrl_c_ends_it_with_a_sentence_and_time_goes_on_from_there(demo, wall, capsys):
    presses = threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT))
    presses.start()

    call_command("live", "--for-minutes=1")

    said = capsys.readouterr().out
    assert "enumerator, coordinator, focal, dpo are left to visitors" in said
    assert said.endswith("Time goes on at its ordinary speed from there.\n")
    assert clock.course().legs[-1].speed == 1


# --- What pages say -----------------------------------------------------------------------------------------


def test_the_banner_tells_the_demos_time_and_speed_and_only_what_moves_looks_again(db, client, wall):
    clock.keep(Course().onward(since=NOW - MINUTE, speed=60, lasting=2 * MINUTE))
    signed_in(client, make_user(Role.COORDINATOR, time_zone="Africa/Tunis"))

    board = client.get("/reports/board").content.decode()
    staff = client.get("/staff/").content.decode()

    assert "Demo clock: Tue 10 March, 10:59 · 60 times faster" in board
    assert "data-look-again" in board
    assert "looking-again" in board
    assert "Demo clock: Tue 10 March, 10:59 · 60 times faster" in staff
    assert "looking-again" not in staff


def test_the_banner_tells_the_demos_time_when_nobody_lets_it_run_any_more(db, client, wall):
    clock.keep(Course().onward(since=NOW - 30 * MINUTE, speed=60, lasting=MINUTE))

    page = client.get("/sign-in/").content.decode()

    assert "Demo clock: Tue 10 March, 09:59" in page
    assert "times faster" not in page
    assert "looking-again" not in page


def test_the_banner_says_nothing_of_a_clock_that_is_the_walls(db, client, wall):
    page = client.get("/sign-in/").content.decode()

    assert "Synthetic data" in page
    assert "Demo clock" not in page
