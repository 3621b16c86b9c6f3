"""The set-up through its pages, from an empty database to a study that can begin; and what bad input is told."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from accounts.models import Shift, Team, User
from accounts.permissions import Role
from consent.models import Wording
from consent.purposes import Purpose
from followups.models import Plan
from followups.plan_forms import PlanForm
from followups.scheduling.rules import DEFAULT_RULES
from tests.accounts.codes import set_up_app
from tests.accounts.people import NOON, administrator, person, team
from tests.consent.words import TEXT, wording
from tests.signing_in import signed_in
from tracker.models import Round, Study
from tracker.readiness import readiness_of

pytestmark = pytest.mark.django_db

PERSON = {
    "username": "sena",
    "display_name": "Sena",
    "role": "enumerator",
    "gender": "woman",
    "time_zone": "Africa/Tripoli",
    "interface_language": "en",
    "languages": ["ti", "ar"],
}
STUDY = {
    "code": "LY-1",
    "title": "Libya panel",
    "kind": "calendar",
    "calling_from": "08:00",
    "calling_until": "20:00",
    "attempts_a_day": "2",
    "attempts_a_week": "5",
    "consent_valid_days": "365",
    "longest_interview_minutes": "45",
    "contact_retention_days": "180",
    "survey_link": "",
    "script": "",
}


def text(response):
    return response.content.decode()


def post(client, name, data=None, args=()):
    return client.post(reverse(name, args=args), data or {})


def first_password(shown):
    return re.search(r'first-password">([^<]+)<', text(shown)).group(1)


def come_in(client, username, first):
    """For the first time: a password of one's own, then an app for codes."""
    post(client, "accounts:sign_in", {"username": username, "password": first})
    own = f"{username} knows four plain words"
    post(client, "accounts:own_password", {"old": first, "new": own, "again": own})
    set_up_app(client)


def plan_data():
    data = {"replaces": "0"}
    for stage in PlanForm(rules=DEFAULT_RULES, version=0).stages:
        for name in stage.fields:
            value = stage[name].value()
            if value is not None and value is not False:
                data[f"{stage.prefix}-{name}"] = "on" if value is True else str(value)
    return data


@pytest.fixture
def ada(client):
    made = administrator()
    signed_in(client, made)
    return made


@pytest.fixture
def cora(client):
    made = person(Role.COORDINATOR, "cora", teams=(team(),))
    signed_in(client, made)
    return made


@pytest.fixture
def study(db):
    made = Study.objects.create(code="LY-1", title="Libya panel", kind="calendar", created_at=NOON)
    made.teams.set([team()])
    return made


def test_from_an_empty_database_to_a_study_that_can_begin(client, capsys):
    call_command("make_administrator", "--generate", "--username", "ada")
    password = capsys.readouterr().out.rsplit(" ", 1)[-1].strip()
    come_in(client, "ada", password)
    post(client, "accounts:team_new", {"code": "TRIP", "title": "Tripoli", "country": "LY"})
    tripoli = Team.objects.get()
    shown = post(client, "accounts:person_new", PERSON | {"teams": [tripoli.pk]})
    cora = post(
        client,
        "accounts:person_new",
        PERSON | {"username": "cora", "role": "coordinator", "languages": [], "teams": [tripoli.pk]},
    )
    dina = post(client, "accounts:person_new", PERSON | {"username": "dina", "role": "dpo", "languages": []})
    sena = User.objects.get(username="sena")
    post(client, "accounts:shifts", {"weekday": "0", "starts": "09:00", "ends": "17:00"}, [sena.pk])
    post(client, "tracker:study_new", STUDY | {"teams": [tripoli.pk]})
    study = Study.objects.get()
    opens = {"number": "1", "opens_on": "2026-04-01", "closes_on": "2026-05-01"}
    post(client, "tracker:rounds", opens, [study.pk])
    post(client, "accounts:sign_out")

    come_in(client, "cora", first_password(cora))
    for purpose in (Purpose.INTERVIEW, Purpose.KEEP_NUMBER, Purpose.RECONTACT):
        for language in ("ti", "ar"):
            post(client, "consent:wording", {"text": TEXT}, [purpose, language])
    post(client, "followups:plan_edit", plan_data(), [study.pk])
    not_yet = readiness_of(study)
    post(client, "accounts:sign_out")
    come_in(client, "dina", first_password(dina))
    for draft in Wording.objects.all():
        post(client, "consent:approve", args=[draft.pk])

    assert "first-password" in text(shown)
    assert Shift.objects.get().user == sena
    assert len(not_yet.uncovered) == 6
    assert readiness_of(study).is_ready
    assert Plan.objects.current(study).version == 1


