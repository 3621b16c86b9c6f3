"""The phone index finds who shares a number, tells nobody the number, and stands in for no list of numbers."""

import json
import threading
import time
from base64 import b64encode
from contextlib import ExitStack
from functools import partial
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import AuditEvent
from tests.vault.conftest import NOON
from tests.vault.testapp.models import Card
from vault import lines, matching, reindexing, subject_keys
from vault.errors import KeyMissing, Locked, Shredded, Tampered
from vault.lines import Line
from vault.models import PhoneBucket, RefusedNumber
from vault.providers import file
from vault.sealing import seal_many

NUMBER, OTHER = "+12025550123", "+12025550124"


def many_cards(numbers):
    """Cards for `numbers`, each of a person of their own, sealed and indexed together."""
    cards = [Card(respondent_id=uuid4()) for _ in numbers]
    subject_keys.create([card.respondent_id for card in cards], now=NOON)
    seal_many([(card, "number", number) for card, number in zip(cards, numbers, strict=True)])
    with lines.locked(numbers):
        Card.objects.bulk_create(cards)
        lines.add_many(
            [Line(card.pk, card.respondent_id, number) for card, number in zip(cards, numbers, strict=True)],
            now=NOON,
        )
    return cards


def numbers_from(first, count):
    return [f"+1202555{first + number:04d}" for number in range(count)]


def test_people_on_one_number_are_found_from_any_of_them(new_card):
    one, two = new_card(number=NUMBER), new_card(number=NUMBER)
    new_card(number=OTHER)

    assert lines.sharing(Card.objects.get(pk=one.pk).number) == {one.pk, two.pk}
    assert lines.holding(NUMBER) == {one.pk, two.pk}


def test_a_number_that_nobody_else_has_is_shared_with_itself(new_card):
    one = new_card(number=NUMBER)

    assert lines.sharing(one.number) == {one.pk}


def test_a_number_that_nobody_has_is_held_by_nobody(new_card):
    new_card(number=NUMBER)

    assert lines.holding(OTHER) == frozenset()


def test_one_person_may_have_a_number_twice(new_card):
    subject = uuid4()
    one, two = new_card(number=NUMBER, subject=subject), new_card(number=NUMBER, subject=subject)

    assert lines.sharing(two.number) == {one.pk, two.pk}


def test_sharing_is_answered_for_many_at_once_in_a_few_queries(new_card):
    cards = many_cards([NUMBER, NUMBER, OTHER])
    handles = [card.number for card in Card.objects.all()]
    found = {}

    one, _compared = work_of(lambda: lines.sharing_many(handles[:1]), [])
    many, _compared = work_of(lambda: found.update(lines.sharing_many(handles)), [])

    assert one == many
    assert many[1] == 3
    assert found == {
        cards[0].pk: {cards[0].pk, cards[1].pk},
        cards[1].pk: {cards[0].pk, cards[1].pk},
        cards[2].pk: {cards[2].pk},
    }


def test_a_held_and_an_unknown_number_take_the_same_queries_and_the_same_comparisons(new_card, monkeypatch):
    new_card(number=NUMBER)
    compared = []
    compare = matching.hmac.compare_digest
    monkeypatch.setattr(
        matching.hmac, "compare_digest", lambda one, two: compared.append(len(one)) or compare(one, two)
    )

    work = [work_of(partial(lines.holding, number), compared) for number in (NUMBER, OTHER)]

    assert work[0] == work[1]
    assert work[0][1] == [32]


def work_of(act, compared):
    compared.clear()
    with ExitStack() as stack:
        seen = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ("default", "vault")
        ]
        act()
    return [len(queries) for queries in seen], list(compared)


def test_the_vault_database_never_holds_a_number_or_tells_two_alike(new_card, raw):
    many_cards(numbers_from(100, 40))

    rows = raw.execute("SELECT * FROM vault_phonebucket", alias="vault")

    assert "202555" not in str(rows)
    assert PhoneBucket.objects.values("bits", "bucket").distinct().count() <= 4


def test_a_removed_contact_point_is_not_found(new_card):
    one, two = new_card(number=NUMBER), new_card(number=NUMBER)

    lines.remove(one.pk)
    lines.remove(uuid4())

    assert lines.holding(NUMBER) == {two.pk}


