import pytest

from audit.actions import Action
from audit.models import AuditEvent
from consent.folding import Decision
from consent.models import LedgerEntry
from consent.purposes import Purpose
from kernel.errors import Conflict, DomainError, NotFound
from orientation import closing, handling, letters, opening, partners
from orientation.models import FocalPoint, OrientationRequest
from orientation.vocabulary import DeclineReason, EndReason, Form, Item, Outcome, State
from tests.orientation import making
from tests.orientation.making import NOW, later
from tracker.models.respondents import Status
from tracker.number_status import NumberStatus

pytestmark = pytest.mark.django_db
SOON = later(hours=1)


def read(world, row, *, by=None, now=SOON):
    return letters.read(request_id=row.pk, by=by or world.focal_point, now=now)


def is_hidden(world, row, *, by=None, now=SOON):
    reader = by or world.focal_point
    assert row.pk not in {letter.request_id for letter in letters.inbox(by=reader, now=now)}
    for look in (read_at(reader, now), note_at(reader, now), number_at(reader, now)):
        with pytest.raises(NotFound):
            look(row)
    return True


def read_at(by, now):
    return lambda row: letters.read(request_id=row.pk, by=by, now=now)


def note_at(by, now):
    return lambda row: opening.note(request_id=row.pk, by=by, now=now)


def number_at(by, now):
    return lambda row: opening.contact(request_id=row.pk, by=by, now=now)


def test_a_partner_reads_every_item_that_was_agreed(world):
    letter = read(world, world.asks())
    assert (str(letter.need), letter.language, letter.country) == ("legal advice", "English", "Niger")
    assert str(letter.preferred_time) == "in the morning"
    assert letter.has_note
    assert letter.contact is not None


def test_a_partner_reads_no_item_that_was_not_agreed(world):
    letter = read(world, world.asks(items=frozenset({Item.CONTACT})))
    assert (letter.need, letter.language, letter.country, letter.preferred_time) == ("", "", "", "")
    assert not letter.has_note


def test_a_letter_never_tells_the_spoken_code_nor_the_pseudonym(world):
    letter = repr(read(world, world.asks()))
    assert world.respondent.code not in letter
    assert world.respondent.spoken_code not in letter
    assert str(world.respondent.pk) not in letter


def test_who_contacts_the_partner_themselves_leaves_a_reference_there_and_nothing_else(world):
    letter = read(world, world.asks(form=Form.I_WILL_CONTACT, items=frozenset(), contact_point=None))
    assert letter.reference
    assert (letter.need, letter.contact, letter.has_note) == ("", None, False)


def test_every_look_at_a_request_is_in_the_trail(world):
    row = world.asks()
    read(world, row)
    event = AuditEvent.objects.get(action=Action.ORIENTATION_VIEWED)
    assert (event.object_id, event.actor_id, event.audit_ref) == (
        row.pk,
        world.focal_point.pk,
        world.respondent.audit_ref,
    )


def test_the_agreed_number_is_opened_and_the_look_is_in_the_trail(world):
    row = world.asks()
    assert opening.contact(request_id=row.pk, by=world.focal_point, now=SOON) == making.NUMBER
    event = AuditEvent.objects.get(action=Action.IDENTITY_OPENED)
    assert (event.detail["opening"], event.outcome) == ("orientation_contact", "done")


def test_the_agreed_note_is_opened(world):
    row = world.asks()
    text = opening.note(request_id=row.pk, by=world.focal_point, now=SOON)
    assert text == "Please ask for the cook."


def test_a_number_that_was_not_agreed_is_not_opened(world):
    row = world.asks(form=Form.I_WILL_CONTACT, items=frozenset({Item.NEED}), note="")
    with pytest.raises(NotFound):
        opening.contact(request_id=row.pk, by=world.focal_point, now=SOON)


@pytest.mark.parametrize(
    "facts", [{"is_barred": True}, {"status": NumberStatus.UNSAFE.value}, {"retired_at": NOW}]
)
def test_a_number_that_became_unsafe_is_closed_to_the_partner_at_once(world, facts):
    row = world.asks()
    world.respondent.contact_points.update(**facts)
    assert read(world, row).contact is None
    with pytest.raises(NotFound):
        opening.contact(request_id=row.pk, by=world.focal_point, now=SOON)


def test_a_number_that_may_no_longer_be_kept_is_closed_to_the_partner_at_once(world):
    row = world.asks()
    making.say(world.respondent, Purpose.KEEP_NUMBER, Decision.WITHDRAWN, at=SOON)
    assert read(world, row).contact is None
    with pytest.raises(DomainError) as caught:
        opening.contact(request_id=row.pk, by=world.focal_point, now=SOON)
    assert caught.value.code == "no_consent"