def test_the_first_password_is_shown_once_and_kept_in_no_page(client, ada):
    shown = post(client, "accounts:person_new", PERSON)
    password = first_password(shown)

    assert User.objects.get(username="sena").check_password(password)
    assert shown["Cache-Control"].startswith("no-store")
    assert password not in text(
        client.get(reverse("accounts:person", args=[User.objects.get(username="sena").pk]))
    )
    assert password not in str(dict(client.session))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"username": "Sena B"}, "small letters"),
        ({"username": "ada"}, "already"),
        ({"time_zone": "Mars/Olympus"}, "no time zone called"),
        ({"languages": ["xx"]}, "not one of the available choices"),
        ({"role": "queen"}, "not one of the available choices"),
        ({"display_name": ""}, "required"),
    ],
)
def test_a_bad_person_is_answered_with_a_sentence_and_what_was_typed_is_kept(client, ada, typed, sentence):
    response = post(client, "accounts:person_new", PERSON | typed)

    assert response.status_code in (400, 409)
    assert sentence in text(response)
    assert 'value="Africa/Tripoli"' in text(response) or "Mars/Olympus" in text(response)
    assert User.objects.count() == 1


def test_an_administrator_who_raises_themselves_is_told_and_nothing_changes(client, ada):
    typed = PERSON | {"role": "dpo", "languages": [], "interface_language": "en"}

    response = post(client, "accounts:person", typed, [ada.pk])

    assert response.status_code == 403
    assert "their own role" in text(response)
    assert User.objects.get(pk=ada.pk).role == Role.ADMINISTRATOR


def test_an_account_is_closed_and_opened_again_on_its_page(client, ada):
    sena = person(username="sena")

    post(client, "accounts:person_close", args=[sena.pk])
    closed = text(client.get(reverse("accounts:person", args=[sena.pk])))
    post(client, "accounts:person_open", args=[sena.pk])

    assert "cannot sign in" in closed
    assert User.objects.get(pk=sena.pk).is_active


def test_a_person_whose_account_is_closed_is_out_at_the_next_tap(client, ada):
    sena = person(username="sena")
    hers = type(client)()
    signed_in(hers, sena)

    post(client, "accounts:person_close", args=[sena.pk])

    assert hers.get(reverse("accounts:own_password")).status_code == 302


def test_closing_ones_own_account_is_refused_on_a_page_of_its_own(client, ada):
    response = post(client, "accounts:person_close", args=[ada.pk])

    assert response.status_code == 400
    assert "your own account" in text(response)


def test_an_overlapping_shift_keeps_what_was_typed(client, cora):
    sena = person(username="sena", teams=(team(),))
    hours = {"weekday": "2", "starts": "09:00", "ends": "12:00"}
    post(client, "accounts:shifts", hours, [sena.pk])

    response = post(client, "accounts:shifts", hours | {"starts": "11:15"}, [sena.pk])

    assert response.status_code == 409
    assert "already" in text(response)
    assert 'value="11:15"' in text(response)


def test_a_shift_is_removed_with_one_tap(client, cora):
    sena = person(username="sena", teams=(team(),))
    shift = Shift.objects.create(user=sena, weekday=0, starts="09:00", ends="12:00")

    post(client, "accounts:shift_remove", args=[sena.pk, shift.pk])

    assert not Shift.objects.exists()


