"""A trail with its seals, for tests: events of one person, sealed with a key of the tests."""

from __future__ import annotations

import contextlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection

from audit import guards, sealing, trail, verifying
from audit.actions import Action
from audit.models import AuditEvent, Seal

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
SOMEBODY = UUID("00112233-4455-6677-8899-aabbccddeeff")
SOMEBODY_ELSE = UUID("10112233-4455-6677-8899-aabbccddeeff")
ABOUT = UUID("20112233-4455-6677-8899-aabbccddeeff")


def mac(body):
    return hmac.digest(b"k" * 32, body, "sha256")


def another_mac(body):
    return hmac.digest(b"x" * 32, body, "sha256")


def write(how_many=1, *, at=NOW, **about):
    """Events, each one second after the other."""
    return [
        trail.record(
            Action.CLAIMED,
            by=SOMEBODY,
            at=at + timedelta(seconds=n),
            audit_ref=ABOUT,
            object_type="claim",
            object_id=SOMEBODY_ELSE,
            reason="why",
            detail={"round": n, "which": ["b", "a"]},
            **about,
        )
        for n in range(how_many)
    ]


def write_many(how_many, *, at=NOW):
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(at=at, actor_id=SOMEBODY, action=Action.CLAIMED, outcome="done", detail={"round": n})
            for n in range(how_many)
        ],
        batch_size=500,
    )


def seal(now=LATER, by=mac):
    return sealing.seal(mac=by, now=now)


def found(*, anchors=(), now=LATER, by=mac):
    """The kinds of what a verification finds, in order."""
    return [one.kind.value for one in report(anchors=anchors, now=now, by=by).findings]


def report(*, anchors=(), now=LATER, by=mac):
    return verifying.verify(mac=by, now=now, anchors=anchors)


@contextlib.contextmanager
def as_the_owner():
    """The owner of the database, who has taken the triggers off and the rights back."""
    guards.remove(connection, guards.OF_THE_TRAIL)
    try:
        yield
    finally:
        guards.install(connection, guards.OF_THE_TRAIL)


def change(event, **columns):
    with as_the_owner():
        AuditEvent.objects.filter(pk=event.pk).update(**columns)


def delete(*pks):
    with as_the_owner():
        AuditEvent.objects.filter(pk__in=pks).delete()


def seals():
    return list(Seal.objects.order_by("number"))
