"""Every page of every role, with filters that name others' things: nothing of another place is on it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.attacks import world
from tests.attacks.addresses import ARGUMENTS, addresses
from tests.attacks.test_matrix import VISITORS, browsers, foreign, ids, places  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.either]

FIELDS = re.compile(r'<(?:input|select)[^>]*\bname="([a-z_]+)"')
FORMS = re.compile(r"<form\b(?![^>]*method=\"post\").*?</form>", re.DOTALL)
NO_PAGES = {"accounts:sign_out", "accounts:sign_in", "set_language", "healthz", "readyz"}
STAFF_OF_ALL = {
    # Whoever reads words out may ask who wrote them; break-glass is asked of staff of other teams.
    "consent:wordings", "consent:wording", "accounts:break_glass",
}  # fmt: skip
WHOLE_TRAIL = {"reports:trail"}
"""The trail is one; its events name staff and pseudonyms, and who may read it reads all of it."""


def named(place: world.Place) -> dict[str, str]:
    """What filters of the pages are called, and what of this place they could be made to name."""
    person = place.person
    return {
        "team": str(place.team.pk), "study": str(place.study.pk), "code": person.spoken_code, "q": person.spoken_code,
        "about": person.spoken_code, "by": place.enumerator.username, "ref": str(person.audit_ref),
        "enumerator": str(place.enumerator.pk), "partner": str(place.partner.pk), "respondent": str(person.pk),
        "service": str(place.ids["service"]), "person": str(place.enumerator.pk), "language": "en",
    }  # fmt: skip


def marks(place: world.Place, page: str) -> tuple[str, ...]:
    staff = (
        () if page in STAFF_OF_ALL | WHOLE_TRAIL else (place.enumerator.username, place.coordinator.username)
    )
    return (*place.marks, *staff)


def filters_of(html: str) -> set[str]:
    return {name for form in FORMS.findall(html) for name in FIELDS.findall(form)} - {"csrfmiddlewaretoken"}


def readings(browser, place, own):
    """Every page there is to read, plain, then with each of its filters naming something of `place`."""
    for address in addresses():
        if address.name not in ARGUMENTS or address.name in NO_PAGES:
            continue
        url = reverse(address.name, args=ids(own, address.kinds))
        plain = browser.get(url)
        yield address.name, plain, ()
        if plain.status_code != 200:
            continue
        values = named(place)
        asked = {name: values.get(name, str(place.person.pk)) for name in filters_of(plain.content.decode())}
        for name, value in asked.items():
            yield address.name, browser.get(url, {name: value}), (value,)
        if len(asked) > 1:
            yield address.name, browser.get(url, asked), tuple(asked.values())


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_shows_anything_of_another_place(browsers, places, who):  # noqa: F811
    shown, read = [], 0

    for name in sorted(foreign(who, "respondent")):
        for page, answer, sent in readings(browsers[who], places[name], places["own"]):
            text = answer.content.decode()
            read += answer.status_code == 200
            assert answer.status_code < 500, page
            shown += [
                (page, sent, mark) for mark in marks(places[name], page) if mark in text and mark not in sent
            ]

    assert shown == []
    assert read > 5


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_shows_what_is_sealed(browsers, places, who):  # noqa: F811
    """Of one's own people neither: pages are read here, nothing is revealed."""
    shown = [
        (page, value)
        for page, answer, _sent in readings(browsers[who], places["team"], places["own"])
        for place in places.values()
        for value in place.sealed
        if value in answer.content.decode()
    ]

    assert shown == []


def test_the_marks_are_where_they_belong(browsers, places):  # noqa: F811
    """So that the tests above cannot pass because nothing is marked."""
    seen = {
        mark
        for _page, answer, _sent in readings(browsers["coordinator"], places["own"], places["own"])
        for mark in marks(places["own"], "")
        if mark in answer.content.decode()
    }

    assert seen == set(marks(places["own"], ""))
