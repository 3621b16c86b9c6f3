"""Each role's session on every address and form, with whatever comes to mind; FUZZ_SECONDS and FUZZ_SEED steer it."""

from __future__ import annotations

import logging
import os
import sys
import time
from random import Random

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.attacks import world
from tests.attacks.addresses import ARGUMENTS, addresses
from tests.attacks.fuzzing import Shot, Visitor, faults, smallest
from tests.attacks.test_matrix import VISITORS, ids, visitors
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.either]

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0")) / len(VISITORS)
"""How long each role goes on; without it a fixed number of requests, so that the same seed sends the same ones."""
BEYOND_EVERY_ADDRESS = 200
SEED = int(os.environ.get("FUZZ_SEED", "20260402"))


@pytest.fixture
def secured(settings):
    """As where people work: everything over TLS."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    # What is refused here is refused by the thousand.
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def places(secured):
    with time_machine.travel(world.MORNING, tick=False):
        yield world.build()


@pytest.mark.parametrize("who", VISITORS)
def test_nothing_anybody_sends_breaks_a_page_or_makes_it_tell(places, who, capsys):
    user = visitors(places)[who]
    client = signed_in(Client(raise_request_exception=False), user)
    own = places["own"].sealed
    others = places["team"].sealed + places["country"].sealed
    visitor = Visitor(Random(f"{SEED}-{who}"), words_of(places), addresses_of(places))
    visitor.links += [*visitor.addresses]
    before = rights(user, who)
    until, most, sent = time.monotonic() + SECONDS, len(visitor.addresses) + BEYOND_EVERY_ADDRESS, 0

    for shot in visitor.shots():
        if (time.monotonic() > until) if SECONDS else (sent == most):
            break
        answer = shot.fire(client)
        sent += 1
        if found := faults(shot, answer, own, others):

            def is_wrong(less: Shot) -> bool:
                return bool(faults(less, less.fire(client), own, others))

            pytest.fail(f"seed {SEED}, {who}: {found}\n  {smallest(shot, is_wrong)}")
        if "text/html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
            visitor.saw(shot, answer.content.decode())
        if leads_out(answer):
            signed_in(client, user)

    assert rights(user, who) == before
    capsys.readouterr()
    with capsys.disabled():
        sys.stdout.write(f"\n{who}: {sent} requests, {len(visitor.forms)} forms, seed {SEED}\n")


def rights(user: User, who: str) -> list[tuple[object, ...]]:
    """What decides who sees what: of everybody, or, where others' is changed on purpose, of the visitor."""
    people = User.objects.filter(pk=user.pk) if who == "administrator" else User.objects.order_by("pk")
    return [
        (
            one.role,
            one.is_active,
            sorted(one.teams.values_list("code", flat=True)),
            sorted(one.languages.values_list("language", flat=True)),
            sorted(one.countries.values_list("country", flat=True)),
        )
        for one in people
    ]


def addresses_of(places: dict[str, world.Place]) -> tuple[str, ...]:
    """Every address there is, with the ids of one's own things and of a foreign place's."""
    classified = [one for one in addresses() if one.name in ARGUMENTS]
    return tuple(
        dict.fromkeys(
            reverse(one.name, args=ids(places[name], one.kinds))
            for one in classified
            for name in ("own", "country")
            if one.name != "accounts:sign_out"
        )
    )


def words_of(places: dict[str, world.Place]) -> tuple[str, ...]:
    """Ids, codes and names of all three places, and of nothing."""
    named = [
        word
        for place in places.values()
        for word in (
            *place.ids.values(),
            place.person.spoken_code,
            place.enumerator.username,
            place.team.code,
        )
    ]
    return tuple(map(str, [*named, world.nobody()]))


def leads_out(answer) -> bool:
    return answer.status_code == 302 and "sign-in" in answer.headers["Location"]
