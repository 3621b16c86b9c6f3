"""The orientation pages as each role meets them."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from orientation.models import FocalPoint, OrientationRequest, Partner, Service
from orientation.vocabulary import Form, Item, State
from tests.orientation import making
from tests.orientation import world as worlds
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db

REQUEST = {
    "form": "contact_request",
    "need": "legal",
    "urgency": "urgent",
    "items": ["need", "contact"],
    "preferred_time": "any",
    "note": "",
    "valid_days": "30",
    "mode": "phone",
    "has_agreed": "on",
}
NEEDS_A_REQUEST = ("letter", "acknowledge", "act", "close", "decline", "note", "contact")
POSTED = ("acknowledge", "act", "close", "decline", "note", "contact", "revoke")


@pytest.fixture(autouse=True)
def the_present(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: making.NOW)


@pytest.fixture
def world(db):
    return worlds.build()


def page(client, user, name, *given, data=None, **options):
    signed_in(client, user)
    url = reverse(f"orientation:{name}", args=given)
    return client.get(url, **options) if data is None else client.post(url, data, **options)


def visit(client, user, name, row):
    return page(client, user, name, row.pk, data={} if name in POSTED else None)


# --- The focal point --------------------------------------------------------------------------------------------------


def test_an_empty_inbox_says_what_will_come(client, world):
    answer = page(client, world.focal_point, "inbox")
    assert "Nothing waits for you." in answer.content.decode()


def test_the_inbox_lists_the_reference_and_never_the_spoken_code(client, world):
    row = world.asks()
    shown = page(client, world.focal_point, "inbox").content.decode()
    assert row.spoken_reference in shown
    assert world.respondent.spoken_code not in shown
    assert world.respondent.code not in shown


def test_the_inbox_takes_as_many_queries_for_six_requests_as_for_one(
    client, world, django_assert_max_num_queries
):
    for _one in range(6):
        making.contact_request(making.person(team=world.team), world.service, by=world.enumerator)
    signed_in(client, world.focal_point)
    with django_assert_max_num_queries(9):
        answer = client.get(reverse("orientation:inbox"))
    assert len(answer.context["letters"]) == 6


def test_a_letter_tells_what_was_agreed_and_what_may_not_be_asked(client, world):
    row = world.asks()
    shown = page(client, world.focal_point, "letter", row.pk).content.decode()
    assert "legal advice" in shown
    assert "Niger" in shown
    assert "What you may not ask" in shown
    assert making.NUMBER not in shown
    assert "cook" not in shown
    assert world.respondent.spoken_code not in shown


def test_a_letter_is_silent_about_what_was_not_agreed(client, world):
    row = world.asks(form=Form.I_WILL_CONTACT, items=frozenset(), note="")
    shown = page(client, world.focal_point, "letter", row.pk).content.decode()
    assert "legal advice" not in shown
    assert "Niger" not in shown
    assert "Show the number" not in shown
    assert "Read their note" not in shown


def test_the_agreed_number_is_shown_once_for_a_minute_after_the_trail_knows(client, world):
    row = world.asks()
    answer = page(client, world.focal_point, "contact", row.pk, data={})
    assert making.NUMBER in answer.content.decode()
    assert answer["Refresh"] == f"60; url={reverse('orientation:letter', args=[row.pk])}"
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(action=Action.IDENTITY_OPENED, actor_id=world.focal_point.pk).exists()


def test_a_number_is_never_shown_by_a_link(client, world):
    row = world.asks()
    assert page(client, world.focal_point, "contact", row.pk).status_code == 405


def test_the_note_is_shown(client, world):
    row = world.asks()
    assert (
        "Please ask for the cook."
        in page(client, world.focal_point, "note", row.pk, data={}).content.decode()
    )


def test_a_request_is_acknowledged_acted_on_and_closed_through_the_pages(client, world):
    row = world.asks()
    for step in ("acknowledge", "act"):
        assert page(client, world.focal_point, step, row.pk, data={}, follow=True).status_code == 200
    page(client, world.focal_point, "close", row.pk, data={"outcome": "helped"})
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.CLOSED, "helped")


def test_closing_without_saying_how_keeps_the_request_open(client, world):
    row = world.asks()
    page(client, world.focal_point, "acknowledge", row.pk, data={})
    answer = page(client, world.focal_point, "close", row.pk, data={"outcome": "cured"})
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (422, State.ACKNOWLEDGED)


def test_a_request_is_declined_with_a_reason(client, world):
    row = world.asks()
    page(client, world.focal_point, "decline", row.pk, data={"reason": "no_capacity"})
    row.refresh_from_db()
    assert row.decline_reason == "no_capacity"


@pytest.mark.parametrize("name", NEEDS_A_REQUEST)
def test_another_partners_focal_point_finds_nothing_at_any_address(client, world, name):
    assert visit(client, world.other_focal_point, name, world.asks()).status_code in (404, 422)
    row = OrientationRequest.objects.get()
    assert row.state == State.REQUESTED


@pytest.mark.parametrize("name", ["letter", "acknowledge", "note", "contact"])
def test_after_it_was_taken_back_the_page_is_gone(client, world, name):
    row = world.asks()
    page(client, world.enumerator, "revoke", row.pk, data={})
    answer = visit(client, world.focal_point, name, row)
    assert answer.status_code == 404
    assert "Nothing waits for you." in page(client, world.focal_point, "inbox").content.decode()


def test_after_it_expired_the_page_is_gone_without_the_tick(client, world, monkeypatch):
    row = world.asks(valid_days=7)
    monkeypatch.setattr(clock, "now", lambda: making.later(days=7))
    assert visit(client, world.focal_point, "letter", row).status_code == 404


def test_a_request_that_never_was_looks_like_one_for_another_partner(client, world):
    row = world.asks()
    hidden = page(client, world.other_focal_point, "letter", row.pk)
    absent = page(client, world.other_focal_point, "letter", uuid4())
    assert (hidden.status_code, hidden.context["error"].code) == (
        absent.status_code,
        absent.context["error"].code,
    )


# --- Each role --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEEDS_A_REQUEST)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FOCAL_POINT])
def test_no_other_role_reads_or_answers_a_request(client, world, role, name):
    row = world.asks()
    user = making.staff(f"a-{role.value}", role, world.team)
    assert visit(client, user, name, row).status_code == 403


@pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.FOCAL_POINT, Role.DPO])
@pytest.mark.parametrize("name", ["partners", "new_partner"])
def test_partners_are_set_up_by_administrators_and_coordinators_alone(client, world, role, name):
    assert page(client, making.staff(f"a-{role.value}", role), name).status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FOCAL_POINT])
def test_who_may_not_meet_respondents_sees_no_list_of_their_requests(client, world, role):
    user = making.staff(f"a-{role.value}", role, world.team)
    assert page(client, user, "of_respondent", world.respondent.pk).status_code == 403
    assert page(client, user, "request", world.respondent.pk).status_code == 403
    assert page(client, user, "revoke", world.asks().pk, data={}).status_code == 403


def test_another_teams_enumerator_finds_neither_the_person_nor_the_request(client, world):
    stranger = making.staff("stranger", Role.ENUMERATOR, making.team("TD1"))
    assert page(client, stranger, "of_respondent", world.respondent.pk).status_code == 404
    assert page(client, stranger, "request", world.respondent.pk).status_code == 404
    assert page(client, stranger, "revoke", world.asks().pk, data={}).status_code == 404


def test_nobody_passes_unsigned(client, world):
    assert client.get(reverse("orientation:inbox")).status_code == 302


# --- Field staff ------------------------------------------------------------------------------------------------------


def ask(client, world, **changes):
    wording = making.words()
    data = REQUEST | {
        "service": str(world.service.pk),
        "contact_point": str(world.respondent.contact_points.get().pk),
        "wording": str(wording.pk),
    }
    return page(client, world.enumerator, "request", world.respondent.pk, data=data | changes, follow=True)


@pytest.mark.parametrize("language", ["", "xx", "a" * 300, "en\x00"])
def test_a_language_that_is_none_in_the_address_leaves_the_words_in_theirs(client, world, language):
    theirs = making.words()

    shown = page(
        client, world.enumerator, "request", world.respondent.pk, query_params={"language": language}
    )

    assert shown.context["wording"] == theirs


def test_the_words_are_on_the_page_before_anything_is_asked(client, world):
    making.words()
    shown = page(client, world.enumerator, "request", world.respondent.pk).content.decode()
    assert "Do you agree? You can always say no." in shown


def test_nothing_is_ticked_for_the_person(client, world):
    making.words()
    form = page(client, world.enumerator, "request", world.respondent.pk).context["form"]
    assert form["form"].value() == Form.INFORMATION_ONLY
    assert form["items"].value() is None
    assert form["has_agreed"].value() in (None, False)


def test_a_contact_request_is_made_through_the_page(client, world):
    answer = ask(client, world)
    row = OrientationRequest.objects.get()
    assert answer.status_code == 200
    assert (row.form, row.urgency, row.requested_by) == ("contact_request", "urgent", world.enumerator)
    assert page(client, world.focal_point, "letter", row.pk).context["letter"].items == {"need", "contact"}


def test_without_their_yes_nothing_is_kept(client, world):
    answer = ask(client, world, has_agreed="")
    assert answer.status_code == 422
    assert "Without their yes nothing is shared." in answer.content.decode()
    assert not OrientationRequest.objects.exists()


def test_information_only_is_given_without_any_words(client, world):
    data = REQUEST | {
        "form": "information_only",
        "items": [],
        "has_agreed": "",
        "service": str(world.service.pk),
    }
    shown = page(
        client, world.enumerator, "request", world.respondent.pk, data=data, follow=True
    ).content.decode()
    assert "Room 4, open house" in shown
    assert "Nothing waits for you." in page(client, world.focal_point, "inbox").content.decode()


def test_who_contacts_the_partner_themselves_is_told_the_reference(client, world):
    ask(client, world, form="i_will_contact", items=["need"], contact_point="")
    row = OrientationRequest.objects.get()
    assert (
        row.spoken_reference
        in page(client, world.enumerator, "of_respondent", row.respondent_id).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"need": "gbv"}, "gender-based violence"),
        ({"items": ["need"]}, "one number of theirs"),
        ({"form": "i_will_contact"}, "nothing but the need"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(client, world, changes, sentence):
    answer = ask(client, world, **changes)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Nothing was recorded or shared." in answer.content.decode()


def test_a_refused_request_keeps_what_was_typed_and_ticked(client, world):
    shown = ask(client, world, need="gbv", note="only mornings", valid_days="12").content.decode()
    assert "only mornings</textarea>" in shown and 'value="12"' in shown
    assert re.search(r'value="contact_request"[^>]*checked', shown)
    assert re.search(r'value="contact"[^>]*checked', shown)


def test_a_number_its_holder_refused_is_offered_like_any_other(client, world):
    world.respondent.contact_points.update(value=None)
    form = page(client, world.enumerator, "request", world.respondent.pk).context["form"]
    assert form.fields["contact_point"].queryset.count() == 1


def test_words_that_may_not_be_read_out_are_told_and_the_page_offers_those_that_may(client, world):
    answer = ask(client, world, wording="nope")
    shown = answer.content.decode()
    assert "These words may not be read out any more." in shown and "UUID" not in shown
    assert f'name="wording" value="{answer.context["wording"].pk}"' in shown


@pytest.mark.parametrize("name", ["service", "contact_point"])
def test_what_is_no_key_at_all_is_refused_in_words_a_person_understands(client, world, name):
    shown = ask(client, world, **{name: "nope"}).content.decode()
    assert "UUID" not in shown and "This cannot be chosen here." in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"service": str(uuid4())},
        {"contact_point": str(uuid4())},
        {"need": "money"},
        {"form": "anything"},
        {"valid_days": "400"},
        {"items": ["name"]},
        {"note": "x" * 401},
    ],
)
def test_what_is_not_on_the_lists_comes_back_with_the_form(client, world, changes):
    assert ask(client, world, **changes).status_code == 422
    assert not OrientationRequest.objects.exists()


def test_a_service_that_is_no_longer_verified_is_not_on_the_list(client, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: making.later(days=90))
    form = page(client, world.enumerator, "request", world.respondent.pk).context["form"]
    assert list(form.fields["service"].queryset) == []


def test_field_staff_see_that_a_request_stands_and_not_how_it_ended(client, world):
    row = world.asks()
    page(client, world.focal_point, "acknowledge", row.pk, data={})
    page(client, world.focal_point, "close", row.pk, data={"outcome": "not_wanted"})
    shown = page(client, world.enumerator, "of_respondent", world.respondent.pk).content.decode()
    assert "closed" in shown
    assert "no longer wished" not in shown
    assert "legal advice" not in shown


def test_the_list_comes_as_a_piece_of_another_page_too(client, world):
    world.asks()
    whole = page(client, world.enumerator, "of_respondent", world.respondent.pk)
    piece = page(
        client, world.enumerator, "of_respondent", world.respondent.pk, headers={"HX-Request": "true"}
    )
    assert "<html" in whole.content.decode()
    assert "<html" not in piece.content.decode()
    assert "Take it back" in piece.content.decode()


def test_the_list_takes_as_many_queries_for_many_requests_as_for_one(
    client, world, django_assert_max_num_queries
):
    for number in range(5):
        world.asks(service=making.service(world.partner, by=world.coordinator, title=f"Desk {number}"))
    signed_in(client, world.enumerator)
    with django_assert_max_num_queries(9):
        client.get(reverse("orientation:of_respondent", args=[world.respondent.pk]))


def test_a_dpo_takes_a_request_back_and_is_not_offered_to_ask(client, world):
    officer = making.staff("officer", Role.DPO)
    row = world.asks()
    assert "Ask a partner" not in page(client, officer, "of_respondent", world.respondent.pk).content.decode()
    page(client, officer, "revoke", row.pk, data={})
    row.refresh_from_db()
    assert row.state == State.REVOKED


# --- Setting partners up ----------------------------------------------------------------------------------------------

PARTNER = {
    "code": "HOUSE",
    "title": "Open house",
    "not_in_migration_control": "on",
    "is_active": "on",
    "agreement_review_on": "2026-09-01",
    "agreement_expires_on": "2027-01-01",
}
SERVICE = {
    "title": "Clinic",
    "need": "health",
    "country": "NE",
    "languages": ["en", "ha"],
    "public_contact": "Gate 2",
    "is_active": "on",
}


def test_a_partner_is_set_up_to_its_first_request_on_screens_alone(client, world):
    page(client, world.coordinator, "new_partner", data=PARTNER)
    owner = Partner.objects.get(code="HOUSE")
    page(client, world.coordinator, "new_service", owner.pk, data=SERVICE)
    clinic = Service.objects.get(partner=owner)
    assert clinic.verified_on is None
    page(client, world.coordinator, "verify", clinic.pk, data={})
    page(client, world.coordinator, "assign", owner.pk, data={"user": str(world.other_focal_point.pk)})

    ask(client, world, service=str(clinic.pk), need="health")

    waiting = page(client, world.other_focal_point, "inbox").context["letters"]
    assert [letter.service for letter in waiting] == ["Clinic"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"not_in_migration_control": ""}, "takes no part in migration control"),
        ({"agreement_review_on": "2027-02-01"}, "reviewed before it ends"),
        ({"code": "open house"}, "capital letters"),
        ({"agreement_expires_on": "soon"}, "valid date"),
        ({"code": "P1"}, "already exists"),
    ],
)
def test_a_wrong_partner_comes_back_with_a_sentence(client, world, changes, sentence):
    answer = page(client, world.coordinator, "new_partner", data=PARTNER | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    "changes", [{"country": "QQ"}, {"languages": ["xx"]}, {"need": "money"}, {"public_contact": ""}]
)
def test_a_wrong_service_comes_back(client, world, changes):
    answer = page(client, world.coordinator, "new_service", world.partner.pk, data=SERVICE | changes)
    assert answer.status_code == 422


def test_a_second_service_of_the_same_name_comes_back_with_a_sentence(client, world):
    answer = page(
        client, world.coordinator, "new_service", world.partner.pk, data=SERVICE | {"title": "Legal desk"}
    )
    assert answer.status_code == 422


def test_a_changed_service_shows_that_it_is_to_be_verified(client, world):
    page(client, world.coordinator, "change_service", world.service.pk, data=SERVICE)
    shown = page(client, world.coordinator, "partner", world.partner.pk).content.decode()
    assert "to be verified" in shown


def test_only_an_account_of_a_focal_point_can_be_made_to_read(client, world):
    answer = page(
        client, world.coordinator, "assign", world.partner.pk, data={"user": str(world.enumerator.pk)}
    )
    assert answer.status_code == 422
    assert FocalPoint.objects.count() == 2


def test_who_is_taken_off_a_partner_reads_nothing_more(client, world):
    world.asks()
    place = FocalPoint.objects.get(user=world.focal_point)
    page(client, world.coordinator, "unassign", place.pk, data={})
    assert page(client, world.focal_point, "inbox").context["letters"] == []


def test_the_list_of_partners_takes_as_many_queries_for_many(client, world, django_assert_max_num_queries):
    for number in range(5):
        making.partner(f"MORE{number}", by=world.coordinator)
    signed_in(client, world.coordinator)
    with django_assert_max_num_queries(7):
        client.get(reverse("orientation:partners"))


@pytest.mark.parametrize("name", ["inbox", "partners"])
def test_the_pages_turn_right_to_left(client, world, name):
    user = world.focal_point if name == "inbox" else world.coordinator
    client.cookies["django_language"] = "ar"
    assert 'dir="rtl"' in page(client, user, name).content.decode()


def test_the_titles_say_nothing_of_what_this_is_about(client, world):
    row = world.asks(items=frozenset({Item.CONTACT}))
    shown = page(client, world.focal_point, "letter", row.pk).content.decode()
    assert "<title>Request</title>" in shown


def test_a_letter_without_a_usable_number_says_so(client, world):
    row = world.asks()
    assert (
        "No number of theirs may be used now."
        not in visit(client, world.focal_point, "letter", row).content.decode()
    )
    world.respondent.contact_points.update(status="wrong_person")
    assert (
        "No number of theirs may be used now."
        in visit(client, world.focal_point, "letter", row).content.decode()
    )


def test_a_focal_point_without_an_organisation_is_told_what_is_missing(client, world):
    newcomer = making.staff("new-focal", Role.FOCAL_POINT)
    assert "You do not read for any organisation yet." in page(client, newcomer, "inbox").content.decode()
    assert "Nothing waits for you." in page(client, world.focal_point, "inbox").content.decode()
