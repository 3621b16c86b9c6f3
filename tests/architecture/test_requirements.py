"""Requirements on what is held and on what can leave, asked of the code itself."""

import pytest
from django.apps import apps
from django.conf import settings

from accounts.models import User
from kernel import borrowed, holdings
from kernel.holdings import FORBIDDEN_NAME, SENSITIVITY, DataClass, Retention, Sensitivity, fields_of
from tests.architecture import requirements
from tests.architecture.rules import first_party, source
from tests.factories import NOW, make_respondent, make_study, make_team, make_user
from tracker.models import Respondent

FACTS = {"language": "en", "country": "TN", "numbers": ("+441632960555",), "ask_for": "Sparrow"}


# --- H2: the fewest fields --------------------------------------------------------------------------------------------


def test_no_table_has_a_field_for_a_name_a_place_a_document_or_a_birthday():
    models = [*holdings.first_party_models(), *borrowed.borrowed_models()]
    forbidden = [
        f"{model._meta.label}.{field.name}"
        for model in models
        for field in fields_of(model)
        if FORBIDDEN_NAME.search(field.name) and field.name not in ("ip_address", "email_address")
    ]

    assert forbidden == []


@pytest.mark.parametrize(
    "name", ["first_name", "home_address", "gps_point", "passport_no", "birth_date", "latitude"]
)
def test_such_a_name_is_recognised(name):
    assert FORBIDDEN_NAME.search(name)


def test_whatever_may_be_written_about_a_person_in_words_is_sealed_and_short():
    texts = dict(requirements.texts_about_people())

    assert "tracker.ContactPoint.cover_words" in texts
    assert [name for name, field in texts.items() if requirements.tells_a_story(field)] == []


# --- H10: a pseudonym is derived from nothing -------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_facts_twice_make_two_people_who_share_neither_code_nor_id():
    team = make_team()
    study = make_study(team=team)
    by = make_user(team=team)

    one, other = (make_respondent(study=study, team=team, by=by, now=NOW, **FACTS) for _n in range(2))

    assert one.code != other.code
    assert one.pk.bytes[:4] != other.pk.bytes[:4]
    assert (one.pk.version, one.audit_ref.version) == (4, 4)
    assert one.audit_ref not in (one.pk, other.audit_ref)


def test_codes_and_ids_are_drawn_by_the_generator_for_secrets():
    assert requirements.random_sources("tracker/spoken_codes.py") == {"secrets"}
    assert "random" not in requirements.random_sources("tracker/registering.py")


def test_the_link_between_a_person_and_their_key_crosses_two_databases_without_a_foreign_key():
    for model in apps.get_app_config("vault").get_models():
        assert not [field.name for field in model._meta.local_fields if field.is_relation]
        assert not [
            field.name
            for field in model._meta.local_fields
            if field.max_length == 8 and field.name.endswith("code")
        ]
    assert settings.DATABASES["vault"]["NAME"] != settings.DATABASES["default"]["NAME"]


# --- H17: every field has a level -------------------------------------------------------------------------------------


def test_each_class_has_a_level_and_what_identifies_the_highest():
    assert set(SENSITIVITY) == set(DataClass)
    assert SENSITIVITY[DataClass.IDENTIFYING] is Sensitivity.SEVERE


def test_every_identifying_field_of_a_respondent_is_sealed():
    from vault.fields import SealedField

    of_people = dict(requirements.texts_about_people())
    unsealed = [
        name
        for name, field in of_people.items()
        if field.holding[0] is DataClass.IDENTIFYING and not isinstance(field, SealedField)
    ]

    assert unsealed == []


# --- H23: nothing says whether a number is in the panel ---------------------------------------------------------------


def test_the_phone_index_is_asked_in_named_files_only():
    assert [problem for file in first_party() for problem in requirements.looking_numbers_up(file)] == []


@pytest.mark.parametrize(
    "text", ["from vault import lines", "from vault.lines import held_by", "import vault.matching"]
)
def test_a_page_that_would_ask_the_phone_index_is_caught(text):
    assert list(requirements.looking_numbers_up(source("reports/views.py", text)))


# --- H24: nothing goes to other machines ------------------------------------------------------------------------------


def test_no_file_opens_a_connection_but_those_named_with_a_reason():
    assert [problem for file in first_party() for problem in requirements.connecting(file)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import socket",
        "from urllib import request",
        "import urllib.request",
        "from http.client import HTTPSConnection",
        "def f():\n    import requests",
        "from django.core.mail import send_mail",
        "from twilio.rest import Client",
    ],
)
def test_a_file_that_would_open_one_is_caught(text):
    assert list(requirements.connecting(source("reports/views.py", text)))


def test_each_named_file_is_there():
    named = (*requirements.MAY_CONNECT, *requirements.LOOKS_NUMBERS_UP)

    assert [path for path in named if not (requirements.ROOT / path).exists()] == []


# --- H25: staff ---------------------------------------------------------------------------------------------------


def test_neither_a_phone_number_nor_an_e_mail_address_of_staff_is_held():
    held = {
        field.name for model in apps.get_app_config("accounts").get_models() for field in fields_of(model)
    }

    assert [name for name in held if any(part in name for part in ("phone", "mobile", "email", "mail"))] == []
    assert not hasattr(User, "EMAIL_FIELD") or User.EMAIL_FIELD not in held


def test_everything_held_of_staff_goes_with_them_or_with_the_trail():
    goes = {field.holding[2] for field in fields_of(User)}

    assert goes == {Retention.STAFF}
    assert Respondent._meta.get_field("usual_enumerator").holding[2] is Retention.PANEL


@pytest.mark.django_db
def test_no_e_mail_address_comes_into_the_tables_of_the_sign_in_library():
    make_user(team=make_team())

    assert apps.get_model("account", "EmailAddress").objects.count() == 0
