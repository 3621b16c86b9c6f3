"""What a passphrase seals opens with it alone: not with another one, not with one byte changed, not for another use."""

import pickle

import pytest

from kernel.errors import DomainError
from tests.vault.typing_in import GOOD, OTHER
from vault import passphrases
from vault.errors import VaultError
from vault.passphrases import FOR_KEYS, FOR_RECOVERY, HEADER, SealingKey, WrongPassphrase

pytestmark = pytest.mark.either

SECRET = b"thirty-two bytes of a secret key"


@pytest.fixture(scope="module")
def key() -> SealingKey:
    return passphrases.new_key(GOOD)


@pytest.fixture(scope="module")
def sealed(key) -> bytes:
    return passphrases.seal(SECRET, key, purpose=FOR_KEYS)


def test_the_same_passphrase_opens_what_it_sealed(sealed):
    again = passphrases.key_for(sealed, GOOD)

    assert passphrases.opened(sealed, again, purpose=FOR_KEYS) == SECRET


def test_the_cost_of_a_guess_is_three_passes_over_sixty_four_mebibytes(sealed):
    _magic, passes, kibibytes, lanes, _salt = HEADER.unpack(sealed[: HEADER.size])

    assert (passes, kibibytes, lanes) == (3, 65536, 4)


def test_another_passphrase_opens_nothing_and_the_refusal_repeats_neither(sealed):
    wrong = passphrases.key_for(sealed, OTHER)

    with pytest.raises(WrongPassphrase) as refusal:
        passphrases.opened(sealed, wrong, purpose=FOR_KEYS)

    assert OTHER not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_an_accent_typed_as_its_own_character_is_the_same_passphrase(key):
    composed, taken_apart = (
        "un caf\u00e9 pr\u00e8s de la rivi\u00e8re",
        "un cafe\u0301 pre\u0300s de la rivie\u0300re",
    )
    sealed = passphrases.seal(SECRET, passphrases.new_key(composed), purpose=FOR_KEYS)

    again = passphrases.key_for(sealed, taken_apart)

    assert passphrases.opened(sealed, again, purpose=FOR_KEYS) == SECRET


def test_every_single_bit_flipped_is_refused(sealed, key):
    survived = []
    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << place % 8
        try:
            passphrases.opened(bytes(altered), key, purpose=FOR_KEYS)
            survived.append(place)
        except DomainError:
            continue

    assert survived == []


@pytest.mark.parametrize("byte", [4, 8, 9, 10, 25, 26, 37])
def test_a_header_changed_on_the_disk_is_refused_by_who_knows_the_passphrase(byte, sealed):
    altered = bytearray(sealed)
    altered[byte] ^= 1

    with pytest.raises(DomainError):
        passphrases.opened(bytes(altered), passphrases.key_for(bytes(altered), GOOD), purpose=FOR_KEYS)


@pytest.mark.parametrize(
    ("passes", "kibibytes", "lanes"),
    [(1, 65536, 4), (255, 65536, 4), (3, 8, 4), (3, 2**32 - 1, 4), (3, 65536, 0), (3, 65536, 255)],
)
def test_a_file_that_asks_for_less_work_or_endless_work_is_not_even_tried(passes, kibibytes, lanes, sealed):
    header = HEADER.pack(b"RPW\x01", passes, kibibytes, lanes, bytes(16))

    with pytest.raises(VaultError):
        passphrases.key_for(header + sealed[HEADER.size :], GOOD)


@pytest.mark.parametrize("length", [0, 3, 25, 26, 53])
def test_a_truncated_file_is_refused(length, sealed):
    with pytest.raises(VaultError):
        passphrases.key_for(sealed[:length], GOOD)


def test_a_file_cut_in_its_sealed_part_is_refused(sealed, key):
    with pytest.raises(WrongPassphrase):
        passphrases.opened(sealed[:-1], key, purpose=FOR_KEYS)


def test_a_recovery_key_does_not_pass_for_a_key_file(sealed, key):
    with pytest.raises(WrongPassphrase):
        passphrases.opened(sealed, key, purpose=FOR_RECOVERY)


def test_sealing_twice_gives_two_files(key):
    assert passphrases.seal(SECRET, key, purpose=FOR_KEYS) != passphrases.seal(SECRET, key, purpose=FOR_KEYS)


def test_a_sealing_key_prints_and_pickles_nothing(key):
    assert repr(key) == str(key) == "<sealing key>"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "nineteen characters"[:19],
        "a b c d e",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "one one one one one",
        " " * 40,
    ],
)
def test_a_passphrase_that_can_be_guessed_is_refused(weak):
    with pytest.raises(DomainError) as refusal:
        passphrases.refuse_a_weak(weak)

    assert refusal.value.code == "passphrase_weak"


@pytest.mark.parametrize(
    "strong", [GOOD, "twenty-characters-are", "sun cat ink map toy", "خمس كلمات سهلة الحفظ جدا"]
)
def test_twenty_characters_or_five_words_will_do(strong):
    passphrases.refuse_a_weak(strong)
