"""Every fault that can strike a running panel, each as one function that injects it."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.config.processes import children_of, is_alive, kill
from tests.config.running import Panel
from tests.services.waiting import WAIT_SECONDS, answer, wait_until

QUEUED = 5
AWAY_SECONDS = 15
LOCKED_SECONDS = 22
"""Longer than the 20 seconds for which a connection to SQLite waits."""


@dataclass(frozen=True)
class Fault:
    """`stalls`: only the heartbeat can heal it, after the supervisor's patience."""

    name: str
    inject: Callable[[Panel], None]
    stalls: bool = False
    on: tuple[str, ...] = ("sqlite", "postgres", "redis")


def idle_workers_killed(panel: Panel) -> None:
    """The one that waited for the next task held the queue's lock, and nobody gets it any more: a stall."""
    kill(signal.SIGKILL, *panel.whole_cluster().workers)


def idle_workers_told_to_end(panel: Panel) -> None:
    kill(signal.SIGTERM, *panel.whole_cluster().workers)


def monitor_killed(panel: Panel) -> None:
    """Tasks are done, but nobody writes so down: each would come again after `retry`, for ever."""
    kill(signal.SIGKILL, panel.whole_cluster().monitor)


def pusher_killed(panel: Panel) -> None:
    kill(signal.SIGKILL, panel.whole_cluster().pusher)


def worker_killed_in_a_task(panel: Panel) -> None:
    """They are in a tick that waits for the database when one of them dies, and its transaction with it."""
    workers = held_up(panel)
    with panel.database.held():
        kill(signal.SIGCONT, *workers)
        time.sleep(1)
        kill(signal.SIGKILL, workers[0])


def sentinel_killed(panel: Panel) -> None:
    """The leader leaves with code 0 and the others live on as orphans, without schedules."""
    kill(signal.SIGKILL, panel.whole_cluster().sentinel)


def cluster_leader_killed(panel: Panel) -> None:
    kill(signal.SIGKILL, panel.whole_cluster().leader)


def cluster_group_told_to_end(panel: Panel) -> None:
    leader = panel.whole_cluster().leader
    assert os.getpgid(leader) == leader
    os.killpg(leader, signal.SIGTERM)


def web_leader_killed(panel: Panel) -> None:
    kill(signal.SIGKILL, panel.leader("gunicorn"))


def web_worker_killed(panel: Panel) -> None:
    kill(signal.SIGKILL, children_of(panel.leader("gunicorn"))[0].id)


def everything_killed_with_work_queued(panel: Panel) -> None:
    """As when the machine loses power in the middle of it, and comes back: the queue in the database is as it was."""
    held_up(panel)
    queued = panel.ask("count")["queued"]
    panel.kill_everything()
    # One more beat may have come in between.
    assert panel.ask("count")["queued"] >= queued >= QUEUED, "what was queued is lost"
    panel.start()


def everything_killed_and_the_queue_lost(panel: Panel) -> None:
    """The same with the queue in Redis, which loses power too: no task is left. The rows say what is still owed."""
    held_up(panel)
    assert panel.ask("count")["queued"] >= 1
    panel.kill_everything()
    panel.redis.lose_everything()
    assert panel.ask("count")["queued"] == 0
    assert not panel.is_done(), "nothing was left to lose"
    panel.start()


def redis_away(panel: Panel) -> None:
    with panel.redis.away():
        time.sleep(AWAY_SECONDS)
        status, text = answer(panel.port, "/readyz")
        assert (status, "FAIL queue: does not answer" in text) == (503, True), text


def redis_hangs(panel: Panel) -> None:
    """The server is there and says nothing."""
    with panel.redis.hanging():
        time.sleep(AWAY_SECONDS)


def database_away(panel: Panel) -> None:
    """The server is shut down and started again."""
    with panel.database.away():
        time.sleep(AWAY_SECONDS)
        status, text = answer(panel.port, "/readyz")
        assert (status, text.splitlines()[0]) == (503, "FAIL database default: does not answer")


def database_hangs(panel: Panel) -> None:
    """The server is there and says nothing, as behind a broken network: every question waits."""
    with panel.database.hanging():
        time.sleep(AWAY_SECONDS)