@pytest.mark.parametrize(("days", "told"), [([0, 3], ["Monday", "Thursday"]), ([0, 1, 2, 3, 4, 5, 6], [])])
def test_a_partner_is_told_the_only_days_on_which_the_number_is_safe(world, days, told):
    row = world.asks()
    world.respondent.contact_points.update(safe_days=days)
    assert [str(day) for day in read(world, row).contact.days] == told


def test_another_partners_focal_point_knows_of_nothing(world):
    assert is_hidden(world, world.asks(), by=world.other_focal_point)


@pytest.mark.parametrize("who", ["enumerator", "coordinator"])
def test_field_staff_never_read_a_letter(world, who):
    assert is_hidden(world, world.asks(), by=getattr(world, who))


def test_a_focal_point_taken_off_a_partner_knows_of_nothing(world):
    row = world.asks()
    place = FocalPoint.objects.get(user=world.focal_point)
    partners.unassign(focal_point=place, by=world.coordinator, now=SOON)
    assert is_hidden(world, row)


def test_a_disabled_account_knows_of_nothing(world):
    row = world.asks()
    world.focal_point.is_active = False
    assert is_hidden(world, row)


def test_a_request_moves_from_asked_to_closed(world):
    row = world.asks()
    handling.acknowledge(request_id=row.pk, by=world.focal_point, now=later(hours=1))
    handling.act(request_id=row.pk, by=world.focal_point, now=later(hours=2))
    handling.close(request_id=row.pk, outcome=Outcome.HELPED, by=world.focal_point, now=later(hours=3))

    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.CLOSED, "helped")
    assert (row.acknowledged_at, row.acted_at, row.ended_at) == (
        later(hours=1),
        later(hours=2),
        later(hours=3),
    )


def test_a_closed_request_keeps_nothing_that_was_shared(world):
    row = world.asks()
    handling.acknowledge(request_id=row.pk, by=world.focal_point, now=SOON)
    handling.close(request_id=row.pk, outcome=Outcome.NOT_REACHED, by=world.focal_point, now=SOON)

    row.refresh_from_db()
    assert (row.note, row.contact_point, row.language, row.country) == (None, None, "", "")
    assert is_hidden(world, row)


def test_a_declined_request_says_why_and_is_gone(world):
    row = world.asks()
    handling.decline(request_id=row.pk, reason=DeclineReason.NO_CAPACITY, by=world.focal_point, now=SOON)
    row.refresh_from_db()
    assert (row.state, row.decline_reason) == (State.DECLINED, "no_capacity")
    assert is_hidden(world, row)


@pytest.mark.parametrize(
    "verb", [handling.act, lambda **said: handling.close(outcome=Outcome.HELPED, **said)]
)
def test_nothing_is_done_with_a_request_before_it_is_acknowledged(world, verb):
    row = world.asks()
    with pytest.raises(Conflict):
        verb(request_id=row.pk, by=world.focal_point, now=SOON)


def test_a_request_is_acknowledged_once(world):
    row = world.asks()
    handling.acknowledge(request_id=row.pk, by=world.focal_point, now=SOON)
    with pytest.raises(Conflict):
        handling.acknowledge(request_id=row.pk, by=world.focal_point, now=SOON)
    assert AuditEvent.objects.filter(action=Action.ORIENTATION_ACKNOWLEDGED).count() == 1


def test_nothing_is_done_for_another_partner(world):
    row = world.asks()
    with pytest.raises(NotFound):
        handling.acknowledge(request_id=row.pk, by=world.other_focal_point, now=SOON)
    row.refresh_from_db()
    assert row.state == State.REQUESTED


def test_revoking_closes_the_partners_view_at_once(world):
    row = world.asks()
    handling.acknowledge(request_id=row.pk, by=world.focal_point, now=SOON)
    closing.revoke(request=row, by=world.enumerator, now=SOON)

    row.refresh_from_db()
    assert row.state == State.REVOKED
    assert LedgerEntry.objects.filter(concerning=row.pk, decision="withdrawn").exists()
    assert is_hidden(world, row)


def test_a_request_is_revoked_once(world):
    row = world.asks()
    closing.revoke(request=row, by=world.enumerator, now=SOON)
    with pytest.raises(Conflict):
        closing.revoke(request=row, by=world.enumerator, now=SOON)


def test_a_withdrawal_in_the_ledger_alone_closes_the_partners_view_at_once(world):
    row = world.asks()
    making.say(world.respondent, Purpose.ORIENTATION, Decision.WITHDRAWN, concerning=row.pk, at=SOON)
    assert is_hidden(world, row)


@pytest.mark.parametrize("status", [Status.STOPPED, Status.ERASED, Status.DECEASED])
def test_someone_who_left_is_hidden_from_partners_at_once(world, status):
    row = world.asks()
    world.respondent.status = status
    world.respondent.save(update_fields=["status"])
    assert is_hidden(world, row)


