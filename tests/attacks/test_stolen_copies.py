"""A thief with a copy of one database, or of both, and all of this program, but without the provider's keys."""

import base64
import re
import zlib
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from tests.attacks import world
from tests.factories import make_respondent
from tests.signing_in import signed_in
from tracker.models import ContactPoint
from vault.models import PhoneBucket, SubjectKey
from vault.primitives import Broken
from vault.sealed import token_of
from vault.tokens import Place, unseal
from vault.wrapping import unwrap

pytestmark = pytest.mark.django_db(transaction=True)
SHARED = "+447700900399"
BOTH = ("default", "vault")


@pytest.fixture
def places():
    """Three people in calls, each read by everybody who may, and two more who share a number."""
    with time_machine.travel(world.MORNING, tick=False):
        built = world.build()
        own = built["own"]
        for _n in range(2):
            make_respondent(study=own.study, team=own.team, by=own.enumerator, numbers=(SHARED,))
        work_with(own)
        yield built


def work_with(place):
    """What leaves sessions, caches, messages and events behind: a reveal, a note, a search, a stop."""
    caller, focal, lead = (
        signed_in(Client(), one) for one in (place.enumerator, place.focal_point, place.coordinator)
    )
    shown = caller.post(reverse("followups:dial", args=[place.ids["claim"]])).content.decode()
    assert world.NUMBERS[place.name] in shown
    focal.post(reverse("orientation:note", args=[place.ids["request"]]))
    lead.get(reverse("casework:respondents"), {"code": place.person.spoken_code})
    lead.post(
        reverse("casework:stop"), {"about": world.NUMBERS["country"], "number": world.NUMBERS["country"]}
    )
    cache.set("a page", shown[:0])


def copy_of(alias):
    """The bytes a thief would have: the files of SQLite with their log, or every row of PostgreSQL."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        main = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in sorted(main.parent.glob(f"{main.name}*")))
    return b"\n".join(raw(value) for value in values_of(alias))


def values_of(alias):
    """Every value in every table, as the database gives it to whoever reads past the program."""
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connections[alias].ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (value for value in row if value is not None)


def raw(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def unpacked():
    """What lies packed in the copies: sessions, cached answers, queued tasks."""
    sessions = [str(one.get_decoded()) for one in Session.objects.all()]
    tasks = [str(SignedPackage.loads(one.payload)) for one in OrmQ.objects.all()]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT value FROM shared_cache")
        cached = [base64.b64decode(value).decode("latin-1") for (value,) in cursor.fetchall()]
    return "\n".join([*sessions, *tasks, *cached])


def forms(word):
    """The ways in which a word could lie in a file."""
    plain = word.encode()
    utf16 = word.encode("utf-16-le")
    packed = base64.b64encode(plain)[:-4]
    return (plain, utf16, plain.hex().encode(), plain[::-1], packed, zlib.compress(plain)[2:-4])


def secrets_of(places):
    words = [word for place in places.values() for word in place.sealed]
    return [*words, SHARED, SHARED[1:], SHARED[3:], *world.SEEDS.values()]


@pytest.mark.parametrize("stolen", [("default",), ("vault",), BOTH])
def test_no_number_no_word_and_no_seed_is_in_a_stolen_copy(places, stolen):
    copy = b"".join(copy_of(alias) for alias in stolen)

    found = [word for word in secrets_of(places) for form in forms(word) if form in copy]

    assert len(copy) > 5_000
    assert found == []


def test_nothing_packed_in_the_copies_has_it_either(places):
    text = unpacked()

    assert str(places["own"].enumerator.pk) in text
    assert [word for word in secrets_of(places) if word in text] == []


def test_what_is_looked_for_would_be_found(places):
    """So that the tests above cannot pass because nothing is read: a planted number is found in each copy."""
    planted = "+447700900555"
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE tracker_study SET title = %s", [planted])
    with connections["vault"].cursor() as cursor:
        cursor.execute("UPDATE vault_subjectkey SET wrapped = %s", [planted.encode()])

    assert all(planted.encode() in copy_of(alias) for alias in BOTH)


def test_equal_numbers_cannot_be_told_from_different_ones(places):
    """Not by the sealed values, which share no piece of eight bytes, and not by the index: all stand in one bucket."""
    tokens = {point.pk: token_of(point.value) for point in ContactPoint.objects.all()}
    pieces = [{token[at : at + 8] for at in range(6, len(token) - 8)} for token in tokens.values()]

    assert {len(token) for token in tokens.values()} == {66}
    assert len(set().union(*pieces)) == sum(map(len, pieces))
    assert PhoneBucket.objects.count() == len(tokens) == 5
    assert PhoneBucket.objects.values("index_key_id", "bits", "bucket").distinct().count() == 1


def test_no_key_that_opens_anything_is_in_the_copies_or_in_the_settings(places):
    """Every 32 bytes there are, as they lie or written in hex or base64, tried on a wrapped key and on a number."""
    key, point = (
        SubjectKey.objects.get(subject=places["own"].person.pk),
        ContactPoint.objects.get(pk=places["own"].ids["point"]),
    )
    place = Place("phone.e164", subject=point.respondent_id, row=point.pk)
    wrapped, token = bytes(key.wrapped), token_of(point.value)
    tried, opened = set(candidates()), []

    for candidate in tried:
        for attempt in (
            lambda one=candidate: unwrap(one, wrapped, subject=key.subject, generation=key.generation),
            lambda one=candidate: unseal(one, token, place),
        ):
            try:
                opened.append(attempt())
            except Broken:
                continue

    assert len(tried) > 1_000
    assert opened == []


def candidates():
    for alias in BOTH:
        for value in values_of(alias):
            lies = raw(value)
            yield from windows(lies)
            for packed in re.findall(rb"[0-9a-fA-F]{64}", lies):
                yield bytes.fromhex(packed.decode())
            for packed in re.findall(rb"[A-Za-z0-9+/_-]{43}", lies):
                yield base64.urlsafe_b64decode(packed.replace(b"+", b"-").replace(b"/", b"_") + b"=")
    yield from windows(settings.SECRET_KEY.encode())


def windows(lies):
    """Every piece of 32 bytes that could be a key: keys are drawn, so they have many different bytes."""
    for at in range(len(lies) - 31):
        piece = lies[at : at + 32]
        if len(set(piece)) > 20:
            yield piece