def test_a_contact_point_with_a_new_number_is_found_under_the_new_one_only(new_card):
    card = new_card(number=NUMBER)
    seal_many([(card, "number", OTHER)])
    with lines.locked([OTHER]):
        card.save(update_fields=["number"])
        lines.add(contact_point=card.pk, subject=card.respondent_id, e164=OTHER, now=NOON)

    assert lines.holding(OTHER) == {card.pk}
    assert lines.holding(NUMBER) == frozenset()
    assert PhoneBucket.objects.count() == 1


def test_a_number_is_added_under_its_lock_only(db):
    with pytest.raises(RuntimeError, match="locked"):
        lines.add(contact_point=uuid4(), subject=uuid4(), e164=NUMBER, now=NOON)


def test_a_second_lock_inside_is_refused(db):
    with lines.locked([NUMBER]), pytest.raises(RuntimeError, match="all at once"), lines.locked([OTHER]):
        pass


def test_an_erased_person_shares_nothing_and_others_keep_sharing(new_card):
    erased, one, two = (new_card(number=NUMBER) for _ in range(3))

    subject_keys.shred(erased.respondent_id, now=NOON)

    assert lines.sharing(one.number) == {one.pk, two.pk}
    with pytest.raises(Shredded):
        lines.sharing(erased.number)
    assert set(lines.sharing_many([erased.number, one.number])) == {one.pk}


def test_a_tampered_row_matches_nothing_and_raises_an_alert_while_others_are_found(new_card, raw):
    one, two = new_card(number=NUMBER), new_card(number=OTHER)
    raw.execute("UPDATE testapp_card SET number = %s WHERE note IS NULL AND respondent_id = %s",
                [NUMBER.encode(), as_column(two.respondent_id)])  # fmt: skip

    assert lines.holding(NUMBER) == {one.pk}
    assert AuditEvent.objects.filter(action=Action.VAULT_ALERT, object_id=two.pk).count() == 1
    with pytest.raises(Tampered):
        lines.sharing(Card.objects.get(pk=two.pk).number)


def as_column(uuid):
    return Card._meta.get_field("respondent_id").get_db_prep_value(uuid, connections["default"])


@pytest.mark.parametrize(
    "act",
    [lambda: lines.holding(NUMBER), lambda: lines.locked([NUMBER]).__enter__(), lambda: lines.keep_refusal(NUMBER),
     lambda: lines.is_refused(NUMBER), lambda: lines.sharing(Card.objects.get().number),
     lambda: lines.sharing_many([Card.objects.get().number])],
)  # fmt: skip
def test_the_index_answers_nothing_while_the_vault_is_locked(act, new_card):
    new_card(number=NUMBER)
    file.lock()

    with pytest.raises(Locked):
        act()


def test_removing_works_while_the_vault_is_locked(new_card):
    card = new_card(number=NUMBER)
    file.lock()

    lines.remove(card.pk)

    assert not PhoneBucket.objects.exists()


def test_a_lookup_fails_closed_when_an_epoch_key_is_missing(new_card, key_file):
    new_card(number=NUMBER)
    content = json.loads(key_file.read_text())
    key_file.unlink()
    file.create(key_file)
    other = json.loads(key_file.read_text())
    key_file.chmod(0o600)
    key_file.write_text(json.dumps(other | {"index": content["index"]}))
    file.forget()

    with pytest.raises(KeyMissing):
        lines.holding(NUMBER)


def test_only_a_number_is_looked_up(new_card):
    card = new_card(note="not a number")

    with pytest.raises(TypeError):
        lines.sharing(card.note)


def test_a_refused_number_is_refused_and_no_other(db):
    lines.keep_refusal(NUMBER)
    lines.keep_refusal(NUMBER)

    assert lines.is_refused(NUMBER)
    assert not lines.is_refused(OTHER)
    assert lines.refused_among([NUMBER, OTHER]) == {NUMBER}
    assert RefusedNumber.objects.count() == 1


# --- the size of buckets ----------------------------------------------------------------------------------------------


