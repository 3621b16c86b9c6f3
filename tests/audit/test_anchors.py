"""Anchors: the newest seal in a form that leaves this machine and is known again when it comes back."""

import json
from datetime import timedelta

import pytest

from audit import anchors, digests
from audit.anchor_words import WORDS, in_words
from audit.models import AuditEvent
from kernel.errors import DomainError
from tests.audit.making import LATER, NOW, found, seal, write

pytestmark = pytest.mark.django_db


def test_there_are_256_words_short_plain_and_distinct():
    assert len(set(WORDS)) == len(WORDS) == 256
    assert list(WORDS) == sorted(WORDS)
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 8 for word in WORDS)


def test_a_digest_has_the_words_it_always_had():
    assert (
        in_words(bytes([0, 1, 127, 128, 254, 255, 16, 32, 99]))
        == "acid acorn glacier glass swan table badge blanket"
    )


def test_the_words_stand_for_the_first_sixty_four_bits():
    assert in_words(bytes(32)) == in_words(bytes(8) + b"x" * 24) != in_words(b"\1" * 32)


def test_before_the_first_seal_there_is_no_anchor():
    write(1)
    assert anchors.latest() is None


def test_an_anchor_in_a_manifest_and_in_words_is_known_again():
    write(3)
    seal()
    newest = anchors.latest()
    manifest = json.dumps({"made": "today", "anchor": newest.as_manifest()})
    assert anchors.read(manifest) == newest
    assert anchors.read(f"  {newest.words.upper()}\n").words == newest.words
    assert found(anchors=[anchors.read(manifest), anchors.read(newest.words)]) == []


def test_an_anchor_of_an_earlier_day_still_fits_when_the_trail_has_grown():
    write(3)
    seal()
    then = anchors.latest()
    write(3, at=NOW + timedelta(days=1))
    seal(now=NOW + timedelta(days=1, minutes=2))
    assert found(anchors=[then], now=NOW + timedelta(days=1, minutes=2)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acid acid acid",
        "acid acid acid acid acid acid acid nosuchword",
        "{}",
        "{",
        '{"anchor": null}',
        '{"anchor": {"seal": 1, "hash": "00"}}',
        '{"anchor": {"seal": 1, "hash": "zz"}}',
        '{"anchor": []}',
    ],
)
def test_what_is_no_anchor_is_refused_with_a_sentence(text):
    with pytest.raises(DomainError) as refused:
        anchors.read(text)
    assert refused.value.code == "anchor_unreadable"


def test_the_words_of_a_day_are_issued_once():
    write(3)
    seal()
    issued = digests.issue(now=LATER)
    assert digests.issue(now=LATER + timedelta(hours=2)) is None
    assert issued.detail == {"seal": 1, "words": anchors.latest().words}
    assert digests.of_today(LATER).pk == issued.pk
    assert AuditEvent.objects.filter(action="audit.digest_issued").count() == 1


def test_the_next_day_has_its_own_words():
    write(3)
    seal()
    digests.issue(now=LATER)
    tomorrow = LATER + timedelta(days=1)
    assert digests.of_today(tomorrow) is None
    assert digests.issue(now=tomorrow) is not None


def test_before_the_first_seal_no_words_are_issued():
    assert digests.issue(now=NOW) is None
