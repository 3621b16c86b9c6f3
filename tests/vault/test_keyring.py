"""The keyring is all the vault knows of keys: one whose epoch keys never leave another machine will do."""

import os
import pickle
from uuid import UUID

import pytest

from tests.vault.conftest import NOON
from vault import contents, opening, providers, subject_keys
from vault.contents import Contents
from vault.errors import KeyMissing, Locked, Tampered
from vault.keyring import Keyring, LocalKeyring
from vault.models import SubjectKey
from vault.primitives import Broken
from vault.providers import keyring
from vault.wrapping import kek_id, unwrap, wrap

NUMBER = "+491701234567"
SUBJECT, OTHER = UUID(int=1), UUID(int=2)


class Service:
    """Another machine: it has the key, and answers questions."""

    def __init__(self) -> None:
        self._kek = os.urandom(32)
        self.kek_id = kek_id(self._kek)
        self.is_up = True
        self.asked: list[str] = []

    def ask(self, verb: str, value: bytes, subject: UUID, generation: int) -> bytes:
        self.asked.append(verb)
        if not self.is_up:
            raise Locked
        verbs = {"wrap": wrap, "unwrap": unwrap}
        return verbs[verb](self._kek, value, subject=subject, generation=generation)


class RemoteKeyring:
    """A keyring that holds no epoch key."""

    def __init__(self, service: Service, codes: Contents) -> None:
        self.service = service
        self.current, self.kek_ids = service.kek_id, frozenset({service.kek_id})
        self.index, self.index_key_id = codes.index, codes.index_key_id
        self.audit, self.callback, self.case = codes.audit, codes.callback, codes.case

    def wrap(self, dek: bytes, *, subject: UUID, generation: int) -> tuple[bytes, bytes]:
        return self.current, self.service.ask("wrap", dek, subject, generation)

    def unwrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> bytes:
        if kek_id not in self.kek_ids:
            raise KeyMissing
        return self.service.ask("unwrap", wrapped, subject, generation)

    def rewrap(self, kek_id: bytes, wrapped: bytes, *, subject: UUID, generation: int) -> tuple[bytes, bytes]:
        dek = self.unwrap(kek_id, wrapped, subject=subject, generation=generation)
        return self.wrap(dek, subject=subject, generation=generation)


@pytest.fixture
def service(monkeypatch) -> Service:
    """A provider named `remote`, whose keys stay in the service."""
    there, codes = Service(), contents.fresh()

    class Remote:
        name = "remote"

        def keyring(self, *, fresh: bool = False) -> Keyring:
            return RemoteKeyring(there, codes)

    monkeypatch.setattr(providers, "PROVIDERS", {"file": Remote()})
    return there


def test_sealing_and_opening_work_with_keys_that_never_leave_another_machine(service, new_card, permit_for):
    card = new_card(number=NUMBER, note="at noon")

    opened = opening.open(card.number, permit=permit_for(card.number), now=NOON)

    assert opened == NUMBER
    assert set(service.asked) == {"wrap", "unwrap"}
    assert bytes(SubjectKey.objects.get(subject=card.respondent_id).kek_id) == service.kek_id
    ring = keyring()
    # The test holds the key to compare; nothing that the vault could read of its keyring does.
    kek = service.__dict__["_kek"]
    assert all(kek != getattr(ring, name) for name in dir(Keyring) if not name.startswith("_"))


def test_a_service_that_is_away_is_a_locked_vault(service, new_card, permit_for):
    card = new_card(number=NUMBER)
    permit = permit_for(card.number)
    service.is_up = False

    with pytest.raises(Locked):
        opening.open(card.number, permit=permit, now=NOON)
    with pytest.raises(Locked):
        subject_keys.create([OTHER], now=NOON)


def test_a_row_whose_key_belongs_to_another_person_does_not_open_at_the_service_either(
    service, new_card, permit_for
):
    card, other = new_card(number=NUMBER), new_card(number="+491701234568")
    stolen = bytes(SubjectKey.objects.get(subject=other.respondent_id).wrapped)
    SubjectKey.objects.filter(subject=card.respondent_id).update(wrapped=stolen)

    with pytest.raises(Tampered):
        opening.open(card.number, permit=permit_for(card.number), now=NOON)


@pytest.fixture
def two_keys() -> Contents:
    return contents.with_kek(contents.fresh(), bytes(range(32)))


def test_a_key_is_wrapped_under_the_current_epoch_key_and_opens_for_its_own_subject_only(two_keys):
    ring = LocalKeyring(two_keys)

    name, wrapped = ring.wrap(b"k" * 32, subject=SUBJECT, generation=1)

    assert name == two_keys.current
    assert ring.unwrap(name, wrapped, subject=SUBJECT, generation=1) == b"k" * 32
    for subject, generation in ((OTHER, 1), (SUBJECT, 2)):
        with pytest.raises(Broken):
            ring.unwrap(name, wrapped, subject=subject, generation=generation)


def test_rewrapping_moves_the_same_key_under_the_current_epoch_key(two_keys):
    before, after = (
        LocalKeyring(two_keys),
        LocalKeyring(contents.promoted(two_keys, kek_id(bytes(range(32))))),
    )
    name, wrapped = before.wrap(b"k" * 32, subject=SUBJECT, generation=1)

    new_name, rewrapped = after.rewrap(name, wrapped, subject=SUBJECT, generation=1)

    assert new_name == kek_id(bytes(range(32))) != name
    assert after.unwrap(new_name, rewrapped, subject=SUBJECT, generation=1) == b"k" * 32


def test_an_epoch_key_that_is_gone_opens_nothing(two_keys):
    ring = LocalKeyring(two_keys)

    with pytest.raises(KeyMissing):
        ring.unwrap(b"x" * 8, b"", subject=SUBJECT, generation=1)


def test_a_keyring_prints_and_pickles_nothing(two_keys):
    ring = LocalKeyring(two_keys)

    assert repr(ring) == str(ring) == "<keyring>"
    with pytest.raises(TypeError):
        pickle.dumps(ring)
