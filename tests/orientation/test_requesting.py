from datetime import date

import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent.folding import Decision
from consent.models import LedgerEntry
from consent.purposes import Purpose
from kernel.errors import DomainError
from orientation import letters, opening, partners
from orientation.models import OrientationRequest
from orientation.vocabulary import Form, Item, Need, State
from tests.orientation import making
from tests.orientation.making import NOW, later
from tracker.models.contact_points import Whose
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus
from tracker.profile import AgeBand

pytestmark = pytest.mark.django_db


def refused(world, **changes):
    with pytest.raises(DomainError) as caught:
        world.asks(**changes)
    assert OrientationRequest.objects.count() == 0
    assert not LedgerEntry.objects.filter(purpose=Purpose.ORIENTATION).exists()
    return caught.value.code


def test_a_contact_request_is_kept_with_the_consent_that_names_each_item(world):
    row = world.asks(items=frozenset({Item.CONTACT, Item.NEED}))

    line = LedgerEntry.objects.get(concerning=row.pk)
    assert (line.decision, line.items, line.purpose) == ("granted", ["contact", "need"], "orientation")
    assert line.expires_at == row.expires_at == later(days=30)
    assert row.state == State.REQUESTED


def test_what_was_not_agreed_is_not_even_written(world):
    row = world.asks(items=frozenset({Item.CONTACT}))
    row.refresh_from_db()
    assert (row.need, row.language, row.country, row.preferred_time, row.note) == ("", "", "", "", None)


def test_a_request_leaves_one_event_of_its_own(world):
    row = world.asks()
    event = AuditEvent.objects.get(action=Action.ORIENTATION_REQUESTED)
    assert (event.object_id, event.actor_id) == (row.pk, world.enumerator.pk)
    assert event.detail["form"] == "contact_request"


def test_information_only_moves_nothing_and_is_over_at_once(world):
    row = world.asks(form=Form.INFORMATION_ONLY, items=frozenset(), wording=None, note="")
    row.refresh_from_db()
    assert (row.state, row.outcome, row.ended_at) == (State.CLOSED, "informed", NOW)
    assert not LedgerEntry.objects.filter(concerning=row.pk).exists()


def test_the_reference_says_nothing_of_the_spoken_code(world):
    row = world.asks()
    assert row.reference != world.respondent.code
    assert len(row.reference) == 8


def test_without_an_approved_wording_nothing_is_kept(world):
    assert refused(world, wording=None) == "wording_not_approved"


def test_a_minor_is_led_to_the_child_protection_pathway(world):
    world.respondent.age_band = AgeBand.UNDER_18
    world.respondent.save(update_fields=["age_band"])
    assert refused(world) == "other_pathway"


@pytest.mark.parametrize("form", list(Form))
def test_violence_is_led_to_its_own_pathway_in_every_form(world, form):
    assert refused(world, form=form, items=frozenset(), need=Need.GBV) == "other_pathway"


@pytest.mark.parametrize("status", [Status.STOPPED, Status.ERASED, Status.DECEASED, Status.INELIGIBLE])
def test_nothing_is_asked_for_someone_who_left(world, status):
    world.respondent.status = status
    world.respondent.save(update_fields=["status"])
    assert refused(world) == "left_alone"


def test_a_service_nobody_verified_is_not_offered(world):
    unchecked = making.service(world.partner, by=world.coordinator, verified=False, title="Clinic")
    assert refused(world, service=unchecked) == "service_not_offered"


def test_a_service_is_offered_on_the_last_day_of_its_verification_and_not_after(world):
    assert world.asks(form=Form.INFORMATION_ONLY, items=frozenset(), now=later(days=89)).pk
    with pytest.raises(DomainError, match="service_not_offered"):
        raise_code(world, now=later(days=90))


def raise_code(world, **changes):
    try:
        world.asks(**changes)
    except DomainError as error:
        raise DomainError(error.code, error.code) from error


def test_a_hotline_is_offered_for_thirty_days_only(world):
    line = making.service(world.partner, by=world.coordinator, title="Hotline", is_hotline=True)
    assert refused(world, service=line, now=later(days=30)) == "service_not_offered"


def test_a_changed_service_has_to_be_verified_again(world):
    world.service.public_contact = "Another room"
    partners.save_service(service=world.service, by=world.coordinator, now=NOW)
    assert refused(world) == "service_not_offered"


def test_nothing_goes_to_a_partner_whose_agreement_is_over(world):
    world.partner.agreement_review_on = world.partner.agreement_expires_on = date(2026, 3, 10)
    partners.save(partner=world.partner, by=world.coordinator, now=NOW)
    assert refused(world) == "service_not_offered"


def test_a_request_never_outlives_the_agreement(world):
    world.partner.agreement_review_on = world.partner.agreement_expires_on = date(2026, 3, 15)
    partners.save(partner=world.partner, by=world.coordinator, now=NOW)
    assert world.asks().expires_at == later(days=5)


def test_when_they_contact_the_partner_themselves_only_the_need_can_be_told(world):
    asked = {"form": Form.I_WILL_CONTACT, "items": frozenset({Item.NEED, Item.LANGUAGE})}
    assert refused(world, **asked) == "items_not_agreed"


def test_a_shared_need_has_to_be_named(world):
    assert refused(world, need=None) == "items_not_agreed"


def test_a_contact_request_needs_the_contact_to_be_agreed(world):
    assert refused(world, items=frozenset({Item.NEED})) == "one_contact_point"


def test_a_contact_request_names_one_number(world):
    assert refused(world, contact_point=None) == "one_contact_point"


def test_another_persons_number_is_never_given(world):
    stranger = making.person(team=world.team)
    assert refused(world, contact_point=stranger.contact_points.get()) == "one_contact_point"


@pytest.mark.parametrize(
    "facts",
    [
        {"is_barred": True},
        {"status": NumberStatus.WRONG_PERSON.value},
        {"status": NumberStatus.UNSAFE.value},
        {"retired_at": NOW},
        {"whose": Whose.TRUSTED},
        {"safe_days": []},
    ],
)
def test_a_number_that_is_barred_bad_or_not_theirs_is_never_given(world, facts):
    point = world.respondent.contact_points.get()
    type(point).objects.filter(pk=point.pk).update(**facts)
    point.refresh_from_db()
    assert refused(world, contact_point=point) == "one_contact_point"


def test_a_number_its_holder_refused_is_taken_with_the_same_words_and_never_given(world):
    point = world.respondent.contact_points.get()
    type(point).objects.filter(pk=point.pk).update(value=None)
    point.refresh_from_db()

    asked = world.asks(contact_point=point)

    assert asked.contact_point == point
    assert letters.read(request_id=asked.pk, by=world.focal_point, now=NOW).contact is None
    with pytest.raises(DomainError) as caught:
        opening.contact(request_id=asked.pk, by=world.focal_point, now=NOW)
    assert caught.value.code == "nothing_shared"


def test_a_number_that_may_not_be_kept_may_not_be_given(world):
    making.say(world.respondent, Purpose.KEEP_NUMBER, Decision.WITHDRAWN)
    assert refused(world) == "no_consent"


def test_a_second_tap_makes_no_second_request(world):
    world.asks()
    with pytest.raises(DomainError) as caught:
        world.asks()
    assert caught.value.code == "already_requested"
    assert OrientationRequest.objects.count() == 1


def test_a_note_longer_than_it_may_be_is_refused_whole(world):
    assert refused(world, note="x" * 401) == "too_long"
