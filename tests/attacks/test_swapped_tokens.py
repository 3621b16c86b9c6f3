"""Somebody who can write to the main database: what they put into a sealed column is never shown, and is told of."""

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.actions import Action
from audit.models import AuditEvent
from orientation.models import OrientationRequest
from tests.attacks import world
from tests.signing_in import signed_in
from tracker.models import ContactPoint, Respondent
from vault.fields import SealedField

pytestmark = pytest.mark.django_db
PLANTED = "+447700900999"
SEALED = [
    (ContactPoint, "value"),
    (ContactPoint, "safe_phrase"),
    (ContactPoint, "cover_words"),
    (Respondent, "ask_for"),
    (OrientationRequest, "note"),
]
WAYS = ("plain text", "another person's", "another column's", "one bit", "cut short")


@pytest.fixture
def places():
    with time_machine.travel(world.MORNING, tick=False):
        yield world.build()


def test_every_sealed_column_is_tried_here():
    columns = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, SealedField) and model._meta.app_label != "testapp"
    }

    assert columns == set(SEALED)


@pytest.mark.parametrize(("model", "name"), SEALED)
def test_what_was_put_into_a_sealed_column_is_never_shown_and_raises_an_alert(places, model, name):
    own, other = places["own"], places["team"]
    tried = {way: forged(way, model, name, own, other) for way in WAYS}

    for way, bytes_put in tried.items():
        alerts_before = alerts().count()
        write(model, name, row_of(own, model), bytes_put)

        for page, answer in read_everything(own).items():
            assert answer.status_code in (200, 302, 409, 503), (way, page)
            shown = answer.content.decode()
            assert [word for word in (PLANTED, PLANTED[1:], *other.sealed) if word in shown] == [], (
                way,
                page,
            )
        assert alerts().count() > alerts_before, way
    assert PLANTED not in str(list(AuditEvent.objects.values()))


def test_what_is_whole_is_shown_where_it_is_opened_on_purpose(places):
    """So that the tests above cannot pass because nothing is ever opened."""
    pages = read_everything(places["own"])

    shown = " ".join(answer.content.decode() for answer in pages.values())
    number, *_forms, phrase, cover, ask_for, note = places["own"].sealed
    assert [word for word in (number, phrase, cover, ask_for, note) if word not in shown] == []
    assert not alerts().exists()


def test_lists_still_stand_when_every_number_was_swapped(places):
    own, other = places["own"], places["team"]
    for place, source in ((own, other), (other, own)):
        write(ContactPoint, "value", place.ids["point"], token_in(ContactPoint, "value", source.ids["point"]))
    browser = signed_in(Client(), own.coordinator)

    for name in ("casework:respondents", "reports:owed"):
        assert own.person.spoken_code in browser.get(reverse(name)).content.decode(), name


def alerts():
    return AuditEvent.objects.filter(action=Action.VAULT_ALERT)


def read_everything(place):
    """All pages on which something of this person is opened, and two on which nothing is."""
    caller, focal, lead = (
        signed_in(Client(), one) for one in (place.enumerator, place.focal_point, place.coordinator)
    )
    person, asked = place.ids["respondent"], place.ids["request"]
    return {
        "dial": caller.post(reverse("followups:dial", args=[place.ids["claim"]])),
        "letter": focal.get(reverse("orientation:letter", args=[asked])),
        "note": focal.post(reverse("orientation:note", args=[asked])),
        "contact": focal.post(reverse("orientation:contact", args=[asked])),
        "person": lead.get(reverse("casework:respondent", args=[person])),
        "list": lead.get(reverse("casework:respondents")),
    }


def forged(way, model, name, own, other):
    whole = token_in(model, name, row_of(own, model))
    return {
        "plain text": PLANTED.encode(),
        "another person's": token_in(model, name, row_of(other, model)),
        "another column's": token_in(*other_column(model, name), row_of(own, other_column(model, name)[0])),
        "one bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "cut short": whole[:40],
    }[way]


def other_column(model, name):
    return (
        (ContactPoint, "value") if (model, name) != (ContactPoint, "value") else (ContactPoint, "safe_phrase")
    )


def row_of(place, model):
    return place.ids[{ContactPoint: "point", Respondent: "respondent", OrientationRequest: "request"}[model]]


def token_in(model, name, pk):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column(model, name)} FROM {model._meta.db_table} WHERE id = %s", [key(model, pk)]
        )
        return bytes(cursor.fetchone()[0])


def write(model, name, pk, value):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {column(model, name)} = %s WHERE id = %s",
            [value, key(model, pk)],
        )
        assert cursor.rowcount == 1


def column(model, name):
    return model._meta.get_field(name).column


def key(model, pk):
    return model._meta.pk.get_db_prep_value(pk, connection)
