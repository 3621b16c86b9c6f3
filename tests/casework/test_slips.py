"""What a person may keep: their code or a reference, as much of it as they choose, and nothing that exposes them."""

import pytest

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework import slips
from casework.slip_forms import ReferenceSlipForm, SlipForm
from casework.slips import Amount, Chosen, ReferenceAmount
from kernel.errors import DomainError, NotFound
from orientation import closing
from orientation.vocabulary import Form, Item
from tests.orientation import making
from tests.orientation import world as worlds
from tests.orientation.making import NOW
from tracker.models import Respondent
from tracker.models.respondents import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return worlds.build()


def code_slip(world, amount=Amount.FULL, language="ar"):
    chosen = Chosen(amount, language)
    return slips.of_code(respondent=world.respondent, chosen=chosen, by=world.enumerator, now=NOW)


def will_contact(world, **changes):
    """They will contact the partner themselves; the partner may know what they need."""
    return making.contact_request(
        world.respondent, world.service, by=world.enumerator,
        form=Form.I_WILL_CONTACT, items=frozenset({Item.NEED}), contact_point=None, **changes,
    )  # fmt: skip


def reference_slip(world, request, amount=ReferenceAmount.CONTACT, by=None):
    return slips.of_reference(
        respondent=world.respondent, request_id=request.pk, chosen=Chosen(amount, "en"),
        by=by or world.enumerator, now=NOW,
    )  # fmt: skip


def test_a_full_slip_has_the_code_and_how_to_stop(world):
    slip = code_slip(world)

    assert (slip.code, slip.says_how, slip.lines) == (world.respondent.spoken_code, True, ())
    assert slip.direction == "rtl"


@pytest.mark.parametrize(("amount", "is_printed"), [(Amount.CODE, True), (Amount.NOTHING, False)])
def test_the_code_alone_or_nothing_at_all_may_be_chosen(world, amount, is_printed):
    slip = code_slip(world, amount)

    assert (slip.says_how, slip.is_printed) == (False, is_printed)


def test_looking_at_a_slip_leaves_the_trace_of_a_look(world):
    code_slip(world)

    event = AuditEvent.objects.get(action=Action.RESPONDENT_VIEWED)
    assert (event.actor_id, event.audit_ref) == (world.enumerator.pk, world.respondent.audit_ref)


@pytest.mark.parametrize("status", [Status.STOPPED, Status.DECEASED, Status.INELIGIBLE])
def test_somebody_no_longer_in_touch_has_nothing_to_keep(world, status):
    Respondent.objects.filter(pk=world.respondent.pk).update(status=status)
    world.respondent.refresh_from_db()

    with pytest.raises(DomainError) as refused:
        code_slip(world)

    assert refused.value.code == "nothing_to_keep"
    assert not AuditEvent.objects.filter(action=Action.RESPONDENT_VIEWED).exists()


def test_a_reference_comes_with_how_to_reach_the_partner_and_without_its_name(world):
    request = will_contact(world)

    slip = reference_slip(world, request)

    assert slip.code == request.spoken_reference
    assert slip.lines == ("Room 4, open house",)


@pytest.mark.parametrize(
    ("amount", "lines"),
    [
        (ReferenceAmount.FULL, ("Partner P1", "Legal desk", "Room 4, open house")),
        (ReferenceAmount.CODE, ()),
        (ReferenceAmount.NOTHING, ()),
    ],
)
def test_the_person_chooses_how_much_stands_beside_a_reference(world, amount, lines):
    assert reference_slip(world, will_contact(world), amount).lines == lines


def test_a_reference_slip_never_names_the_person_by_their_code(world):
    slip = reference_slip(world, will_contact(world), ReferenceAmount.FULL)

    assert world.respondent.spoken_code not in (slip.code, *slip.lines)


def test_a_request_that_was_taken_back_gives_no_slip(world):
    request = will_contact(world)
    closing.revoke(request=request, by=world.enumerator, now=NOW)

    with pytest.raises(NotFound):
        reference_slip(world, request)


def test_a_request_in_another_form_gives_no_slip(world):
    with pytest.raises(NotFound):
        reference_slip(world, world.asks())


def test_a_request_of_another_team_gives_no_slip(world):
    stranger = making.staff("stranger", Role.ENUMERATOR, making.team("NE2"))

    with pytest.raises(NotFound):
        reference_slip(world, will_contact(world), by=stranger)


def test_words_they_cannot_read_are_left_off_unless_somebody_asks_for_them():
    assert SlipForm(spoken="ti").chosen == Chosen(Amount.CODE, "en", 1)
    assert SlipForm(spoken="ar").chosen == Chosen(Amount.FULL, "ar", 1)
    assert ReferenceSlipForm(spoken="ti").chosen == Chosen(ReferenceAmount.CONTACT, "en", 1)


def test_a_choice_that_is_not_understood_is_the_first_choice():
    asked = {"amount": "everything", "language": "tlh", "copies": "400"}

    assert SlipForm(asked, spoken="fr").chosen == Chosen(Amount.FULL, "fr", 1)
