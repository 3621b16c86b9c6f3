"""Promise 6: whatever happens to a request, a focal point never sees an item that is not agreed to at that moment."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.folding import Decision
from consent.purposes import Purpose
from kernel.errors import DomainError
from orientation import closing, handling, letters, opening, requesting
from orientation.models import OrientationRequest
from orientation.vocabulary import EndReason, Form, Item
from tests.orientation import making
from tests.orientation.making import NOW

STEPS = (
    "request",
    "acknowledge",
    "act",
    "narrow",
    "revoke",
    "revoke in the ledger",
    "revoke all in the ledger",
    "expire",
    "withdraw",
    "lose the number",
)
some_items = st.frozensets(st.sampled_from(list(Item)))
forms = st.sampled_from(
    [Form.CONTACT_REQUEST, Form.CONTACT_REQUEST, Form.I_WILL_CONTACT, Form.INFORMATION_ONLY]
)
days_passing = st.integers(0, 12)
first = st.tuples(st.just("request"), some_items, forms, days_passing)
step = st.tuples(st.sampled_from(STEPS), some_items, forms, days_passing)
histories = st.tuples(first, st.lists(step, max_size=7)).map(lambda parts: [parts[0], *parts[1]])
VALID_DAYS = 20


class Memory:
    """What the person has agreed to, told apart from the code under test: request id → items, until when."""

    def __init__(self):
        self.agreed = {}
        self.may_keep_number = True

    def items(self, request_id, now):
        if not self.stands(request_id, now):
            return frozenset()
        shared = self.agreed[request_id][0]
        return shared if self.may_keep_number else shared - {Item.CONTACT}

    def stands(self, request_id, now):
        return request_id in self.agreed and now < self.agreed[request_id][1]


def possible(chosen, form):
    """What this form can share of the items chosen."""
    return {
        Form.INFORMATION_ONLY: chosen,
        Form.I_WILL_CONTACT: chosen & {Item.NEED},
        Form.CONTACT_REQUEST: chosen | {Item.CONTACT},
    }[form]


def ask(world, memory, chosen, form, now):
    items, point = possible(chosen, form), world.respondent.contact_points.get()
    asked = making.asked(world.service, form, items=items, contact_point=point, valid_days=VALID_DAYS)
    made = requesting.request(respondent=world.respondent, asked=asked, by=world.enumerator, now=now)
    if form is not Form.INFORMATION_ONLY:
        memory.agreed[made.pk] = (items, now + timedelta(days=VALID_DAYS))


def say_of_all(world, memory, name, now):
    """A step about all of a person's requests, or none in particular."""
    if name == "expire":
        closing.expire_due(now=now)
    elif name == "withdraw":
        closing.close_all(respondent=world.respondent, reason=EndReason.WITHDRAWN, by=None, now=now)
        memory.agreed.clear()
    elif name == "lose the number":
        making.say(world.respondent, Purpose.KEEP_NUMBER, Decision.WITHDRAWN, at=now)
        memory.may_keep_number = False
    else:
        making.say(world.respondent, Purpose.ORIENTATION, Decision.WITHDRAWN, at=now)
        memory.agreed.clear()


def say_of_one(world, memory, name, row, chosen, now):
    """A step about the latest request."""
    if name == "narrow" and memory.stands(row.pk, now):
        codes = tuple(item.value for item in chosen)
        making.say(
            world.respondent,
            Purpose.ORIENTATION,
            Decision.GRANTED,
            concerning=row.pk,
            items=codes,
            at=now,
            valid_days=1,
        )
        memory.agreed[row.pk] = (memory.agreed[row.pk][0] & chosen, now + timedelta(days=1))
    elif name == "revoke":
        closing.revoke(request=row, by=world.enumerator, now=now)
        memory.agreed.pop(row.pk, None)
    elif name == "revoke in the ledger":
        making.say(world.respondent, Purpose.ORIENTATION, Decision.WITHDRAWN, concerning=row.pk, at=now)
        memory.agreed.pop(row.pk, None)
    elif name in ("acknowledge", "act"):
        verb = handling.acknowledge if name == "acknowledge" else handling.act
        verb(request_id=row.pk, by=world.focal_point, now=now)


def take(world, memory, name, chosen, form, now):
    if name == "request":
        ask(world, memory, chosen, form, now)
    elif name in ("expire", "withdraw", "lose the number", "revoke all in the ledger"):
        say_of_all(world, memory, name, now)
    else:
        latest = OrientationRequest.objects.order_by("-requested_at").first()
        say_of_one(world, memory, name, latest, chosen, now)


def seen_items(letter):
    """The items that a reader of this letter learns something of."""
    seen = {
        Item.NEED: letter.need,
        Item.LANGUAGE: letter.language,
        Item.COUNTRY: letter.country,
        Item.PREFERRED_TIME: letter.preferred_time,
        Item.NOTE: letter.has_note,
        Item.CONTACT: letter.contact,
    }
    return {item for item, value in seen.items() if value}


def opens(verb, world, row, now):
    try:
        return bool(verb(request_id=row.pk, by=world.focal_point, now=now))
    except DomainError:
        return False


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_a_focal_point_never_sees_an_item_that_is_not_agreed_to_at_that_moment(world, history):
    with transaction.atomic():
        memory, now = Memory(), NOW
        for name, chosen, form, days in history:
            now += timedelta(days=days, minutes=1)
            with contextlib.suppress(DomainError), transaction.atomic():
                take(world, memory, name, chosen, form, now)
            check(world, memory, now)
        transaction.set_rollback(True)


def check(world, memory, now):
    shown = {letter.request_id: letter for letter in letters.inbox(by=world.focal_point, now=now)}
    for row in OrientationRequest.objects.all():
        agreed = memory.items(row.pk, now)
        if row.pk in shown:
            assert memory.stands(row.pk, now)
            assert seen_items(shown[row.pk]) <= agreed
        if opens(opening.contact, world, row, now):
            assert Item.CONTACT in agreed
        if opens(opening.note, world, row, now):
            assert Item.NOTE in agreed
    assert letters.inbox(by=world.other_focal_point, now=now) == []