def test_an_import_makes_buckets_as_large_as_its_rows_need(new_card):
    numbers = numbers_from(0, 130)
    cards = many_cards(numbers)

    assert set(PhoneBucket.objects.values_list("bits", flat=True)) == {4}
    assert lines.holding_many(numbers) == {
        number: {card.pk} for number, card in zip(numbers, cards, strict=True)
    }


def test_numbers_are_found_before_during_and_after_a_re_index(new_card):
    numbers = numbers_from(0, 64)
    cards = many_cards(numbers)
    PhoneBucket.objects.filter(contact_point__in=[card.pk for card in cards[:40]]).update(bits=0, bucket=0)
    expected = {number: {card.pk} for number, card in zip(numbers, cards, strict=True)}

    assert lines.holding_many(numbers) == expected
    first = reindexing.step(limit=25)
    assert lines.holding_many(numbers) == expected
    second = reindexing.step(after=first.after, limit=25)
    assert lines.holding_many(numbers) == expected

    assert (first.moved, second.moved, second.after) == (25, 15, None)
    assert set(PhoneBucket.objects.values_list("bits", flat=True)) == {3}
    assert reindexing.step().moved == 0


def test_the_index_shrinks_when_most_have_left(new_card):
    cards = many_cards(numbers_from(0, 64))
    for card in cards[20:]:
        lines.remove(card.pk)

    reindexing.step()

    assert set(PhoneBucket.objects.values_list("bits", flat=True)) == {1}
    assert lines.holding("+12025550000") == {cards[0].pk}


def test_a_re_index_drops_rows_behind_which_there_is_no_number(new_card):
    cards = many_cards(numbers_from(0, 16))
    PhoneBucket.objects.update(bits=5, bucket=0)
    Card.objects.filter(pk=cards[0].pk).delete()
    Card.objects.filter(pk=cards[1].pk).update(number=None)

    done = reindexing.step()

    assert (done.moved, done.dropped, done.stuck) == (14, 2, 0)


def test_a_re_index_leaves_what_does_not_open(new_card, raw):
    many_cards(numbers_from(0, 16))
    PhoneBucket.objects.update(bits=5, bucket=0)
    raw.execute("UPDATE testapp_card SET number = %s", [NUMBER.encode()])

    done = reindexing.step()

    assert (done.moved, done.dropped, done.stuck) == (0, 0, 16)


def test_a_new_index_key_is_taken_over_while_the_old_one_still_answers(new_card, key_file):
    numbers = numbers_from(0, 20)
    cards = many_cards(numbers)
    lines.keep_refusal(NUMBER)
    content = json.loads(key_file.read_text())
    content["index"]["2"] = b64encode(b"2" * 32).decode()
    key_file.chmod(0o600)
    key_file.write_text(json.dumps(content))
    file.forget()
    expected = {number: {card.pk} for number, card in zip(numbers, cards, strict=True)}

    assert lines.holding_many(numbers) == expected
    reindexing.step()

    assert lines.holding_many(numbers) == expected
    assert set(PhoneBucket.objects.values_list("index_key_id", flat=True)) == {2}
    assert lines.is_refused(NUMBER)


def test_numbers_missing_from_the_index_are_put_back(new_card):
    one, two = new_card(number=NUMBER), new_card(number=NUMBER)
    lines.remove(two.pk)

    mended = reindexing.mend([one.number, two.number], now=NOON)

    assert mended == 1
    assert lines.holding(NUMBER) == {one.pk, two.pk}


# --- two at once ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_processes_never_add_one_number_at_once():
    order = race_for([NUMBER], [NUMBER])

    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_different_numbers_are_added_side_by_side():
    order = race_for([NUMBER], ["+447700900123"])

    assert sorted(order[:2]) == ["a in", "b in"]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_numbers_in_other_orders_never_wait_for_each_other_for_ever():
    numbers = [f"+1202555{number:04d}" for number in range(100, 140)]

    order = race_for(numbers, numbers[::-1])

    assert len(order) == 4


def race_for(one, two):
    """What two workers did, in order, who both want to hold some numbers for a moment."""
    order, start = [], threading.Barrier(2)

    def worker(name, numbers):
        start.wait()
        try:
            with lines.locked(numbers):
                order.append(f"{name} in")
                time.sleep(0.3)
                order.append(f"{name} out")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker, args=args) for args in (("a", one), ("b", two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    return order