def database_locked(panel: Panel) -> None:
    """Somebody else writes for longer than a connection to SQLite waits: whatever writes meanwhile fails."""
    with panel.database.held():
        time.sleep(LOCKED_SECONDS)


def held_up(panel: Panel) -> tuple[int, ...]:
    """All workers stand still, with work before them."""
    workers = panel.whole_cluster().workers
    kill(signal.SIGSTOP, *workers)
    # Not in the middle of a write: everybody would have to wait for it.
    while not panel.database.can_be_held():
        kill(signal.SIGCONT, *workers)
        time.sleep(0.2)
        kill(signal.SIGSTOP, *workers)
    panel.owe(ticks=QUEUED + panel.workers)
    # The worker's own queue takes some of them, and its pusher looks twice a second.
    time.sleep(1.5)
    return workers


FAULTS = (
    Fault("an idle worker killed (the queue stalls)", idle_workers_killed, stalls=True),
    Fault("an idle worker told to end (the queue stalls)", idle_workers_told_to_end, stalls=True),
    Fault("the monitor killed (nothing is written down)", monitor_killed, stalls=True),
    Fault("the pusher killed", pusher_killed),
    Fault("a worker killed in a task", worker_killed_in_a_task),
    Fault("the sentinel killed", sentinel_killed),
    Fault("the leader of the cluster killed", cluster_leader_killed),
    Fault("the group of the cluster told to end", cluster_group_told_to_end, stalls=True),
    Fault("the leader of the web server killed", web_leader_killed),
    Fault("a web worker killed", web_worker_killed),
    Fault(
        "everything killed with work queued, and started again",
        everything_killed_with_work_queued,
        on=("sqlite", "postgres"),
    ),
    Fault("everything killed and the queue lost", everything_killed_and_the_queue_lost, on=("redis",)),
    Fault("Redis away for 15 s", redis_away, on=("redis",)),
    Fault("Redis hanging for 15 s", redis_hangs, on=("redis",)),
    Fault("the database locked for 22 s", database_locked, on=("sqlite",)),
    Fault("the database away for 15 s", database_away, on=("postgres", "redis")),
    Fault("the database hanging for 15 s", database_hangs, on=("postgres", "redis")),
)


# --- Ways to end it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ending:
    name: str
    end: Callable[[Panel], None]
    code: int = 0
    on: tuple[str, ...] = ("sqlite", "postgres", "redis")


def ctrl_c(panel: Panel) -> None:
    os.killpg(panel.up.pid, signal.SIGINT)


def ctrl_c_while_the_database_hangs(panel: Panel) -> None:
    """The supervisor, the web server and the worker all wait for an answer that does not come."""
    with panel.database.hanging():
        time.sleep(3)
        ctrl_c(panel)
        panel.up.wait(WAIT_SECONDS)


def group_told_to_end(panel: Panel) -> None:
    os.killpg(panel.up.pid, signal.SIGTERM)


def everybody_told_to_end(panel: Panel) -> None:
    """As systemd does unless told otherwise: SIGTERM to each process of the unit at once, not only to the first."""
    kill(signal.SIGTERM, *panel.everyone())


def supervisor_killed(panel: Panel) -> None:
    """Nobody is left who could sweep: the kernel tells the leaders, and they end what is theirs."""
    kill(signal.SIGKILL, panel.up.pid)


ENDINGS = (
    Ending("Ctrl-C", ctrl_c),
    Ending("Ctrl-C while the database hangs", ctrl_c_while_the_database_hangs, on=("postgres", "redis")),
    Ending("the group of the supervisor told to end", group_told_to_end),
    Ending("every process told to end at once", everybody_told_to_end),
    Ending("the supervisor killed", supervisor_killed, code=-signal.SIGKILL),
)


def seconds_to_end(panel: Panel, ending: Ending) -> float:
    """End it; how long until nothing of it was left. Raises when something is, or when it said that it failed."""
    panel.whole_cluster()
    everyone = panel.everyone()
    began = time.monotonic()
    ending.end(panel)
    code = panel.up.wait(WAIT_SECONDS)
    wait_until(lambda: not any(is_alive(one) for one in everyone), "the end of everything")
    assert code == ending.code, f"it left with code {code}"
    return time.monotonic() - began
