"""What a thief gets out of files and dumps: nothing without the keys, and of an erased person nothing with them."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connections

from casework import withdrawing
from casework.receipts import Grade
from consent.models import Mode
from tests.followups.making import MORNING, World
from tests.services.postgres import binaries
from tests.vault.on_disk import on_disk
from tests.vault.test_rotation_under_load import address
from tracker.models import ContactPoint, Respondent
from vault import copies, deks, lines, providers, rotating, wrapping
from vault.errors import KeyMissing
from vault.models import KekState, SubjectKey
from vault.primitives import Broken, fresh_key
from vault.providers import file
from vault.rotating import Run
from vault.sealed import token_of
from vault.tokens import Place, unseal

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "+447700900123"
NIGHT = MORNING + timedelta(hours=19)
HIDDEN = slice(22, 54)
"""Where in the 70 bytes the key itself lies, encrypted."""


@pytest.fixture
def world():
    return World()


@pytest.fixture
def person(world):
    return world.person(numbers=(NUMBER,))


@pytest.fixture
def folder(tmp_path):
    """Where copies of the vault stay."""
    place = tmp_path / "copies"
    place.mkdir()
    return place


def change_keys():
    assert rotating.rotate(Run(lambda: NIGHT)).is_through


def erase(person, world):
    return withdrawing.withdraw(
        respondent=person, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=world.coordinator, now=MORNING
    )


def key_of(person):
    return SubjectKey.objects.get(subject=person.pk)


def token_and_place(person):
    point = ContactPoint.objects.get(respondent=person)
    return token_of(point.value), Place("phone.e164", person.pk, point.pk)


def dump(alias):
    """All that is in a database: the bytes of SQLite's files, or every table of PostgreSQL as it is copied out."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return on_disk(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return b"".join(bytes(some) for table in tables for some in _rows(cursor, table))


def _rows(cursor, table):
    with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
        yield from rows


def holds(dumped, secret):
    """Whether bytes are in a dump, as they are or in the hexadecimal of PostgreSQL's text."""
    return secret in dumped or secret.hex().encode() in dumped


def opens(wrapped, subject):
    """Whether anything that the provider holds now opens a wrapped key."""
    return [
        name
        for name, kek in file.contents().keks.items()
        if not _fails(lambda kek=kek: wrapping.unwrap(kek, wrapped, subject=subject, generation=1))
    ]


def _fails(verb):
    try:
        verb()
    except Broken:
        return True
    return False


def test_the_main_database_alone_holds_no_number_and_no_key(person):
    wrapped = bytes(key_of(person).wrapped)
    dumped = dump("default")

    assert holds(dumped, token_and_place(person)[0])
    assert not holds(dumped, wrapped[HIDDEN])
    for digits in (NUMBER, NUMBER[1:], NUMBER[3:]):
        assert not holds(dumped, digits.encode())


def test_the_vault_database_alone_holds_no_number_no_token_and_no_epoch_key(person):
    dumped, contents = dump("vault"), file.contents()

    assert holds(dumped, bytes(key_of(person).wrapped))
    assert not holds(dumped, token_and_place(person)[0])
    for digits in (NUMBER, NUMBER[1:], NUMBER[3:]):
        assert not holds(dumped, digits.encode())
    for secret in (*contents.keks.values(), *contents.index.values(), contents.audit, contents.case):
        assert not holds(dumped, secret)


def test_both_databases_without_the_provider_open_nothing(person):
    """Both copies, every key that lies in them read as an epoch key, and as the key of the person."""
    wrapped, (token, place) = bytes(key_of(person).wrapped), token_and_place(person)
    guesses = [wrapped[HIDDEN], wrapped[:32], wrapped[-32:], bytes(32), fresh_key(), token[18:50]]

    assert all(
        _fails(lambda g=g: wrapping.unwrap(g, wrapped, subject=person.pk, generation=1)) for g in guesses
    )
    assert all(_fails(lambda g=g: unseal(g, token, place)) for g in guesses)


