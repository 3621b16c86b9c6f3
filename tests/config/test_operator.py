"""What an operator sees of the background work, on its page and from the command line."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

from accounts.permissions import Role
from config import marks, operator_words
from config.background import BEAT_TASK, assert_schedules, beat, tick
from config.operator_figures import Due, Failed, Figures, JobLine, Seen, figures
from config.operator_judging import Fault, Trouble, troubles
from config.queues import Waiting
from followups.models import FollowUp
from kernel import clock
from tests import factories
from tests.accounts.people import person
from tests.signing_in import signed_in
from vault.rotation import nightly

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


# --- What is not well: pure ------------------------------------------------------------------------------------------


def a_job(name, *, began=0, ended=0, minutes=1, next_at=NOON + MINUTE, failed=None):
    """A job whose last run began and ended so many minutes ago; `ended=None`: none came through."""
    run = marks.Run(NOON - began * MINUTE, None if ended is None else NOON - ended * MINUTE, 0.2)
    return JobLine(name, minutes, run, next_at, failed)


def seen(*jobs, queue=Waiting(0, 0, None), lags=None):  # noqa: B008  (frozen)
    named = {job.name: job for job in (a_job("beat"), a_job("tick"), *jobs)}
    return Figures(NOON, queue, lags or {}, tuple(named.values()), (), ())


def failed(minutes_ago):
    return Failed("trail", 1, 1, NOON - minutes_ago * MINUTE)


def test_all_is_well_when_everything_came_through_and_nothing_waits():
    assert troubles(seen(a_job("trail"))) == ()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            seen(a_job("beat", began=9, ended=9)),
            [Trouble(Fault.WORKER_SILENT)],
        ),
        (seen(a_job("tick", began=0, ended=4)), [Trouble(Fault.TICK_SILENT)]),
        (seen(queue=None), [Trouble(Fault.QUEUE_AWAY)]),
        (seen(queue=Waiting(1, 0, NOON - 4 * MINUTE)), [Trouble(Fault.QUEUE_WAITS)]),
        (seen(lags={Due.LOOK: 11 * MINUTE}), [Trouble(Fault.BEHIND)]),
        (seen(a_job("trail", next_at=None)), [Trouble(Fault.JOB_OFF, "trail")]),
        (seen(a_job("trail", began=1, ended=9, failed=failed(1))), [Trouble(Fault.JOB_FAILED, "trail")]),
        (seen(a_job("trail", began=3, ended=4)), [Trouble(Fault.JOB_CUT_OFF, "trail")]),
        (seen(a_job("trail", began=3, ended=None)), [Trouble(Fault.JOB_CUT_OFF, "trail")]),
        (seen(a_job("upkeep", began=64, ended=64, minutes=60)), [Trouble(Fault.JOB_LATE, "upkeep")]),
    ],
)
def test_what_is_not_well_is_named(found, expected):
    assert list(troubles(found)) == expected


@pytest.mark.parametrize(
    "found",
    [
        seen(queue=Waiting(500, 2, NOON - 2 * MINUTE)),
        seen(lags={Due.LOOK: 9 * MINUTE}),
        seen(a_job("trail", began=1, ended=2)),
        seen(a_job("trail", began=1, ended=1, failed=failed(2))),
        seen(a_job("upkeep", began=61, ended=61, minutes=60)),
        seen(JobLine("upkeep", 60, None, NOON, None)),
    ],
)
def test_what_is_on_its_way_or_over_is_no_trouble(found):
    assert troubles(found) == ()


def test_every_trouble_has_a_sentence_and_something_to_do():
    for fault in Fault:
        of_a_job = fault.value.startswith("job_")
        assert operator_words.sentence(Trouble(fault, "trail" if of_a_job else "")).endswith(".")
        assert operator_words.NEXT_STEP[fault]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7200, "2 hours"), (200_000, "2 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds, words):
    assert operator_words.ago(timedelta(seconds=seconds)) == words


def test_a_change_of_keys_is_told_while_it_goes_on_and_not_when_it_is_through():
    assert operator_words.moved({"waits_for": "time"}) == "keys are being changed"
    assert operator_words.moved({"waits_for": nightly.NOTHING}) == "nothing"


def test_what_a_tick_moved_is_told_without_what_it_did_not():
    assert operator_words.moved({"opened": 3, "closed": 0, "waiting_counted": 9}) == "opened: 3"
    assert operator_words.moved({}) == "nothing"


# --- What is read ----------------------------------------------------------------------------------------------------


@pytest.fixture
def worked(db):
    """A worker that has just started, beaten and brought one tick through."""
    assert_schedules()
    beat()
    tick()


def plant_failure(func, minutes_ago, number=0):
    at = clock.wall() - minutes_ago * MINUTE
    return Task.objects.create(
        id=f"{minutes_ago:016}{number:016}", name="planted", func=func, started=at, stopped=at, success=False,
        args=("a secret",), kwargs={"number": "a secret"}, result="a secret : Traceback",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_queue_tells_what_waits_what_is_taken_and_since_when():
    for _task in range(3):
        async_task(BEAT_TASK)
    oldest, taken, _newest = OrmQ.objects.order_by("pk")
    OrmQ.objects.filter(pk=taken.pk).update(lock=clock.wall() + 5 * MINUTE)

    queue = figures(clock.wall()).queue

    assert (queue.waiting, queue.taken, queue.since) == (2, 1, oldest.lock)


@pytest.mark.django_db
def test_the_lag_is_that_of_the_oldest_thing_due(team, study):
    now = clock.now()
    for days in (25, 26):
        factories.make_respondent(study=study, team=team, now=now - timedelta(days=days))
    FollowUp.objects.update(opens_at=now - 7 * MINUTE)
    FollowUp.objects.filter(pk=FollowUp.objects.first().pk).update(opens_at=now - 2 * MINUTE)

    found = figures(clock.wall())

    assert set(found.lags) == {Due.WINDOW_TO_OPEN}
    assert 7 * MINUTE <= found.lag < 8 * MINUTE


@pytest.mark.django_db
def test_a_job_that_fails_leaves_that_it_began_and_not_that_it_came_through(monkeypatch):
    from config.background import Job

    job = Job("trail", "math.sqrt")

    with pytest.raises(TypeError):
        job()

    run = marks.last_run("trail")
    assert run.began is not None
    assert run.ended is None


@pytest.mark.django_db
def test_a_tick_tells_how_long_it_took_and_what_it_moved(worked):
    run = figures(clock.wall()).job("tick").run

    assert run.ended >= run.began
    assert run.seconds < 60
    assert run.moved["opened"] == 0


@pytest.mark.django_db
def test_failures_are_counted_by_job_and_a_name_that_is_none_of_ours_is_not_repeated(worked):
    plant_failure("config.background.JOBS.trail", 5)
    plant_failure("config.background.JOBS.trail", 70)
    plant_failure("config.background.JOBS.trail", 60 * 25)
    plant_failure("somebody.put('+216 20 123 456')", 8)
    plant_failure("another.name", 9)

    found = {one.task: (one.in_an_hour, one.in_a_day) for one in figures(clock.wall()).failed}

    assert found == {"trail": (1, 2), "elsewhere": (2, 2)}


@pytest.mark.django_db
def test_a_schedule_that_is_switched_off_or_gone_never_comes(worked):
    Schedule.objects.filter(name="trail").update(repeats=0)
    Schedule.objects.filter(name="retention").delete()

    found = figures(clock.wall())

    assert found.job("trail").next_at is None
    assert [one for one in troubles(found) if one.fault is Fault.JOB_OFF] == [
        Trouble(Fault.JOB_OFF, "trail"),
        Trouble(Fault.JOB_OFF, "retention"),
    ]


@pytest.mark.django_db
def test_a_live_cluster_is_seen_and_one_that_signs_with_another_secret_is_not():
    from django_q.conf import Conf
    from django_q.signing import SignedPackage
    from django_q.status import Status

    stats = caches["marks"]
    one = Status(17, "cluster")
    one.tob, one.workers, one.reincarnations, one.host = NOON, [1, 2], 3, "field-office"
    stats.set(Conf.Q_STAT, [f"{Conf.Q_STAT}:one", f"{Conf.Q_STAT}:two"])
    stats.set(f"{Conf.Q_STAT}:one", SignedPackage.dumps(one))
    stats.set(f"{Conf.Q_STAT}:two", "forged:1x:AAAA")

    assert figures(clock.wall()).clusters == (Seen("field-office", NOON, 2, 3),)


@pytest.mark.django_db
def test_it_takes_as_many_questions_for_many_people_as_for_none(
    team, study, worked, django_assert_max_num_queries
):
    for _person in range(3):
        factories.make_respondent(study=study, team=team, now=clock.now() - timedelta(days=25))
    for number in range(5):
        plant_failure(f"config.background.JOBS.{'trail' if number % 2 else 'upkeep'}", number)
        async_task(BEAT_TASK)

    with django_assert_max_num_queries(8):
        figures(clock.wall())


# --- The page and the command ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_page_is_for_administrators(client, role):
    signed_in(client, person(role, "visitor", teams=(factories.make_team(),)))

    assert client.get("/background").status_code == (200 if role is Role.ADMINISTRATOR else 403)


@pytest.mark.django_db
def test_the_page_says_that_everything_runs(client, worked):
    signed_in(client, person(Role.ADMINISTRATOR, "visitor"))

    text = client.get("/background").content.decode()

    assert "Everything runs." in text
    assert 'href="/background" aria-current="page"' in text


@pytest.mark.django_db
def test_the_page_shows_failures_without_what_they_were_about(client, worked):
    plant_failure("config.background.JOBS.trail", 5)
    plant_failure("somebody.put('a secret')", 6)
    signed_in(client, person(Role.ADMINISTRATOR, "visitor"))

    text = client.get("/background").content.decode()

    assert "Seals of the trail” failed, and has not come through since." in text
    assert "5 minutes ago" in text
    assert "a secret" not in text
    assert "Traceback" not in text


@pytest.mark.django_db
def test_the_command_leaves_with_0_only_when_all_is_well(worked, capsys):
    call_command("background", "--json")
    assert json.loads(capsys.readouterr().out)["is_well"] is True

    plant_failure("config.background.JOBS.trail", 5)
    with pytest.raises(SystemExit) as left:
        call_command("background", "--json")

    told = json.loads(capsys.readouterr().out)
    assert left.value.code == 1
    assert told["not_well"][0]["fault"] == "job_failed"
    assert told["failures"]["trail"]["hour"] == 1
    assert told["jobs"]["tick"]["moved"]["opened"] == 0
    assert told["queue"] == {"waiting": 0, "taken": 0, "since": None}
    assert "secret" not in json.dumps(told)


@pytest.mark.django_db
def test_the_command_tells_the_same_in_lines(worked, capsys):
    call_command("background")

    out = capsys.readouterr().out
    assert "Everything runs." in out
    assert "tick: 0 s ago" in out


@pytest.mark.django_db
def test_a_queue_in_redis_that_is_away_is_said_and_the_rest_is_told(worked, settings, client):
    settings.Q_BROKER = "redis://127.0.0.1:1/0"
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "orm": None, "redis": settings.Q_BROKER}
    signed_in(client, person(Role.ADMINISTRATOR, "visitor"))

    text = client.get("/background").content.decode()

    assert "The queue does not answer." in text
    assert "127.0.0.1:1" not in text
    assert "Seals of the trail" in text


def test_what_waits_in_redis_is_told_with_the_moment_it_was_put_there(settings, redis_server):
    from django_q.brokers.redis_broker import Redis
    from django_q.conf import Conf

    settings.Q_BROKER = redis_server.address
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "orm": None, "redis": redis_server.address}
    before, Conf.REDIS = Conf.REDIS, redis_server.address
    try:
        broker = Redis()
        broker.purge_queue()
        for _task in range(2):
            async_task(BEAT_TASK, q_options={"broker": broker})
        from config import queues

        found = queues.here().look()
    finally:
        broker.purge_queue()
        Conf.REDIS = before

    assert (found.waiting, found.taken) == (2, None)
    assert timedelta(0) <= clock.wall() - found.since < MINUTE