def test_a_partner_whose_agreement_ended_sees_nothing(world):
    row = world.asks()
    world.partner.agreement_review_on = world.partner.agreement_expires_on = NOW.date()
    partners.save(partner=world.partner, by=world.coordinator, now=NOW)
    assert is_hidden(world, row)


def test_a_request_is_seen_until_it_expires_and_not_after_even_without_the_tick(world):
    row = world.asks(valid_days=7)
    assert read(world, row, now=later(days=7, microseconds=-1))
    assert is_hidden(world, row, now=later(days=7))


def test_the_tick_ends_what_ran_out_and_nothing_else(world):
    row = world.asks(valid_days=7)
    assert closing.expire_due(now=later(days=7, microseconds=-1)) == 0
    assert closing.expire_due(now=later(days=7)) == 1
    assert closing.expire_due(now=later(days=7)) == 0
    row.refresh_from_db()
    assert (row.state, row.note, row.ended_at) == (State.EXPIRED, None, later(days=7))


def test_withdrawing_ends_every_open_request(world):
    clinic = making.service(world.partner, by=world.coordinator, title="Clinic")
    rows = [world.asks(), world.asks(service=clinic)]
    ended = closing.close_all(
        respondent=world.respondent, reason=EndReason.WITHDRAWN, by=world.enumerator, now=SOON
    )
    assert ended == 2
    assert set(OrientationRequest.objects.values_list("state", "end_reason")) == {("withdrawn", "withdrawn")}
    assert (
        LedgerEntry.objects.filter(concerning__in=[row.pk for row in rows], decision="withdrawn").count() == 2
    )


def test_withdrawing_where_nothing_is_open_leaves_no_trace(world):
    assert closing.close_all(respondent=world.respondent, reason=EndReason.STOPPED, by=None, now=SOON) == 0
    assert not AuditEvent.objects.filter(action=Action.ORIENTATION_WITHDRAWN).exists()


def test_the_dead_are_not_said_to_have_withdrawn(world):
    row = world.asks()
    closing.close_all(respondent=world.respondent, reason=EndReason.DECEASED, by=world.enumerator, now=SOON)
    assert not LedgerEntry.objects.filter(concerning=row.pk, decision="withdrawn").exists()
    assert is_hidden(world, row)


def test_another_persons_requests_stand_when_one_withdraws(world):
    other = making.person(team=world.team)
    kept = making.contact_request(other, world.service, by=world.enumerator)
    world.asks()
    closing.close_all(respondent=world.respondent, reason=EndReason.WITHDRAWN, by=None, now=SOON)
    assert read(world, kept)


def test_erasure_empties_every_request_of_the_person(world):
    row = world.asks()
    handling.acknowledge(request_id=row.pk, by=world.focal_point, now=SOON)
    handling.close(request_id=row.pk, outcome=Outcome.HELPED, by=world.focal_point, now=SOON)
    world.asks()

    closing.erase(respondent=world.respondent, by=world.coordinator, now=SOON)

    left = OrientationRequest.objects.filter(respondent=world.respondent)
    assert set(left.values_list("need", "note", "contact_point", "language", "country")) == {
        ("", None, None, "", "")
    }
    assert not left.open().exists()


def test_revoking_and_withdrawing_work_with_the_vault_locked(world, monkeypatch):
    from vault import providers
    from vault.errors import Locked

    def locked():
        raise Locked

    rows = [
        world.asks(),
        making.contact_request(making.person(team=world.team), world.service, by=world.enumerator),
    ]
    monkeypatch.setattr(providers, "keyring", locked)
    closing.revoke(request=rows[0], by=world.enumerator, now=SOON)
    ended = closing.close_all(respondent=rows[1].respondent, reason=EndReason.STOPPED, by=None, now=SOON)
    assert ended == 1


def test_what_is_overdue_comes_first_and_what_was_acted_on_last(world):
    rows = [
        making.contact_request(
            making.person(team=world.team), world.service, by=world.enumerator, urgency=urgency
        )
        for urgency in ("normal", "emergency", "urgent")
    ]
    handling.acknowledge(request_id=rows[1].pk, by=world.focal_point, now=SOON)
    handling.act(request_id=rows[1].pk, by=world.focal_point, now=SOON)

    waiting = letters.inbox(by=world.focal_point, now=later(hours=73))

    assert [str(letter.urgency) for letter in waiting] == ["urgent", "normal", "emergency"]
    assert [letter.is_overdue for letter in waiting] == [True, False, False]


def test_the_inbox_takes_the_same_few_queries_for_one_request_and_for_many(world, django_assert_num_queries):
    world.asks()
    with django_assert_num_queries(3):
        letters.inbox(by=world.focal_point, now=SOON)
    for _again in range(5):
        making.contact_request(making.person(team=world.team), world.service, by=world.enumerator)
    with django_assert_num_queries(3):
        assert len(letters.inbox(by=world.focal_point, now=SOON)) == 6
