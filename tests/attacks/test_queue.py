"""The background queue: no row says anything of anybody, and a row that somebody forged is not run."""

import pickle

import pytest
from django.conf import settings
from django_q import signing
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task

from config import queue_secret
from config.background import ask_for_a_tick, assert_schedules
from tests.attacks import world

RUN = []


def run(what):
    RUN.append(what)


def forged(key):
    """A row as the queue writes them, signed with another key."""
    task = {
        "id": "a" * 32,
        "name": "x",
        "func": "tests.attacks.test_queue.run",
        "args": ("it",),
        "kwargs": {},
    }
    return signing.signing.dumps(task, key=key, salt=Conf.PREFIX, serializer=signing.PickleSerializer)


def test_the_queue_does_not_sign_with_the_key_of_sessions():
    assert Conf.SECRET_KEY not in ("", None, settings.SECRET_KEY)
    assert queue_secret.derived() == Conf.SECRET_KEY


def test_the_queue_signs_with_the_secret_from_the_environment(settings):
    settings.Q_SECRET = "q" * 60
    try:
        queue_secret.sign_with_it()

        assert SignedPackage.loads(SignedPackage.dumps({"func": "x"})) == {"func": "x"}
        assert Conf.SECRET_KEY == "q" * 60
    finally:
        settings.Q_SECRET = ""
        queue_secret.sign_with_it()


@pytest.mark.parametrize("key", ["OOPS", settings.SECRET_KEY, ""])
def test_a_row_signed_with_another_key_is_not_even_read(key, monkeypatch):
    read = []
    monkeypatch.setattr(pickle, "loads", lambda data: read.append(data))

    with pytest.raises(BadSignature):
        SignedPackage.loads(forged(key))

    assert read == []


def test_a_row_whose_payload_was_changed_is_not_even_read(monkeypatch):
    whole = SignedPackage.dumps({"func": "tests.attacks.test_queue.run", "args": ("it",)})
    payload, signature = whole.split(":", 1)
    monkeypatch.setattr(pickle, "loads", lambda data: pytest.fail("read"))

    for other in (payload[:-1] + ("A" if payload[-1] != "A" else "B"), payload[::-1], ""):
        with pytest.raises(BadSignature):
            SignedPackage.loads(f"{other}:{signature}")


@pytest.mark.django_db
def test_the_worker_throws_a_forged_row_away_and_goes_on():
    """As the worker does it: `pusher` takes rows out, and drops what is not signed with the queue's key."""
    from multiprocessing import Event, Queue

    from django_q.pusher import pusher

    broker, tasks, stop = get_broker(), Queue(), Event()
    broker.enqueue(forged(settings.SECRET_KEY))
    async_task("tests.attacks.test_queue.run", "mine")
    stop.set()
    for _row in range(2):
        pusher(tasks, stop, broker=broker)

    taken = [tasks.get(timeout=5)["args"]]
    assert taken == [("mine",)]
    assert tasks.empty()


@pytest.mark.django_db
def test_no_row_of_the_queue_says_anything_of_anybody():
    places = world.build()
    assert_schedules()
    ask_for_a_tick()

    written = [str(SignedPackage.loads(row.payload)) for row in OrmQ.objects.all()]
    written += [f"{one.func} {one.args} {one.kwargs} {one.hook}" for one in Schedule.objects.all()]

    assert len(written) > 1
    for place in places.values():
        for word in (*place.sealed, *place.marks):
            assert [row for row in written if word in row] == []


@pytest.mark.parametrize("secret", ["", "short", settings.SECRET_KEY])
def test_an_installation_without_a_secret_for_the_queue_is_warned(settings, secret):
    settings.Q_SECRET = secret

    assert [one.id for one in queue_secret.queue_has_a_secret(None)] == ["config.W102"]


def test_an_installation_with_a_secret_for_the_queue_is_not(settings):
    settings.Q_SECRET = "a secret of its own, long enough for the queue of tasks"

    assert queue_secret.queue_has_a_secret(None) == []
