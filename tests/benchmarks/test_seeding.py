"""A person who was copied in bulk is what the use cases would have written."""

from datetime import UTC, datetime

import pytest

from audit.models import AuditEvent
from benchmarks.patterns import pattern_of
from benchmarks.seeding import numbers_for_nobody, seed
from benchmarks.small_study import SmallStudy
from consent.models import LedgerEntry
from followups.models import FollowUp
from tracker import spoken_codes
from tracker.models import ContactPoint, Enrolment, Respondent, Transition
from vault import deks, lines
from vault.models import PhoneBucket, SubjectKey
from vault.unsealing import plaintext_of

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def enrolled():
    study = SmallStudy(1, BEGAN)
    form, by = study.joining(0)
    study.enrol(form, by, BEGAN)
    return Respondent.objects.get(pk=form.id)


def without_what_is_new(pattern):
    """Every row, with a blank where a copy has something of its own."""
    return sorted(
        (mould.alias, mould.table, mould.columns, blanked(mould), mould.sealed) for mould in pattern.moulds
    )


def blanked(mould):
    new = {place for place, _what in (*mould.ids, *mould.made, *mould.sealed, *mould.moved)}
    return tuple("new" if place in new else repr(value) for place, value in enumerate(mould.constants))


def test_a_copy_has_every_row_that_enrolling_wrote_with_the_same_in_every_column_that_is_not_its_own(
    enrolled,
):
    seed([pattern_of(enrolled)], numbers_for_nobody(1))

    copy = Respondent.objects.exclude(pk=enrolled.pk).get()
    assert without_what_is_new(pattern_of(copy)) == without_what_is_new(pattern_of(enrolled))


def test_the_rows_of_a_pattern_are_all_that_enrolling_leaves_of_a_person(enrolled):
    tables = {mould.table for mould in pattern_of(enrolled).moulds}

    models = (
        Respondent, Transition, ContactPoint, Enrolment, LedgerEntry, FollowUp, AuditEvent, SubjectKey, PhoneBucket
    )  # fmt: skip
    assert tables == {model._meta.db_table for model in models}


def test_what_is_sealed_of_a_copy_opens_with_its_own_key(enrolled):
    seed([pattern_of(enrolled)], ["+9990000000007"])

    copy = Respondent.objects.exclude(pk=enrolled.pk).get()
    keys = deks.load([copy.pk])
    assert plaintext_of(copy.ask_for, keys) == b"Neighbour"
    assert plaintext_of(copy.contact_points.get().value, keys) == b"+9990000000007"
    assert keys.newest(copy.pk) != deks.load([enrolled.pk]).newest(enrolled.pk)


def test_each_copy_is_found_by_its_number_and_spoken_code(enrolled):
    numbers = numbers_for_nobody(40)

    seed([pattern_of(enrolled)], numbers)

    holders = {number: lines.holding(number) for number in numbers}
    assert all(len(points) == 1 for points in holders.values())
    assert len(frozenset().union(*holders.values())) == 40
    assert set(PhoneBucket.objects.values_list("bits", flat=True)) == {2}
    assert all(spoken_codes.is_code(code) for code in Respondent.objects.values_list("code", flat=True))
