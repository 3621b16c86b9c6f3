"""System checks of the queue: its arithmetic, where it is, and the connections it keeps."""

import os
from math import ceil
from typing import Any

from django.conf import settings
from django.core import checks

Messages = list[checks.CheckMessage]


def least_retry_seconds(queue: dict[str, Any]) -> int:
    """The retry from which no task is handed out twice while it only waits in a busy worker's own queue.

    django-q2 counts `retry` from the moment a task leaves the broker, so the wait in memory counts too.
    """
    rounds = 1 + ceil((queue["queue_limit"] + queue["bulk"]) / queue["workers"])
    return int(queue["timeout"] * rounds + 30)


@checks.register
def retry_outlasts_the_queue(app_configs: object, **kwargs: object) -> Messages:
    """Fail when the queue would run a task a second time that is merely waiting."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    least = least_retry_seconds(queue)
    if queue["retry"] > least:
        return []
    return [
        checks.Error(
            f"Q_CLUSTER retry is {queue['retry']} s; with these workers a task can wait {least} s and would run twice.",
            hint=f"Set retry above {least}, or lower timeout, queue_limit or bulk.",
            id="config.E101",
        )
    ]


@checks.register
def queue_is_where_the_supervisor_looks(app_configs: object, **kwargs: object) -> Messages:
    """Fail when the queue is neither in the main database nor in Redis: a stuck worker would not be noticed."""
    if settings.Q_CLUSTER.get("orm") == "default" or settings.Q_CLUSTER.get("redis"):
        return []
    return [
        checks.Error(
            "Q_CLUSTER has its queue neither in the main database nor in Redis: nobody would see a stuck worker.",
            hint='Set "orm": "default" or "redis", or teach config/queues.py and config/watching.py the other queue.',
            id="config.E102",
        )
    ]


@checks.register
def connections_are_kept_and_not_pooled(app_configs: object, **kwargs: object) -> Messages:
    """Fail when each look into the queue would open a connection anew, or share one across a fork."""
    found: Messages = []
    for alias, database in settings.DATABASES.items():
        if database.get("OPTIONS", {}).get("pool"):
            found.append(
                checks.Error(
                    f"Database {alias} has a connection pool: the worker forks, and two processes would share one.",
                    hint="Take pool out of its address; connections are kept without it.",
                    id="config.E103",
                )
            )
        if database.get("CONN_MAX_AGE") == 0:
            found.append(
                checks.Warning(
                    f"Database {alias} closes each connection at once: every look into the queue opens a new one.",
                    hint="Leave CONN_MAX_AGE out of its address.",
                    id="config.W103",
                )
            )
    return found


@checks.register
def cluster_has_the_name_of_the_schedules(app_configs: object, **kwargs: object) -> Messages:
    """Fail under another name: schedules run on the cluster of their own name only, so that none would ever run."""
    other = os.environ.get("Q_CLUSTER_NAME", "")
    if other in ("", settings.Q_CLUSTER["name"]):
        return []
    return [
        checks.Error(
            "Q_CLUSTER_NAME names another cluster than the one that the schedules run on: none of them would run.",
            hint="Unset Q_CLUSTER_NAME. Several clusters share one queue under one name.",
            id="config.E104",
        )
    ]
