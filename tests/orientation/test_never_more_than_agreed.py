"""Promise 6: whatever happens to a request, a focal point never sees an item that is not agreed to at that moment."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.folding import Decision
from consent.purposes import Purpose
from kernel.errors import DomainError
from orientation import closing, handling, letters, opening
from orientation.models import OrientationRequest
from orientation.vocabulary import EndReason, Form, Item
from tests.orientation import making
from tests.orientation import world as worlds
from tests.orientation.making import NOW

STEPS = (
    "request",
    "acknowledge",
    "act",
    "revoke",
    "revoke in the ledger",
    "expire",
    "withdraw",
    "lose the number",
)
items = st.frozensets(st.sampled_from(list(Item)))
steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS), items, st.sampled_from(list(Form)), st.integers(1, 40), st.integers(0, 15)
    ),
    max_size=8,
)


class Memory:
    """What the person has agreed to, told apart from the code under test: request id → items, until when."""

    def __init__(self):
        self.agreed = {}
        self.may_keep_number = True

    def items(self, request_id, now):
        shared, until = self.agreed.get(request_id, (frozenset(), NOW))
        shared = shared if now < until else frozenset()
        return shared if self.may_keep_number else shared - {Item.CONTACT}

    def stands(self, request_id, now):
        return request_id in self.agreed and now < self.agreed[request_id][1]


def take(step, world, memory, chosen, form, days, now):
    row = OrientationRequest.objects.order_by("-requested_at").first()
    if step == "request":
        asked = making.asked(
            world.service,
            form,
            items=chosen,
            contact_point=world.respondent.contact_points.get(),
            valid_days=days,
        )
        from orientation import requesting

        made = requesting.request(respondent=world.respondent, asked=asked, by=world.enumerator, now=now)
        if form is not Form.INFORMATION_ONLY:
            memory.agreed[made.pk] = (chosen, now + timedelta(days=days))
    elif step == "expire":
        closing.expire_due(now=now)
    elif step == "withdraw":
        closing.close_all(respondent=world.respondent, reason=EndReason.WITHDRAWN, by=None, now=now)
        memory.agreed.clear()
    elif step == "lose the number":
        making.say(world.respondent, Purpose.KEEP_NUMBER, Decision.WITHDRAWN, at=now)
        memory.may_keep_number = False
    elif row is not None and step == "revoke":
        closing.revoke(request=row, by=world.enumerator, now=now)
        memory.agreed.pop(row.pk, None)
    elif row is not None and step == "revoke in the ledger":
        making.say(world.respondent, Purpose.ORIENTATION, Decision.WITHDRAWN, concerning=row.pk, at=now)
        memory.agreed.pop(row.pk, None)
    elif row is not None:
        verb = {"acknowledge": handling.acknowledge, "act": handling.act}[step]
        verb(request_id=row.pk, by=world.focal_point, now=now)


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
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_a_focal_point_never_sees_an_item_that_is_not_agreed_to_at_that_moment(history):
    from django.db import transaction

    with transaction.atomic():
        world, memory, now = worlds.build(), Memory(), NOW
        for step, chosen, form, days, passing in history:
            now += timedelta(days=passing, minutes=1)
            try:
                with transaction.atomic():
                    take(step, world, memory, chosen, form, days, now)
            except DomainError:
                pass
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
