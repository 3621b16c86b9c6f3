"""Asking the ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent import asking, recording
from consent.folding import Decision, Standing
from consent.purposes import RULES, Purpose
from tests.consent.words import NOON, said, wording

pytestmark = pytest.mark.django_db

SOMEBODY = uuid4()
NEEDY = [purpose for purpose, rule in RULES.items() if rule.needs]


def grant(*purposes, respondent=SOMEBODY, at=NOON, **more):
    for purpose in purposes:
        yes = said(
            purpose=purpose,
            wording=wording(purpose, version=Purpose.values.index(purpose) + 1),
            at=at,
            **more,
        )
        recording.record(respondent_id=respondent, audit_ref=None, said=yes, by=None, now=at)


def withdraw(purpose, at, **more):
    no = said(Decision.WITHDRAWN, purpose, at=at, **more)
    recording.record(respondent_id=SOMEBODY, audit_ref=None, said=no, by=None, now=at)


def test_somebody_who_was_never_asked_permits_nothing():
    assert not any(asking.permits(SOMEBODY, purpose, now=NOON) for purpose in Purpose)


@pytest.mark.parametrize("purpose", NEEDY)
def test_a_purpose_is_not_permitted_without_what_it_needs(purpose):
    grant(purpose)

    assert not asking.permits(SOMEBODY, purpose, now=NOON)


@pytest.mark.parametrize("purpose", NEEDY)
def test_withdrawing_what_a_purpose_needs_ends_it_too(purpose):
    grant(purpose, *RULES[purpose].needs)
    before = asking.permits(SOMEBODY, purpose, now=NOON)

    withdraw(RULES[purpose].needs[0], NOON + timedelta(minutes=1))

    assert before
    assert not asking.permits(SOMEBODY, purpose, now=NOON + timedelta(minutes=1))


def test_consent_ends_with_its_term():
    grant(Purpose.RECONTACT, Purpose.KEEP_NUMBER, valid_days=30)

    assert asking.permits(SOMEBODY, Purpose.RECONTACT, now=NOON + timedelta(days=30, seconds=-1))
    assert not asking.permits(SOMEBODY, Purpose.RECONTACT, now=NOON + timedelta(days=30))


def test_what_one_request_was_allowed_is_not_allowed_for_another_or_in_general():
    request, other = uuid4(), uuid4()
    grant(Purpose.ORIENTATION, concerning=request)

    assert asking.permits(SOMEBODY, Purpose.ORIENTATION, now=NOON, concerning=request)
    assert not asking.permits(SOMEBODY, Purpose.ORIENTATION, now=NOON, concerning=other)
    assert not asking.permits(SOMEBODY, Purpose.ORIENTATION, now=NOON)


def test_many_are_asked_in_one_query(django_assert_num_queries):
    others = [uuid4() for _n in range(20)]
    grant(Purpose.KEEP_NUMBER, respondent=others[3])

    with django_assert_num_queries(1):
        answers = asking.consents_of(others, now=NOON)

    assert [one for one in others if answers[one].permits(Purpose.KEEP_NUMBER)] == [others[3]]
    assert answers[others[0]].of(Purpose.RECONTACT).standing is Standing.NEVER_ASKED