def test_the_author_of_a_wording_sees_why_they_cannot_approve_it(client, cora):
    post(client, "consent:wording", {"text": TEXT}, ["recontact", "ti"])
    draft = Wording.objects.get()

    page = text(client.get(reverse("consent:wording", args=["recontact", "ti"])))
    refusal = post(client, "consent:approve", args=[draft.pk])

    assert "somebody else has to approve it" in page
    assert "somebody else has to approve it" in text(refusal)
    assert Wording.objects.get().approved_at is None


def test_words_too_few_to_explain_anything_are_not_drafted(client, cora):
    response = post(client, "consent:wording", {"text": "Call you?"}, ["recontact", "ti"])

    assert response.status_code == 400
    assert "too few" in text(response)
    assert "Call you?" in text(response)
    assert not Wording.objects.exists()


@pytest.mark.parametrize(("purpose", "language"), [("marketing", "ti"), ("recontact", "xx")])
def test_an_unknown_purpose_or_language_is_not_found(client, cora, purpose, language):
    response = client.get(reverse("consent:wording", args=[purpose, language]))

    assert response.status_code == 404
    assert "Choose one from the list" in text(response)


def test_a_wording_in_a_right_to_left_language_is_shown_and_typed_that_way(client, cora):
    wording(language="ar", text="نود الاتصال بك مرة أخرى. لك أن ترفض.")

    page = text(client.get(reverse("consent:wording", args=["recontact", "ar"])))

    assert '<p class="said script" lang="ar" dir="rtl">' in page
    assert re.search(r'<textarea[^>]*lang="ar" dir="rtl"', page)


def test_drafts_that_wait_for_the_reader_stand_above_the_matrix_and_their_own_do_not(client, cora):
    wording(Purpose.RECONTACT, "ti", is_approved=False)
    post(client, "consent:wording", {"text": TEXT}, [Purpose.INTERVIEW, "ti"])
    shown = text(client.get(reverse("consent:wordings"))).split("<table")[0]
    assert "Drafts that wait for you to read them" in shown
    assert reverse("consent:wording", args=["recontact", "ti"]) in shown
    assert reverse("consent:wording", args=["interview", "ti"]) not in shown


def test_the_matrix_shows_what_a_studys_languages_lack(client, cora, study):
    person(username="sena", teams=(team(),), languages=("ti",))
    wording(Purpose.INTERVIEW, "ti")
    wording(Purpose.KEEP_NUMBER, "ti", is_approved=False)

    matrix = text(client.get(reverse("consent:wordings") + "?language=ti"))
    page = text(client.get(reverse("tracker:study", args=[study.pk])))

    assert "approved, version 1" in matrix
    assert "draft waits" in matrix
    assert (matrix.count("missing"), matrix.count("none yet")) == (1, 7)
    assert reverse("consent:wording", args=["recontact", "ti"]) in page
    assert reverse("consent:wording", args=["keep_number", "ti"]) in page
    assert reverse("consent:wording", args=["interview", "ti"]) not in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "ly 1"}, "capital letters"),
        ({"teams": []}, "required"),
        ({"calling_until": "07:00"}, "end later"),
        ({"attempts_a_day": "9"}, "less than or equal to 2"),
        ({"consent_valid_days": "5000"}, "less than or equal to 730"),
        ({"survey_link": "javascript:alert(1)"}, "https://"),
        ({"kind": "weekly"}, "not one of the available choices"),
    ],
)
def test_a_bad_study_is_answered_with_a_sentence_and_what_was_typed_is_kept(client, cora, typed, sentence):
    response = post(client, "tracker:study_new", STUDY | {"teams": [team().pk]} | typed)

    assert response.status_code in (400, 409)
    assert sentence in text(response)
    assert 'value="Libya panel"' in text(response)
    assert not Study.objects.exists()


