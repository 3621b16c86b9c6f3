"""The pages about respondents: who may see what, what is told, and that no number is ever on them."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.receipts import Grade
from followups.models import BarredEnumerator, FollowUp, Hold
from tests.casework.test_importing import GOOD, HEAD, IMPOSSIBLE, MAPPING
from tests.factories import NOW, approve_wordings, make_respondent, make_study, make_team, make_user
from tests.signing_in import signed_in
from tracker import spoken_codes
from tracker.exchange.mapping_files import read_mapping
from tracker.models import ContactPoint, Respondent
from tracker.models.respondents import Status

pytestmark = pytest.mark.django_db

NUMBER = "+447700900555"


@pytest.fixture
def respondent(study, team, enumerator):
    return make_respondent(study=study, team=team, by=enumerator, numbers=(NUMBER,), ask_for="Sparrow")


@pytest.fixture
def page(client):
    """Reads a page as somebody and gives back its text."""

    def page(name, by, *args, data=None, post=None, query=None):
        signed_in(client, by)
        url = reverse(f"casework:{name}", args=args, query=query)
        answer = client.get(url, data) if post is None else client.post(url, post, follow=True)
        return answer

    return page


def test_an_enumerator_sees_the_people_of_their_team_by_code_and_nobody_else(page, respondent, enumerator):
    other_team = make_team()
    stranger = make_respondent(study=make_study(team=other_team), team=other_team)

    text = page("respondents", enumerator).content.decode()

    assert respondent.spoken_code in text
    assert stranger.spoken_code not in text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FOCAL_POINT])
def test_those_who_never_meet_a_respondent_get_no_list(page, team, role):
    assert page("respondents", make_user(role, team=team)).status_code == 403


@pytest.mark.parametrize("name", ["respondent", "move", "add_number", "withdraw"])
def test_a_person_of_another_team_is_not_found_rather_than_forbidden(page, respondent, name):
    stranger = make_user(Role.COORDINATOR, team=make_team())

    assert page(name, stranger, respondent.pk).status_code == 404


def test_somebody_is_found_by_their_code_as_it_was_heard(page, respondent, enumerator):
    heard = respondent.spoken_code.lower().replace("-", " ")

    assert respondent.spoken_code in page("respondents", enumerator, data={"code": heard}).content.decode()


def test_a_misheard_code_gets_a_sentence(page, enumerator):
    answer = page("respondents", enumerator, data={"code": "K7Q2-9M4A"})

    assert "does not fit together" in answer.content.decode()


def test_the_list_takes_a_few_queries_for_twenty_people(
    client, study, team, enumerator, django_assert_max_num_queries
):
    for _each in range(20):
        make_respondent(study=study, team=team, by=enumerator)
    signed_in(client, enumerator)

    with django_assert_max_num_queries(10):
        answer = client.get(reverse("casework:respondents"))

    assert answer.content.decode().count("row-who") == 20


def test_the_page_of_a_person_shows_no_number_and_no_word_they_are_asked_for_by(
    page, respondent, coordinator
):
    text = page("respondent", coordinator, respondent.pk).content.decode()

    assert respondent.spoken_code in text
    assert "900555" not in text
    assert "Sparrow" not in text
    assert "Their own phone" in text


def test_every_look_at_a_person_is_in_the_trail(page, respondent, enumerator):
    page("respondent", enumerator, respondent.pk)

    event = AuditEvent.objects.get(action=Action.RESPONDENT_VIEWED)
    assert (event.actor_id, event.audit_ref) == (enumerator.pk, respondent.audit_ref)


def test_a_person_page_takes_as_many_queries_for_much_as_for_little(
    client, respondent, coordinator, django_assert_num_queries
):
    signed_in(client, coordinator)
    url = reverse("casework:respondent", args=[respondent.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as little:
        client.get(url)
    for n in range(5):
        Hold.objects.create(respondent=respondent, kind="pause", placed_at=NOW, placed_by=coordinator)
        ContactPoint.objects.create(respondent=respondent, position=n + 1, status_at=NOW, added_at=NOW)
        barred = make_user(team=respondent.team)
        BarredEnumerator.objects.create(respondent=respondent, enumerator=barred, at=NOW, by=coordinator)

    with django_assert_num_queries(len(little)):
        client.get(url)


def test_a_move_to_where_nobody_is_called_says_so(page, respondent, enumerator):
    today = page("move", enumerator, respondent.pk).context["form"].initial["on"].isoformat()
    move = {"stage": "crossing", "on": today, "country": "", "zone": ""}

    told = page("move", enumerator, respondent.pk, post=move).content.decode()

    assert "Nobody is called at this stage of a journey" in told


def test_a_move_is_recorded_through_its_page(page, respondent, enumerator):
    today = page("move", enumerator, respondent.pk).context["form"].initial["on"].isoformat()

    page(
        "move",
        enumerator,
        respondent.pk,
        post={"stage": "in_transit", "on": today, "country": "LY", "zone": ""},
    )

    respondent.refresh_from_db()
    assert (respondent.stage, respondent.country) == ("in_transit", "LY")


def test_a_move_dated_in_the_future_keeps_what_was_typed_and_says_why(page, respondent, enumerator):
    answer = page(
        "move",
        enumerator,
        respondent.pk,
        post={"stage": "in_transit", "on": "2099-01-01", "country": "", "zone": ""},
    )

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "has not come yet" in text
    assert 'value="2099-01-01"' in text


def test_a_further_number_is_kept_and_the_answer_is_the_same_for_one_already_held(
    page, respondent, enumerator
):
    answers = [
        page(
            "add_number", enumerator, respondent.pk, post={"raw": raw, "whose": "own", "safe_days": range(7)}
        )
        for raw in ("+447700900556", NUMBER)
    ]

    told = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert told[0] == told[1]
    assert ContactPoint.objects.filter(respondent=respondent).count() == 3


def test_an_impossible_number_is_told_and_nothing_is_kept(page, respondent, enumerator):
    answer = page(
        "add_number", enumerator, respondent.pk, post={"raw": "12", "whose": "own", "safe_days": range(7)}
    )

    assert answer.status_code == 400
    assert ContactPoint.objects.filter(respondent=respondent).count() == 1


def test_an_enumerator_stops_contact_in_one_step_and_gets_a_receipt(page, respondent, enumerator):
    answer = page("withdraw", enumerator, respondent.pk, post={"grade": Grade.STOP, "mode": "phone"})

    assert "Receipt" in answer.content.decode()
    assert Respondent.objects.get(pk=respondent.pk).status == Status.STOPPED


def test_a_wish_to_be_erased_waits_where_a_coordinator_finds_it(page, respondent, enumerator, coordinator):
    page("withdraw", enumerator, respondent.pk, post={"grade": Grade.ERASE_ALL, "mode": "phone"})

    found = page("respondents", coordinator, data={"status": "erasure_asked"}).content.decode()
    assert respondent.spoken_code in found
    assert "asked to be erased" in page("respondent", coordinator, respondent.pk).content.decode()


def test_a_coordinator_erases_and_the_page_of_the_code_still_opens(page, respondent, coordinator):
    answer = page("withdraw", coordinator, respondent.pk, post={"grade": Grade.ERASE_ALL, "mode": "phone"})

    assert "final with the next change of keys, expected by" in answer.content.decode()
    assert "was erased" in page("respondent", coordinator, respondent.pk).content.decode()
    assert (
        respondent.spoken_code
        not in page("respondents", coordinator, data={"status": "erasure_asked"}).content.decode()
    )


def test_a_stop_gets_the_same_answer_for_a_known_and_an_unknown_code_and_number(page, respondent):
    focal_point = make_user(Role.FOCAL_POINT)
    said = [respondent.spoken_code, spoken_codes.draw(), NUMBER, "+447700900888"]

    answers = [page("stop", focal_point, post={"said": one, "region": ""}).content for one in said]

    bare = {
        re.sub(rb'(csrfmiddlewaretoken" value|X-CSRFToken)("|=|: ")+[^"]+"', b"", answer)
        for answer in answers
    }
    assert len(bare) == 1


def test_somebody_is_barred_and_no_longer_the_usual_caller(page, respondent, enumerator, coordinator):
    page("bar", coordinator, respondent.pk, post={"enumerator": enumerator.pk})

    respondent.refresh_from_db()
    assert respondent.usual_enumerator is None
    assert BarredEnumerator.objects.get().enumerator == enumerator


def test_a_pause_is_placed_and_lifted_on_the_page(page, respondent, coordinator):
    page("pause", coordinator, respondent.pk, post={"until_on": "2099-01-01"})
    hold = Hold.objects.get(respondent=respondent)

    page("lift", coordinator, respondent.pk, hold.pk, post={"why": "asked"})

    hold.refresh_from_db()
    assert (hold.kind, hold.lifted_by) == ("pause", coordinator)
    assert AuditEvent.objects.get(action=Action.HOLD_LIFTED).reason == "asked"


def test_a_hold_is_not_lifted_without_saying_why(page, respondent, coordinator):
    page("pause", coordinator, respondent.pk, post={"until_on": "2099-01-01"})
    hold = Hold.objects.get(respondent=respondent)

    answer = page("lift", coordinator, respondent.pk, hold.pk, post={})

    hold.refresh_from_db()
    assert hold.lifted_at is None
    assert "The hold stays. Say why it may be lifted." in answer.content.decode()


def test_a_pause_that_ended_before_it_starts_gets_a_sentence(page, respondent, coordinator):
    answer = page("pause", coordinator, respondent.pk, post={"until_on": "2001-01-01"})

    assert answer.status_code == 400
    assert not Hold.objects.exists()


# --- Enrolling ----------------------------------------------------------------------------------------------------


def answers(study, team, **changed):
    said = {
        "answer_interview": "granted",
        "answer_keep_number": "granted",
        "answer_recontact": "granted",
        "mode": "in_person",
        "stage": "arrived",
        "country": "TN",
        "zone": "",
        "number1-raw": NUMBER,
        "number1-whose": "own",
        "number1-safe_days": ["0", "1", "2", "3", "4", "5", "6"],
        **changed,
    }
    return {"post": said, "query": {"study": study.pk, "team": team.pk, "language": "en"}}


def test_somebody_is_enrolled_through_the_page_after_the_words_were_shown(page, study, team, enumerator):
    approve_wordings(("en",))
    chosen = {"study": study.pk, "team": team.pk, "language": "en"}

    shown = page("enrol", enumerator, data=chosen).content.decode()
    answer = page("enrol", enumerator, **answers(study, team))

    respondent = Respondent.objects.get()
    assert "The exact words about" in shown
    assert respondent.spoken_code in answer.content.decode()
    assert respondent.contact_points.count() == 1
    assert FollowUp.objects.unfinished().count() == 1


def test_where_there_is_one_study_and_one_team_only_the_language_is_left_to_choose(
    page, study, team, enumerator
):
    form = page("enrol", enumerator).context["form"]

    assert {name: form[name].value() for name in ("study", "team", "language")} == {
        "study": study.pk, "team": team.pk, "language": None
    }  # fmt: skip


def test_what_may_be_asked_as_well_stands_apart_from_what_everybody_is_asked(page, study, team, enumerator):
    approve_wordings(("en",))
    chosen = {"study": study.pk, "team": team.pk, "language": "en"}

    form = page("enrol", enumerator, data=chosen).context["form"]

    assert [words.purpose for words, _field in form.questions()] == ["interview", "keep_number", "recontact"]
    assert "message" in [words.purpose for words, _field in form.further_questions()]


def test_an_impossible_number_enrols_nobody_and_keeps_what_was_typed(page, study, team, enumerator):
    approve_wordings(("en",))

    answer = page("enrol", enumerator, **answers(study, team, **{"number1-raw": "12", "ask_for": "Sparrow"}))

    assert answer.status_code == 400
    assert 'value="Sparrow"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert Respondent.objects.count() == 0


def test_a_form_sent_twice_enrols_one_person_and_says_so(page, study, team, enumerator):
    approve_wordings(("en",))
    chosen = {"study": study.pk, "team": team.pk, "language": "en"}
    drawn = str(page("enrol", enumerator, data=chosen).context["form"]["id"].value())

    for _press in range(2):
        answer = page("enrol", enumerator, **answers(study, team, id=drawn))

    assert Respondent.objects.count() == 1
    assert FollowUp.objects.count() == 1
    assert "enrolled as it was sent first, and only once" in answer.content.decode()


def test_nobody_chooses_the_id_of_the_person_they_enrol(page, study, team, enumerator, coordinator):
    approve_wordings(("en",))

    page("enrol", enumerator, **answers(study, team, id=str(coordinator.pk)))

    assert Respondent.objects.count() == 1
    assert not Respondent.objects.filter(pk=coordinator.pk).exists()


def test_a_form_of_a_colleague_sent_by_me_enrols_for_me_and_tells_nothing(page, study, team, enumerator):
    approve_wordings(("en",))
    drawn = str(uuid.uuid4())
    page("enrol", enumerator, **answers(study, team, id=drawn))
    first = Respondent.objects.get()

    answer = page("enrol", make_user(team=team), **answers(study, team, id=drawn))

    assert Respondent.objects.count() == 2
    assert first.spoken_code not in answer.content.decode()


@pytest.mark.parametrize(("place", "other"), [(1, 2), (2, 3)])
def test_an_impossible_number_is_told_beside_the_one_it_is(page, study, team, enumerator, place, other):
    approve_wordings(("en",))

    answer = page(
        "enrol",
        enumerator,
        **answers(study, team, **{f"number{place}-raw": "12", f"number{place}-safe_days": ["0"]}),
    )

    text = answer.content.decode()
    assert f'id="id_number{place}-raw_error"' in text
    assert f'id="id_number{other}-raw_error"' not in text
    assert f'<a href="#id_number{place}-raw_error">Phone number {place}</a>' in text


def test_no_number_is_read_of_somebody_who_is_not_to_be_called(page, study, team, enumerator):
    approve_wordings(("en",))

    page("enrol", enumerator, **answers(study, team, answer_recontact="refused", **{"number1-raw": "12"}))

    assert Respondent.objects.get().status == Status.BASELINE_ONLY


def test_a_field_left_empty_is_told_what_to_do_and_a_made_up_study_is_no_talk_of_uuids(
    page, study, team, enumerator
):
    approve_wordings(("en",))
    unanswered = answers(study, team, answer_interview="", stage="")

    left_empty = page("enrol", enumerator, **unanswered).content.decode()
    made_up = page("enrol", enumerator, data={"study": "nope", "team": team.pk, "language": "en"})

    assert "Read the words out and mark their answer" in left_empty
    assert "Choose one." in left_empty
    assert "required" not in re.sub(r"<[^>]+>", "", left_empty)
    assert "UUID" not in made_up.content.decode()
    assert "Choose one from the list." in made_up.content.decode()


def test_a_no_to_being_called_counts_the_person_and_keeps_no_number(page, study, team, enumerator):
    approve_wordings(("en",))

    page("enrol", enumerator, **answers(study, team, answer_recontact="refused"))

    assert Respondent.objects.get().status == Status.BASELINE_ONLY
    assert ContactPoint.objects.count() == 0


def test_without_approved_words_the_page_says_so(page, study, team, enumerator):
    shown = page("enrol", enumerator, data={"study": study.pk, "team": team.pk, "language": "ti"})

    assert "no approved words" in shown.content.decode()


def test_safe_hours_that_are_no_pair_are_told_at_the_field(page, study, team, enumerator):
    approve_wordings(("en",))

    answer = page("enrol", enumerator, **answers(study, team, **{"number1-safe_from": "18:00"}))

    assert "Give both hours, or neither" in answer.content.decode()
    assert Respondent.objects.count() == 0


# --- Reading in a list --------------------------------------------------------------------------------------------


def listed(study, is_real):
    return {
        "study": study.pk,
        "content": SimpleUploadedFile("list.csv", (HEAD + GOOD + IMPOSSIBLE).encode()),
        "mapping": SimpleUploadedFile("map.toml", MAPPING.encode()),
        "is_real": is_real,
    }


def test_a_list_is_checked_first_and_then_read_in(page, study, coordinator):
    approve_wordings(("en",))

    checked = page("import", coordinator, post=listed(study, "")).content.decode()
    assert "What would happen" in checked
    assert Respondent.objects.count() == 0

    done = page("import", coordinator, post=listed(study, "yes")).content.decode()
    assert "What was read in" in done
    assert "cannot be a phone number" in done
    assert Respondent.objects.count() == 1


def test_a_mapping_that_cannot_be_used_is_answered_on_the_page(page, study, coordinator):
    post = listed(study, "yes") | {"mapping": SimpleUploadedFile("map.toml", b"this is not toml")}

    answer = page("import", coordinator, post=post)

    assert answer.status_code == 400
    assert "The mapping cannot be used" in answer.content.decode()


def test_the_pages_are_written_from_right_to_left_for_a_reader_of_arabic(
    page, respondent, coordinator, client
):
    client.cookies["django_language"] = "ar"

    text = page("respondent", coordinator, respondent.pk).content.decode()

    assert 'dir="rtl"' in text
    assert f'<bdi dir="ltr" class="code">{respondent.spoken_code}' in text


def test_a_mapping_with_several_faults_tells_each_on_a_line_of_its_own(page, study, coordinator):
    faulty = SimpleUploadedFile("map.toml", b'source = "x"\ndefault_region = "??"\n')

    shown = page("import", coordinator, post=listed(study, "") | {"mapping": faulty}).content.decode()

    told = re.search(r'<ul class="errorlist nonfield".*?</ul>', shown, re.DOTALL).group()
    assert len(re.findall(r"^- ", told, re.MULTILINE)) > 1


def test_an_example_of_a_mapping_is_a_tap_away_and_can_be_read(page, study, coordinator):
    address = reverse("casework:example_mapping")

    shown = page("import", coordinator).content.decode()
    example = page("example_mapping", coordinator).content.decode()

    assert address in shown
    assert read_mapping(example).source == "surveycto-mobilizer"


# --- What the page of a person says of calling them ------------------------------------------------------------------


def test_a_person_whose_clock_nobody_knows_has_a_link_that_mends_it(page, respondent, enumerator):
    Respondent.objects.filter(pk=respondent.pk).update(zones=[])

    text = page("respondent", enumerator, respondent.pk).content.decode()

    assert "We do not know which clock they live by" in text
    assert "Record where they are" in text


def test_recording_where_they_are_gives_them_a_clock_though_the_stage_is_as_before(
    page, respondent, enumerator
):
    Respondent.objects.filter(pk=respondent.pk).update(zones=[])
    today = page("move", enumerator, respondent.pk).context["form"].initial["on"].isoformat()

    page("move", enumerator, respondent.pk, post={"stage": "arrived", "on": today, "country": "TN"})

    respondent.refresh_from_db()
    assert respondent.zones == ["Africa/Tunis"]


def test_somebody_who_cannot_be_called_now_is_not_said_to_be_ready(page, respondent, enumerator):
    FollowUp.objects.update(state="ready", ready_from=NOW, ready_until=NOW.replace(hour=23))
    Hold.objects.create(respondent=respondent, kind="pause", placed_at=NOW, placed_by=enumerator)

    text = page("respondent", enumerator, respondent.pk).content.decode()

    assert "Not now:" in text
    assert "ready to call" not in text


def test_a_hold_that_has_to_stay_is_told_on_the_page_of_the_person(page, respondent, coordinator):
    Respondent.objects.filter(pk=respondent.pk).update(stage="detained")
    hold = Hold.objects.create(respondent=respondent, kind="detention", placed_at=NOW)

    answer = page("lift", coordinator, respondent.pk, hold.pk, post={"why": "over"})

    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("casework:respondent", args=[respondent.pk])
    assert "Record the new stage first" in text
    assert reverse("casework:lift", args=[respondent.pk, hold.pk]) not in text
    assert Hold.objects.get().lifted_at is None


def test_barring_nobody_in_particular_is_asked_again(page, respondent, coordinator):
    answer = page("bar", coordinator, respondent.pk, post={"enumerator": ""})

    assert answer.status_code == 400
    assert "Choose one from the list." in answer.content.decode()


def test_a_missed_round_can_be_completed_from_the_page_of_the_person_and_one_that_is_done_cannot(
    page, respondent, enumerator
):
    row = FollowUp.objects.get()
    late = reverse("followups:late", args=[row.pk])
    shown = {}
    for state in ("missed", "done"):
        FollowUp.objects.update(
            state=state, ended="window_closed" if state == "missed" else "", closed_at=NOW
        )
        shown[state] = late in page("respondent", enumerator, respondent.pk).content.decode()

    assert shown == {"missed": True, "done": False}


# --- Nothing there yet ----------------------------------------------------------------------------------------------


def test_a_list_with_nobody_in_it_leads_to_the_first_enrolment(page, study, enumerator):
    text = page("respondents", enumerator).content.decode()

    assert "Nobody of your teams is enrolled yet." in text
    assert text.count(reverse("casework:enrol")) > page("stop", enumerator).content.decode().count(
        reverse("casework:enrol")
    )


def test_with_no_study_open_enrolling_says_whom_to_ask(page, team):
    text = page("enrol", make_user(team=team)).content.decode()

    assert "No study of your teams is open" in text
    assert 'name="study"' not in text
