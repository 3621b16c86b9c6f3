"""Every address × every role × things of others: what is not theirs looks exactly like what does not exist."""

from __future__ import annotations

import difflib
import itertools
import re

import pytest
import time_machine
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from tests.attacks import world
from tests.attacks.addresses import ARGUMENTS, WORDS, addresses
from tests.factories import make_user
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.either]

VISITORS = ("enumerator", "coordinator", "focal_point", "dpo", "administrator")
OF_ANY_COUNTRY = {"partner", "service", "focal_point", "wording", "calendar_entry"}
"""Partners serve several countries, words are read out in all, and people on the move may be in any: whoever sets
these up sees all of them."""
BY_COUNTRY = {"dpo", "administrator"}
"""Their view takes no team; here it is limited to one country, where the own and the other team work."""
OWN_BUT_NOT_THERE = {
    "casework:reference_slip",  # a contact request has no reference to hand out
    "accounts:factor_remove",  # the factor is the enumerator's
    "reports:break_glass_review",  # nobody has decided it, so there is nothing to look at
}
ALWAYS_THE_SAME = {"followups:unsafe"}
"""Pressing *unsafe* blanks the screen whatever is named, and writes only about the caller's own call."""
KNOWN = {200, 302, 400, 405, 409, 422}
HIDDEN = {403, 404, 405}
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKENS = re.compile(r'(?<=")[A-Za-z0-9]{64}(?=")')
METHODS = ("get", "post")


@pytest.fixture
def places():
    with time_machine.travel(world.MORNING, tick=False):
        yield world.build()


@pytest.fixture
def browsers(places):
    """One signed-in browser per visitor."""
    return {who: signed_in(Client(), user) for who, user in visitors(places).items()}


def visitors(places: dict[str, world.Place]) -> dict[str, User]:
    """Field staff are in the own team and in the foreign country's, and everybody is limited to the own country."""
    own, far = places["own"], places["country"]
    people = {who: getattr(own, who) for who in ("enumerator", "coordinator", "focal_point")}
    people |= {who: make_user(Role(who), now=world.MORNING) for who in ("dpo", "administrator")}
    for who in ("enumerator", "coordinator"):
        people[who].teams.add(far.team)
    return {who: world.limited(user, own.team.country) for who, user in people.items()}


def test_every_address_is_classified():
    unknown = {one.name: one.parameters for one in addresses() if one.name not in ARGUMENTS}
    gone = set(ARGUMENTS) - {one.name for one in addresses()}

    assert unknown == {}
    assert gone == set()
    assert [one.name for one in addresses() if len(one.kinds) != len(one.parameters)] == []


def test_what_is_not_theirs_cannot_be_told_from_what_does_not_exist(browsers, places):
    told_apart = []

    for who, address, method in itertools.product(VISITORS, of_rows(), METHODS):
        for given, twin in guesses(who, address.kinds, places):
            answer, unknown = both(browsers[who], method, address, given, twin)
            if answer != unknown or (answer[0] not in HIDDEN and address.name not in ALWAYS_THE_SAME):
                told_apart.append((who, method, address.name, difference(answer, unknown)))
            if answer[0] != 404:
                break  # the page or the method is refused to this role, whatever is named

    assert not told_apart, told_apart[:5]


def test_what_is_theirs_opens_on_the_same_addresses(browsers, places):
    """So that the test above cannot pass because everything is refused."""
    shut, opened = [], dict.fromkeys(VISITORS, 0)

    for who, address, method in itertools.product(VISITORS, of_rows(), METHODS):
        if any(kind not in places["own"].ids for kind in address.kinds if kind not in WORDS):
            continue
        status = knock(browsers[who], method, address, ids(places["own"], address.kinds))[0]
        opened[who] += status in KNOWN - {405}
        if status not in KNOWN | {403} and address.name not in OWN_BUT_NOT_THERE:
            shut.append((who, method, address.name, status))

    assert shut == []
    assert min(opened.values()) > 5, opened


def of_rows():
    """The classified addresses that name a row; the first test tells of one that is not classified."""
    return [one for one in addresses() if one.name in ARGUMENTS and one.names_rows]


def foreign(who: str, kind: str) -> set[str]:
    """Whose things of this kind are not theirs to know of."""
    if kind in OF_ANY_COUNTRY and who != "focal_point":
        return set()
    if kind == "factor" and who != "enumerator":
        return set(world.PLACES)
    if who in BY_COUNTRY and kind not in ("person", "shift"):
        return {"country"}
    return {"team", "country"}


def guesses(who, kinds, places):
    """Every mixture of own and foreign ids with at least one foreign one; beside it the same with ids of nothing."""
    wholes = [ids(places[name], kinds) for name in ("own", "team", "country")]
    origins = ("own", "team", "country")
    for mixture in itertools.product(range(3), repeat=len(kinds)):
        is_foreign = [
            kind not in WORDS and origins[n] in foreign(who, kind)
            for kind, n in zip(kinds, mixture, strict=True)
        ]
        if any(is_foreign):
            given = [wholes[n][place] for place, n in enumerate(mixture)]
            yield (
                given,
                [
                    world.nobody(kind) if lost else one
                    for kind, lost, one in zip(kinds, is_foreign, given, strict=True)
                ],
            )


def ids(place, kinds):
    return [WORDS.get(kind) or place.ids.get(kind) or world.nobody(kind) for kind in kinds]


def both(client, method, address, given, twin):
    """The two answers; asked again where they differ, since now and then a request tidies up sessions or the cache."""
    for _again in range(2):
        answer, unknown = (knock(client, method, address, one) for one in (given, twin))
        if answer == unknown:
            break
    return answer, unknown


def knock(client: Client, method: str, address, given):
    """Status, body and how many questions were asked of each database; nothing it changed stays."""
    url = reverse(address.name, args=given)
    cookies = client.cookies.output()
    with transaction.atomic(), CaptureQueriesContext(connections["default"]) as main:
        with CaptureQueriesContext(connections["vault"]) as vault:
            response = getattr(client, method)(url)
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    body = TOKENS.sub("TOKEN", UUIDS.sub("ID", response.content.decode()))
    for one in given:
        body = body.replace(f"/{one}/", "/ID/")
    return response.status_code, body, len(main), len(vault)


def difference(answer, unknown):
    """Where two answers differ, short enough to read."""
    lines = difflib.unified_diff(unknown[1].splitlines(), answer[1].splitlines(), "unknown", "foreign", n=0)
    return (unknown[0], answer[0]), (unknown[2:], answer[2:]), [line for line in lines if line[1:]][:8]
