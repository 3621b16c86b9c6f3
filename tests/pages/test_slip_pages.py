"""The pages of what a person may keep: who sees them, and that the paper says nothing a finder could use."""

import re

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from kernel import clock
from orientation.vocabulary import Form, Item
from tests.factories import make_respondent, make_team, make_user
from tests.orientation import making
from tests.orientation import world as worlds
from tests.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.either]

EXPOSING = re.compile(
    r"recontact|study|survey|interview|refugee|migra|asylum|protection|journey|enumerator|research|respondent|team",
    re.IGNORECASE,
)


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, language="fr", ask_for="Sparrow")


@pytest.fixture
def read(client):
    def read(who, person, **chosen):
        signed_in(client, who)
        return client.get(reverse("casework:slip", args=[person.pk]), chosen)

    return read


def paper(answer):
    """What comes out of the printer: the slips and the title of the page."""
    text = answer.content.decode()
    return "".join(re.findall(r'<section class="slip">.*?</section>|<title>.*?</title>', text, re.DOTALL))


def words_on(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", paper(answer)).split())


def test_the_slip_stands_on_paper_as_code_and_one_sentence(read, enumerator, respondent):
    answer = read(enumerator, respondent, amount="full", language="en", copies="1")

    assert words_on(answer) == (
        f"Something to keep {respondent.spoken_code}"
        " To stop at any time, say this code to any of us. It counts at once."
    )


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_slip_that_is_found_tells_nothing_about_its_bearer(read, enumerator, respondent, language):
    answer = read(enumerator, respondent, amount="full", language=language, copies="4")

    assert not EXPOSING.search(paper(answer).replace("_", " "))
    assert str(respondent.pk) not in paper(answer)
    assert "Sparrow" not in answer.content.decode()


def test_the_sentence_is_marked_with_the_language_of_the_person(read, enumerator, respondent):
    assert '<p lang="fr" dir="ltr">' in paper(read(enumerator, respondent))


def test_the_code_alone_is_nothing_but_the_code(read, enumerator, respondent):
    answer = read(enumerator, respondent, amount="code", language="fr", copies="1")

    assert words_on(answer) == f"Something to keep {respondent.spoken_code}"


def test_with_nothing_to_carry_nothing_is_printed_and_the_caller_is_told_what_to_read(
    read, enumerator, respondent
):
    answer = read(enumerator, respondent, amount="nothing", language="fr", copies="1")

    assert '<section class="slip">' not in answer.content.decode()
    assert "Nothing is printed." in answer.content.decode()


def test_four_are_printed_where_four_are_wanted(read, enumerator, respondent):
    answer = read(enumerator, respondent, amount="code", language="fr", copies="4")

    assert answer.content.decode().count('<section class="slip">') == 4


def test_each_look_at_the_slip_is_in_the_trail(read, enumerator, respondent):
    read(enumerator, respondent)

    event = AuditEvent.objects.get(action=Action.RESPONDENT_VIEWED)
    assert (event.actor_id, event.audit_ref) == (enumerator.pk, respondent.audit_ref)


def test_a_person_of_another_team_has_no_slip(read, respondent):
    assert read(make_user(team=make_team()), respondent).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FOCAL_POINT])
def test_those_who_never_meet_a_respondent_get_no_slip(read, respondent, team, role):
    assert read(make_user(role, team=team), respondent).status_code == 403


def test_the_page_of_a_person_leads_to_what_they_may_keep(client, enumerator, respondent):
    signed_in(client, enumerator)

    text = client.get(reverse("casework:respondent", args=[respondent.pk])).content.decode()

    assert f'href="{reverse("casework:slip", args=[respondent.pk])}"' in text


def test_the_slip_takes_few_queries(client, enumerator, respondent, django_assert_max_num_queries):
    signed_in(client, enumerator)

    with django_assert_max_num_queries(10):
        client.get(reverse("casework:slip", args=[respondent.pk]))


def test_the_reference_of_a_request_is_printed_from_the_list_of_requests(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: making.NOW)
    world = worlds.build()
    request = making.contact_request(
        world.respondent, world.service, by=world.enumerator,
        form=Form.I_WILL_CONTACT, items=frozenset({Item.NEED}), contact_point=None,
    )  # fmt: skip
    signed_in(client, world.enumerator)
    url = reverse("casework:reference_slip", args=[world.respondent.pk, request.pk])

    listed = client.get(reverse("orientation:of_respondent", args=[world.respondent.pk])).content.decode()
    opened = client.get(url)

    assert f'href="{url}"' in listed
    assert words_on(opened) == (
        f"Something to keep {request.spoken_reference} Room 4, open house When you reach them, say this code."
    )


def test_a_reference_that_was_never_given_is_not_found(client, enumerator, respondent):
    signed_in(client, enumerator)

    url = reverse("casework:reference_slip", args=[respondent.pk, respondent.pk])

    assert client.get(url).status_code == 404