def test_a_key_that_was_destroyed_is_in_no_file_of_the_vault(person, world):
    wrapped = bytes(key_of(person).wrapped)
    assert holds(dump("vault"), wrapped)

    erase(person, world)

    dumped = dump("vault")
    assert not holds(dumped, wrapped)
    assert not holds(dumped, wrapped[HIDDEN])


def test_until_the_keys_change_a_dump_from_before_the_erasure_and_the_provider_open_an_erased_person(
    person, world
):
    wrapped, (token, place) = bytes(key_of(person).wrapped), token_and_place(person)
    erase(person, world)

    [name] = opens(wrapped, person.pk)

    dek = wrapping.unwrap(file.contents().keks[name], wrapped, subject=person.pk, generation=1)
    assert unseal(dek, token, place).decode() == NUMBER
    assert rotating.final_since(Respondent.objects.get(pk=person.pk).status_at) is None


def test_after_the_change_both_dumps_and_all_that_the_provider_holds_do_not_open_an_erased_person(
    person, world
):
    wrapped = bytes(key_of(person).wrapped)
    stolen = dump("default") + dump("vault")
    erase(person, world)

    change_keys()

    assert holds(stolen, wrapped)
    assert opens(wrapped, person.pk) == []
    assert rotating.final_since(Respondent.objects.get(pk=person.pk).status_at) == NIGHT


def test_after_the_change_a_dump_from_before_opens_nobody_and_one_from_after_everybody_who_is_left(world):
    stays = world.person(numbers=(NUMBER,))
    before = bytes(key_of(stays).wrapped)

    change_keys()

    assert opens(before, stays.pk) == []
    assert opens(bytes(key_of(stays).wrapped), stays.pk) == [providers.keyring().current]


def test_a_stolen_vault_put_back_in_place_does_not_bring_an_erased_person_back(person, world):
    stolen = SubjectKey.objects.filter(subject=person.pk).values().get()
    erase(person, world)
    change_keys()

    SubjectKey.objects.create(**stolen)

    with pytest.raises(KeyMissing):
        deks.load([person.pk]).newest(person.pk)


def test_the_copy_that_a_change_keeps_holds_nothing_of_an_erased_person(person, world, settings, folder):
    settings.VAULT_COPY_DIR = str(folder)
    wrapped = bytes(key_of(person).wrapped)
    stays = world.person()
    erase(person, world)

    change_keys()

    [copy] = folder.iterdir()
    assert not holds(copy.read_bytes(), wrapped[HIDDEN])
    assert holds(copy.read_bytes(), bytes(key_of(stays).wrapped))


def test_a_copy_can_be_read_back_into_an_empty_vault(world, settings, folder):
    settings.VAULT_COPY_DIR = str(folder)
    world.person()
    kept = set(SubjectKey.objects.values_list("subject", "generation"))

    change_keys()

    [copy] = folder.iterdir()
    assert {(subject, generation) for subject, generation, *_rest in read_back(copy)} == kept


def read_back(copy):
    if copy.suffix == ".sql":
        return list(copies._in_text(copy))
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return list(copies._in_database(copy))


@pytest.mark.postgres
def test_on_postgres_a_copy_is_read_back_by_psql_into_an_empty_vault(world, folder, settings):
    settings.VAULT_COPY_DIR = str(folder)
    stays = world.person(numbers=(NUMBER,))
    change_keys()
    [copy] = folder.iterdir()
    for model in copies.KEPT:
        model.objects.all().delete()

    psql = subprocess.run(
        [binaries() / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", "-f", copy, address("vault")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert psql.returncode == 0, psql.stderr
    assert lines.holding(NUMBER) == {ContactPoint.objects.get(respondent=stays).pk}
    assert world.person(numbers=("+447700900456",))


def test_nothing_that_may_bring_back_an_erased_person_is_left_of_the_old_key_in_the_vault(person, world):
    old = providers.keyring().current
    erase(person, world)

    change_keys()

    assert not SubjectKey.objects.filter(kek_id=old).exists()
    assert KekState.objects.get(kek_id=old).destroyed == NIGHT
