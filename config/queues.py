"""The queue, wherever it is: how much waits in it, since when, and what in it nobody can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.core.cache import caches
from django.core.signing import b62_decode
from django.db.models import Count, Min, Q

from kernel import clock

ANSWER_SECONDS = 3
_CLUSTERS = "django_q:{}:cluster"
TOO_OLD = timedelta(days=1)
"""What waits is ticks: a day later each has been asked for a thousand times since."""


class QueueAway(Exception):
    """Redis does not answer."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`taken`: given to a worker and not yet written off; None where the queue does not know. `since`: the oldest."""

    waiting: int
    taken: int | None
    since: datetime | None


class Queue(Protocol):
    def look(self) -> Waiting:
        """How much waits; in one question. Raises QueueAway."""
        ...

    def forget_what_is_too_old(self) -> int:
        """Take out what waits for a day: nobody could read it, or each worker that took it died. How many."""
        ...

    def reports(self) -> list[str]:
        """What each live cluster last said of itself, signed; each says so twice a second. Raises QueueAway."""
        ...


class InTheDatabase:
    """Rows of the main database. A row that is taken has a lock in the future, one that waits in the past."""

    def look(self) -> Waiting:
        from django_q.models import OrmQ

        is_waiting = Q(lock__lte=clock.wall())
        found = OrmQ.objects.aggregate(
            waiting=Count("pk", filter=is_waiting),
            taken=Count("pk", filter=~is_waiting),
            since=Min("lock", filter=is_waiting),
        )
        return Waiting(**found)

    def forget_what_is_too_old(self) -> int:
        from django_q.models import OrmQ

        since = clock.wall() - TOO_OLD
        rows = OrmQ.objects.order_by("pk").values_list("pk", "payload")[:1000]
        old = [pk for pk, payload in rows if (signed_at(payload) or since) <= since]
        return OrmQ.objects.filter(pk__in=old).delete()[0]

    def reports(self) -> list[str]:
        cache = caches[settings.Q_CLUSTER["cache"]]
        return list(cache.get_many(cache.get(_CLUSTERS.format(settings.Q_CLUSTER["name"])) or []).values())


class InRedis:
    """A list. What was taken from it is gone, so that nobody can tell how much a worker holds."""

    def look(self) -> Waiting:
        with answering() as (redis, key):
            length, oldest = redis.pipeline().llen(key).lindex(key, 0).execute()
        return Waiting(length, None, signed_at(oldest.decode()) if oldest else None)

    def forget_what_is_too_old(self) -> int:
        # Nothing comes twice, so that what cannot be read goes by itself.
        return 0

    def reports(self) -> list[str]:
        with answering() as (redis, _key):
            names = list(redis.scan_iter(_CLUSTERS.format(settings.Q_CLUSTER["name"]) + ":*"))
            return [one.decode() for one in redis.mget(names) if one] if names else []


def here() -> Queue:
    """The queue that settings name."""
    return InRedis() if settings.Q_CLUSTER.get("redis") else InTheDatabase()


@contextmanager
def answering() -> Iterator[tuple[Any, str]]:
    """Redis and the name of the list in it, with little patience: who asks wants to know whether it is there."""
    from redis import Redis, RedisError
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    limits = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
    try:
        with Redis.from_url(settings.Q_BROKER, retry=Retry(NoBackoff(), 0), **limits) as redis:
            yield redis, f"django_q:{settings.Q_CLUSTER['name']}:q"
    except RedisError as reason:
        raise QueueAway(type(reason).__name__) from None


def signed_at(payload: str) -> datetime | None:
    """When a task was put into the queue, from its signature, without reading what it is; None for no such thing."""
    try:
        _task, seconds, _signature = payload.rsplit(":", 2)
        return datetime.fromtimestamp(b62_decode(seconds), UTC)
    except (ValueError, LookupError, OverflowError, OSError):
        return None
