"""What django-q2 is told, for each of the three places where its queue can be; values only, settings read them."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Settings = dict[str, Any]

COMMON: Settings = {
    "name": "panel",
    "label": "Task queue",
    # Without it a name in Q_CLUSTER_NAME ends in a KeyError; with it a check can say what is wrong.
    "ALT_CLUSTERS": {},
    # A schedule is so many minutes of UTC: no clock change moves it, and none runs twice in the autumn hour.
    "time_zone": "UTC",
    # After three hours down each runs once, and not a hundred and eighty times.
    "catch_up": False,
    "timeout": 60,
    "retry": 300,
    "bulk": 1,
    # What failed is not tried again: the schedule brings it back anyway.
    "ack_failures": True,
    "max_attempts": 1,
    # No row for what went well; the marks tell of it (config/marks.py).
    "save_limit": -1,
    "recycle": 500,
    "guard_cycle": 0.5,
    "poll": 0.5,
    # What a cluster says of itself lies beside the marks: a cache that is away must not fill the log.
    "cache": "marks",
    "log_level": "WARNING",
}

# One writes at a time, so that more than two only wait for each other.
IN_SQLITE: Settings = {"orm": "default", "workers": 2, "queue_limit": 2}
# Two more, so that a long piece of the night keeps no tick waiting.
IN_POSTGRES: Settings = {"orm": "default", "workers": 4, "queue_limit": 4}
# Redis gives nothing out twice: what a killed cluster had taken is lost, so that it takes little ahead.
IN_REDIS: Settings = {"workers": 4, "queue_limit": 2}

PATIENCE = {"socket_connect_timeout": "5", "socket_timeout": "10", "health_check_interval": "30"}
"""Without these a connection to a server that says nothing waits for ever; a look for work takes one second of them."""


def cluster(*, is_sqlite: bool, broker: str = "", workers: int | None = None) -> Settings:
    """The settings of the queue: in the main database, or in Redis where `broker` is its address."""
    place = IN_SQLITE if is_sqlite else IN_POSTGRES
    if broker:
        place = {**IN_REDIS, "workers": place["workers"], "redis": with_patience(broker)}
    chosen = {"workers": workers} if workers else {}
    return {**COMMON, **place, **chosen}


def with_patience(address: str) -> str:
    """The address of a Redis with time limits, where it names none of its own."""
    parts = urlsplit(address)
    asked = {**PATIENCE, **dict(parse_qsl(parts.query))}
    return urlunsplit(parts._replace(query=urlencode(asked)))
