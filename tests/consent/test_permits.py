from datetime import timedelta
from uuid import uuid4

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent import permits
from consent.folding import Decision
from consent.permits import LEAVES, Opening
from consent.purposes import Purpose
from kernel.errors import DomainError
from tests.orientation import making
from tests.orientation.making import NOW, later
from vault import opening as vault_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def respondent():
    row = making.person(team=making.team())
    making.say(row, Purpose.RECONTACT, Decision.GRANTED)
    return row


def issue(respondent, opening=Opening.DIAL, *, sealed=None, now=NOW, concerning=None, by=None):
    return permits.issue(
        sealed=sealed or respondent.contact_points.get().value,
        opening=opening,
        respondent_id=respondent.pk,
        audit_ref=respondent.audit_ref,
        by=by,
        now=now,
        concerning=concerning,
    )


def refused(respondent, *given, **named):
    with pytest.raises(DomainError) as caught:
        issue(respondent, *given, **named)
    return caught.value.code


def test_a_permit_opens_the_number_it_was_issued_for(respondent):
    permit = issue(respondent)
    assert vault_opening.open(respondent.contact_points.get().value, permit=permit, now=NOW) == "+12025550123"


def test_the_look_is_in_the_trail_before_the_permit_is_given(respondent):
    permit = issue(respondent)
    event = AuditEvent.objects.get(action=Action.IDENTITY_OPENED)
    assert (event.pk, event.audit_ref) == (permit.audit_event_id, respondent.audit_ref)
    assert event.outcome == "done"
    assert event.detail == {"opening": "dial", "label": "phone.e164"}


@pytest.mark.parametrize("purpose", [Purpose.RECONTACT, Purpose.KEEP_NUMBER])
def test_no_number_is_opened_for_a_call_once_either_consent_is_withdrawn(respondent, purpose):
    making.say(respondent, purpose, Decision.WITHDRAWN, at=later(hours=1))
    assert refused(respondent, now=later(hours=1)) == "no_consent"


def test_a_refused_look_is_in_the_trail_too(respondent):
    making.say(respondent, Purpose.RECONTACT, Decision.WITHDRAWN)
    refused(respondent)
    assert AuditEvent.objects.get(action=Action.IDENTITY_OPENED).outcome == "refused"


def test_consent_that_ran_out_opens_nothing(respondent):
    assert refused(respondent, now=NOW + timedelta(days=365)) == "no_consent"
    assert issue(respondent, now=NOW + timedelta(days=364))


def test_every_opening_says_what_must_stand():
    assert set(LEAVES) == set(Opening)
    assert all(leave.purposes or leave.item for leave in LEAVES.values())


def test_the_handle_of_another_person_is_a_fault(respondent):
    other = making.person(team=making.team())
    with pytest.raises(ValueError, match="not what"):
        issue(respondent, sealed=other.contact_points.get().value)


def test_a_handle_of_another_kind_is_a_fault(respondent):
    with pytest.raises(ValueError, match="not what"):
        issue(respondent, Opening.SAFE_PHRASE)


def test_a_contact_is_opened_for_the_request_it_was_agreed_for_and_no_other(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=("contact",))
    assert issue(respondent, Opening.ORIENTATION_CONTACT, concerning=request)
    assert refused(respondent, Opening.ORIENTATION_CONTACT, concerning=uuid4()) == "no_consent"
    assert refused(respondent, Opening.ORIENTATION_CONTACT) == "no_consent"


def test_a_request_that_does_not_share_the_contact_does_not_open_it(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=("need", "note"))
    assert refused(respondent, Opening.ORIENTATION_CONTACT, concerning=request) == "no_consent"


def test_a_partner_is_not_given_a_number_that_may_no_longer_be_kept(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=("contact",))
    making.say(respondent, Purpose.KEEP_NUMBER, Decision.WITHDRAWN, at=later(hours=1))
    now = later(hours=1)
    assert refused(respondent, Opening.ORIENTATION_CONTACT, concerning=request, now=now) == "no_consent"


def test_a_no_to_every_orientation_ends_each_one_granted_before_it(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=("need",))
    making.say(respondent, Purpose.ORIENTATION, Decision.WITHDRAWN, at=later(hours=1))
    assert permits.agreed_items(respondent.pk, concerning=request, now=later(hours=1)) is None


def test_a_later_yes_narrows_what_is_shared_and_never_widens_it(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=("need", "note"))
    more = ("need", "contact")
    making.say(
        respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request, items=more, at=later(hours=1)
    )
    assert permits.agreed_items(respondent.pk, concerning=request, now=later(hours=1)) == {"need"}


def test_agreeing_to_share_nothing_is_not_the_same_as_taking_it_back(respondent):
    request = uuid4()
    making.say(respondent, Purpose.ORIENTATION, Decision.GRANTED, concerning=request)
    assert permits.agreed_items(respondent.pk, concerning=request, now=NOW) == frozenset()
