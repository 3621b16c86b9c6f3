"""Keys come first and go first, and what is shredded is gone from the files."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction

from tests.vault.conftest import NOON
from tests.vault.on_disk import on_disk
from vault import subject_keys
from vault.errors import Locked
from vault.models import KekState, PhoneBucket, SubjectKey
from vault.providers import file, keyring

NUMBER = "+12025550123"
ONE, TWO = UUID(int=1), UUID(int=2)


def keyed():
    return set(SubjectKey.objects.values_list("subject", flat=True))


def test_each_subject_gets_a_key_of_its_own(db):
    subject_keys.create([ONE, TWO, ONE], now=NOON)

    assert keyed() == {ONE, TWO}
    assert len({bytes(key.wrapped) for key in SubjectKey.objects.all()}) == 2
    assert bytes(KekState.objects.get().kek_id) == keyring().current


def test_a_subject_keeps_the_key_it_has(db):
    subject_keys.create([ONE], now=NOON)
    before = bytes(SubjectKey.objects.get().wrapped)

    subject_keys.create([ONE, TWO], now=NOON)

    assert bytes(SubjectKey.objects.get(subject=ONE).wrapped) == before


def test_no_key_is_made_while_the_vault_is_locked(db):
    file.lock()

    with pytest.raises(Locked):
        subject_keys.create([ONE], now=NOON)


@pytest.mark.django_db(transaction=True)
def test_keys_are_never_made_inside_a_vault_transaction_that_could_lose_them():
    with pytest.raises(RuntimeError), transaction.atomic(using="vault"):
        subject_keys.create([ONE], now=NOON)


def test_shredding_destroys_keys_and_index_rows_of_that_subject_only(new_card):
    card, other = new_card(number=NUMBER), new_card(number=NUMBER)

    counts = subject_keys.shred(card.respondent_id, now=NOON)

    assert (counts.keys, counts.buckets, counts.kek_ids) == (1, 1, {keyring().current})
    assert keyed() == {other.respondent_id}
    assert PhoneBucket.objects.get().contact_point == other.pk


def test_shredding_works_while_the_vault_is_locked_and_twice(db):
    subject_keys.create([ONE], now=NOON)
    file.lock()

    assert subject_keys.shred(ONE, now=NOON).keys == 1
    assert subject_keys.shred(ONE, now=NOON).keys == 0


@pytest.mark.django_db(transaction=True)
def test_a_shredded_key_is_gone_from_the_files_of_sqlite():
    if connections["vault"].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps it until the epoch key is destroyed")
    path = Path(connections["vault"].settings_dict["NAME"])
    subject_keys.create([ONE], now=NOON)
    wrapped = bytes(SubjectKey.objects.get().wrapped)
    assert wrapped in on_disk(path)

    subject_keys.shred(ONE, now=NOON)

    assert wrapped not in on_disk(path)
    assert wrapped[22:54] not in on_disk(path)


def test_keys_go_again_when_the_work_they_were_made_for_fails(db):
    with pytest.raises(ZeroDivisionError), subject_keys.fresh([ONE, TWO], known=lambda asked: [], now=NOON):
        raise ZeroDivisionError

    assert keyed() == set()


def test_keys_of_rows_that_were_committed_after_all_stay(db):
    with (
        pytest.raises(ZeroDivisionError),
        subject_keys.fresh([ONE, TWO], known=lambda asked: [TWO], now=NOON),
    ):
        raise ZeroDivisionError

    assert keyed() == {TWO}


def test_a_key_that_was_there_before_stays_when_other_work_for_its_subject_fails(db):
    subject_keys.create([ONE], now=NOON)

    with pytest.raises(ZeroDivisionError), subject_keys.fresh([ONE, TWO], known=lambda asked: [], now=NOON):
        raise ZeroDivisionError

    assert keyed() == {ONE}


@pytest.mark.django_db(transaction=True)
def test_who_is_known_is_asked_while_nobody_else_can_write_to_the_vault():
    asked_inside = []

    def known(asked):
        asked_inside.append(connections["vault"].in_atomic_block)
        return asked

    with pytest.raises(ZeroDivisionError), subject_keys.fresh([ONE], known=known, now=NOON):
        raise ZeroDivisionError

    assert asked_inside == [True]


def test_keys_stay_when_the_work_is_done(db):
    with subject_keys.fresh([ONE], known=lambda asked: [], now=NOON):
        pass

    assert keyed() == {ONE}


def test_keys_without_a_subject_are_swept_after_a_day(db):
    subject_keys.create([ONE, TWO], now=NOON - timedelta(hours=25))
    new = uuid4()
    subject_keys.create([new], now=NOON - timedelta(hours=23))

    swept = subject_keys.sweep_orphans(lambda asked: [ONE], now=NOON)

    assert (swept.removed, swept.after) == (1, None)
    assert keyed() == {ONE, new}


def test_a_sweep_goes_on_where_it_stopped(db):
    subject_keys.create([UUID(int=number) for number in range(1, 6)], now=NOON - timedelta(days=40))

    first = subject_keys.sweep_orphans(lambda asked: [], now=NOON, limit=3)
    second = subject_keys.sweep_orphans(lambda asked: [], now=NOON, after=first.after, limit=3)

    assert (first.removed, first.after) == (3, UUID(int=3))
    assert (second.removed, second.after) == (2, None)


def test_where_most_keys_have_no_subject_the_database_is_the_wrong_one_and_none_is_swept_for_a_month(
    db, caplog
):
    subjects = [UUID(int=number) for number in range(1, 41)]
    subject_keys.create(subjects, now=NOON)

    swept = subject_keys.sweep_orphans(lambda asked: [], now=NOON + timedelta(days=29))

    assert swept.removed == 0
    assert keyed() == set(subjects)
    assert "40 of 40 keys" in caplog.text
    assert subject_keys.sweep_orphans(lambda asked: [], now=NOON + timedelta(days=31)).removed == 40


def test_a_vault_of_a_few_people_is_not_emptied_by_a_sweep_that_knows_nobody(db):
    subject_keys.create([ONE, TWO], now=NOON)

    assert subject_keys.sweep_orphans(lambda asked: [], now=NOON + timedelta(days=2)).removed == 0
    assert keyed() == {ONE, TWO}


def test_the_vault_is_a_database_of_its_own(db):
    assert settings.DATABASES["vault"]["NAME"] != settings.DATABASES["default"]["NAME"]
    assert (
        connections["vault"].introspection.table_names() != connections["default"].introspection.table_names()
    )