def test_a_coordinator_sees_the_studies_of_their_teams_and_no_other(client, cora, study):
    other = Study.objects.create(code="TN-1", title="Tunis panel", created_at=NOON)
    other.teams.set([team("TUN", "Tunis", "TN")])
    assert "LY-1" in text(client.get(reverse("tracker:studies")))
    assert "TN-1" not in text(client.get(reverse("tracker:studies")))
    for name in ("tracker:study", "tracker:study_change", "tracker:rounds", "followups:plan"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404


def test_a_coordinator_gives_a_study_to_their_own_teams_and_takes_it_from_nobody(client, cora, study):
    tunis, kufra = team("TUN", "Tunis", "TN"), team("KUF", "Kufra", "LY")
    study.teams.add(tunis)
    offered = client.get(reverse("tracker:study_change", args=[study.pk])).context["form"].fields["teams"]
    assert {one.code for one in offered.queryset} == {"TRIP", "TUN"}
    new = post(client, "tracker:study_new", STUDY | {"code": "LY-2", "teams": [str(kufra.pk)]})
    assert (
        "One of these cannot be chosen here." in text(new) and not Study.objects.filter(code="LY-2").exists()
    )


def test_an_administrator_sees_every_study_and_gives_it_to_any_team(client, ada, study):
    kufra = team("KUF", "Kufra", "LY")
    post(client, "tracker:study_new", STUDY | {"code": "LY-2", "teams": [str(kufra.pk)]})
    page = text(client.get(reverse("tracker:studies")))
    assert "LY-1" in page and "LY-2" in page


def test_a_coordinator_without_a_team_is_told_what_comes_first(client, db):
    signed_in(client, person(Role.COORDINATOR, "cleo"))
    assert "You are in no team yet" in text(client.get(reverse("tracker:study_new")))


@pytest.mark.parametrize("name", ["tracker:study_new", "accounts:person_new"])
def test_a_team_that_is_no_key_is_refused_in_words_a_person_understands(client, ada, name):
    team()
    shown = text(post(client, name, PERSON | STUDY | {"teams": ["nope"]}))
    assert "UUID" not in shown and "One of these cannot be chosen here." in shown


def test_a_study_is_changed_closed_and_opened_again(client, cora, study):
    post(client, "tracker:study_change", STUDY | {"teams": [team().pk], "title": "West"}, [study.pk])
    post(client, "tracker:study_close", args=[study.pk])
    closed = text(client.get(reverse("tracker:study", args=[study.pk])))
    post(client, "tracker:study_reopen", args=[study.pk])

    study.refresh_from_db()
    assert "nobody is called for it" in closed
    assert (study.title, study.closed_at) == ("West", None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"closes_on": "2026-03-01"}, "later day"),
        ({"opens_on": "1026-04-01"}, "year"),
        ({"opens_on": "soon"}, "valid date"),
        ({"number": "7"}, "one after the other"),
    ],
)
def test_a_bad_round_is_answered_with_a_sentence(client, cora, study, typed, sentence):
    dates = {"number": "1", "opens_on": "2026-04-01", "closes_on": "2026-05-01"}

    response = post(client, "tracker:rounds", dates | typed, [study.pk])

    assert response.status_code in (400, 409)
    assert sentence in text(response)
    assert not Round.objects.exists()


def test_a_study_without_a_plan_offers_the_one_of_the_method(client, cora, study):
    status = text(client.get(reverse("followups:plan_status", args=[study.pk])))
    form = text(client.get(reverse("followups:plan_edit", args=[study.pk])))

    assert "Make the plan" in status
    assert 'value="30, 60, 90"' in form


def test_a_changed_plan_is_a_new_version_and_both_can_be_read(client, cora, study):
    post(client, "followups:plan_edit", plan_data(), [study.pk])
    changed = plan_data() | {"replaces": "1", "arrived-interval_days": "45, 77"}
    post(client, "followups:plan_edit", changed, [study.pk])

    assert "45, 77" in text(client.get(reverse("followups:plan", args=[study.pk])))
    assert "45, 77" not in text(client.get(reverse("followups:plan_version", args=[study.pk, 1])))
    assert client.get(reverse("followups:plan_version", args=[study.pk, 3])).status_code == 404


def test_a_plan_that_would_call_into_danger_is_refused_with_a_sentence(client, cora, study):
    response = post(client, "followups:plan_edit", plan_data() | {"detained-outbound": "on"}, [study.pk])

    assert response.status_code == 400
    assert "Nobody is called at the stage" in text(response)
    assert not Plan.objects.exists()


def test_of_two_open_forms_of_one_plan_the_second_keeps_what_was_typed(client, cora, study):
    post(client, "followups:plan_edit", plan_data(), [study.pk])

    response = post(client, "followups:plan_edit", plan_data() | {"arrived-interval_days": "45"}, [study.pk])

    assert response.status_code == 409
    assert "another version" in text(response)
    assert 'value="45"' in text(response)
    assert Plan.objects.count() == 1


def grow_staff(number):
    person(username=f"one-{number}", teams=(team(), team(f"T{number}")), languages=("ti", "ar"))
    Shift.objects.create(
        user=User.objects.get(username=f"one-{number}"), weekday=0, starts="09:00", ends="12:00"
    )


def grow_teams(number):
    person(username=f"one-{number}", teams=(team(f"T{number}"),))


def grow_studies(number):
    Study.objects.create(code=f"S{number}", title="Panel", created_at=NOON).teams.set(
        [team(), team(f"T{number}")]
    )


def grow_wordings(number):
    wording(Purpose.RECONTACT, "ti", number + 1)


def grow_rounds(number):
    study = Study.objects.get(code="LY-1")
    Round.objects.create(study=study, number=number + 1, opens_on="2026-04-01", closes_on="2026-05-01")


def grow_shifts(number):
    sena = User.objects.get(username="sena")
    Shift.objects.create(user=sena, weekday=number % 7, starts=f"{number:02}:00", ends=f"{number:02}:30")


def grow_plans(number):
    Plan.objects.create(
        study=Study.objects.get(code="LY-1"),
        version=number + 1,
        made_at=NOON,
        made_by=person(Role.COORDINATOR),
    )


def queries_of(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    ("role", "name", "grow"),
    [
        (Role.ADMINISTRATOR, "accounts:staff", grow_staff),
        (Role.COORDINATOR, "accounts:staff", grow_staff),
        (Role.ADMINISTRATOR, "accounts:teams", grow_teams),
        (Role.COORDINATOR, "tracker:studies", grow_studies),
        (Role.COORDINATOR, "tracker:study", grow_staff),
        (Role.COORDINATOR, "tracker:rounds", grow_rounds),
        (Role.COORDINATOR, "consent:wordings", grow_wordings),
        (Role.COORDINATOR, "consent:wording", grow_wordings),
        (Role.COORDINATOR, "accounts:shifts", grow_shifts),
    ],
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    client, study, role, name, grow, django_assert_max_num_queries
):
    sena = person(username="sena", teams=(team(),))
    reader = person(role, "reader", teams=(team(),))
    arguments = {
        "accounts:shifts": [sena.pk],
        "consent:wording": ["recontact", "ti"],
        "tracker:study": [study.pk],
        "tracker:rounds": [study.pk],
    }
    page = reverse(name, args=arguments.get(name, []))
    signed_in(client, reader)
    for number in range(2):
        grow(number)
    few = queries_of(client, page, django_assert_max_num_queries)

    for number in range(2, 12):
        grow(number)

    assert queries_of(client, page, django_assert_max_num_queries) == few


def test_the_history_of_a_plan_takes_as_many_queries_for_many_versions(
    client, cora, study, django_assert_max_num_queries
):
    post(client, "followups:plan_edit", plan_data(), [study.pk])
    first = reverse("followups:plan_version", args=[study.pk, 1])
    few = queries_of(client, first, django_assert_max_num_queries)

    for number in range(1, 11):
        grow_plans(number)

    assert queries_of(client, first, django_assert_max_num_queries) == few


@pytest.mark.parametrize(
    "name", ["accounts:staff", "accounts:person_new", "tracker:studies", "tracker:study_new"]
)
def test_the_pages_turn_to_right_to_left_with_the_language_of_the_screens(client, ada, name):
    client.cookies["django_language"] = "ar"

    page = text(client.get(reverse(name)))

    translation.deactivate()
    assert 'dir="rtl"' in page
    assert "style=" not in page
