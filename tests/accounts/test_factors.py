"""Second factors: nobody works without one, nothing of theirs lies open, and each code works once."""

import json
from types import SimpleNamespace

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from accounts import factor_changes, factors, passkeys
from accounts.models import User
from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework import upkeep
from kernel.errors import DomainError, Forbidden
from tests.accounts.codes import PASSWORD, code_of, send_code, send_password, set_up_app, with_password
from tests.accounts.people import NOON, administrator, person
from tests.signing_in import signed_in
from vault.errors import VaultError
from vault.models import SubjectKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_counts")]
FIRST = reverse("accounts:factor_setup")


@pytest.fixture
def seed(client, sena):
    """Sena has set up an app, and has left."""
    send_password(client, sena)
    made, _codes = set_up_app(client)
    client.post(reverse("accounts:sign_out"))
    return made


@pytest.fixture
def codes(client, sena):
    send_password(client, sena)
    _seed, made = set_up_app(client)
    client.post(reverse("accounts:sign_out"))
    return made


def again(somebody):
    """As they are now: a factor set up has raised the count of their sessions."""
    return User.objects.get(pk=somebody.pk)


# --- Nobody works without one -----------------------------------------------------------------------------------------


def test_somebody_without_a_factor_reaches_nothing_but_setting_one_up(client, sena):
    assert send_password(client, sena)["Location"] == "/"

    for address in (
        "/",
        reverse("followups:today"),
        reverse("accounts:sessions"),
        reverse("accounts:factors"),
    ):
        assert client.get(address)["Location"] == FIRST
    assert client.post(reverse("casework:stop"), {"number": "x"})["Location"] == FIRST
    assert client.get(FIRST).status_code == 200


def test_setting_up_an_app_opens_everything_and_shows_recovery_codes_once(client, sena):
    send_password(client, sena)

    _seed, codes = set_up_app(client)

    assert len(set(codes)) == 10
    assert client.get(reverse("followups:today")).status_code == 200
    page = client.get(reverse("accounts:factors")).content.decode()
    assert not any(code in page for code in codes)
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {Action.FACTOR_ADDED, Action.RECOVERY_CODES_MADE} <= actions


def test_a_wrong_first_code_keeps_nothing_and_shows_the_same_square_again(client, sena):
    send_password(client, sena)
    seed = client.get(reverse("accounts:factor_app")).context["setup"].secret

    response = client.post(reverse("accounts:factor_app"), {"code": "000000"})

    assert response.status_code == 400
    assert response.context["setup"].secret == seed
    assert not Authenticator.objects.exists()


def test_the_demo_alone_is_entered_with_a_password(client, sena, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    send_password(client, sena)

    assert client.get(reverse("followups:today")).status_code == 200


def test_who_has_a_factor_is_asked_for_it_and_is_nobody_until_then(client, sena, seed):
    response = send_password(client, sena, next="/people/")

    assert response["Location"] == reverse("accounts:second_factor")
    assert client.get("/people/")["Location"].startswith(reverse("accounts:sign_in"))
    assert send_code(client, code_of(seed))["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_the_page_of_the_second_step_leads_back_to_whoever_took_no_first_one(client):
    assert client.get(reverse("accounts:second_factor"))["Location"] == reverse("accounts:sign_in")
    assert send_code(client, "123456")["Location"] == reverse("accounts:sign_in")


def test_a_password_changed_between_the_two_steps_ends_the_first(client, sena, seed):
    send_password(client, sena)
    with_password(User.objects.get(pk=sena.pk), "another-four-plain-words")

    assert send_code(client, code_of(seed))["Location"] == reverse("accounts:sign_in")


def test_the_first_step_is_good_for_ten_minutes(client, sena, seed):
    send_password(client, sena)
    session = client.session
    session["half_way"] = session["half_way"] | {"at": session["half_way"]["at"] - 601}
    session.save()

    assert send_code(client, code_of(seed))["Location"] == reverse("accounts:sign_in")


def test_between_the_steps_the_session_holds_neither_password_nor_username(client, sena, seed):
    send_password(client, sena)

    held = json.dumps([session.get_decoded() for session in Session.objects.all()])

    for told in (PASSWORD, "sena", seed):
        assert told not in held
    assert str(sena.pk) in held


def test_while_an_app_is_set_up_its_seed_is_in_no_session(client, sena):
    send_password(client, sena)
    seed = client.get(reverse("accounts:factor_app")).context["setup"].secret

    held = json.dumps([session.get_decoded() for session in Session.objects.all()])

    assert "second_factor_setup" in held
    assert seed not in held


# --- Each code works once ---------------------------------------------------------------------------------------------


def test_a_code_that_was_used_is_refused_to_the_next_who_types_it(client, sena, seed):
    code = code_of(seed)
    send_password(client, sena)
    send_code(client, code)
    other = type(client)()
    send_password(other, sena)

    assert send_code(other, code).status_code == 400


def test_the_code_that_set_the_app_up_does_not_sign_in(client, sena):
    send_password(client, sena)
    seed = client.get(reverse("accounts:factor_app")).context["setup"].secret
    code = code_of(seed)
    client.post(reverse("accounts:factor_app"), {"code": code})
    client.post(reverse("accounts:sign_out"))
    send_password(client, sena)

    assert send_code(client, code).status_code == 400


def test_clearing_the_cache_gives_no_used_code_back(client, sena, seed):
    code = code_of(seed)
    send_password(client, sena)
    send_code(client, code)
    client.post(reverse("accounts:sign_out"))
    cache.clear()
    send_password(client, sena)

    assert send_code(client, code).status_code == 400


def test_an_earlier_code_is_refused_after_a_later_one(client, sena, seed):
    send_password(client, sena)
    send_code(client, code_of(seed, steps=1))
    client.post(reverse("accounts:sign_out"))
    send_password(client, sena)

    assert send_code(client, code_of(seed)).status_code == 400


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_refused(client, sena, seed, steps):
    send_password(client, sena)

    assert send_code(client, code_of(seed, steps=steps)).status_code == 400


def test_a_code_may_be_typed_in_arabic_digits_and_with_a_space(client, sena, seed):
    code = code_of(seed).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    send_password(client, sena)

    assert send_code(client, f"{code[:3]} {code[3:]}").status_code == 302


def test_five_wrong_codes_have_to_wait_and_the_right_one_too(client, sena, seed):
    send_password(client, sena)
    for _n in range(5):
        send_code(client, "000000")

    assert send_code(client, code_of(seed)).status_code == 400
    assert AuditEvent.objects.filter(action=Action.SIGN_IN_REFUSED).first().detail["why"] == "too_many_tries"


def test_a_recovery_code_signs_in_once_and_leaves_a_trace(client, sena, codes):
    send_password(client, sena)
    assert send_code(client, codes[3]).status_code == 302
    client.post(reverse("accounts:sign_out"))
    send_password(client, sena)

    assert send_code(client, codes[3]).status_code == 400
    assert send_code(client, codes[4]).status_code == 302
    assert AuditEvent.objects.filter(action=Action.RECOVERY_CODE_USED).count() == 2


# --- Nothing of theirs lies open --------------------------------------------------------------------------------------


def test_a_stolen_main_database_holds_no_seed_and_no_recovery_code(client, sena):
    send_password(client, sena)
    seed, codes = set_up_app(client)

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert seed not in stored
    assert not any(code in stored for code in codes)
    # "R" and the first byte of the version, in base64: a token of the vault.
    assert all("UgE" in str(data) for data in Authenticator.objects.values_list("data", flat=True))


def test_a_seed_moved_to_somebody_elses_row_signs_nobody_in(client, sena, seed):
    mallory = with_password(person(Role.COORDINATOR, "mallory"))
    stolen = Authenticator.objects.get(user=sena, type=factors.APP).data
    Authenticator.objects.create(user=mallory, type=factors.APP, data=stolen)
    send_password(client, mallory)

    with pytest.raises(VaultError):
        factors_asked(mallory, code_of(seed))

    assert send_code(client, code_of(seed)).status_code in {400, 410, 503}
    assert "_auth_user_id" not in client.session


def factors_asked(somebody, code):
    request = RequestFactory().get("/")
    with request_context(request):
        factors.kind_of_code(request=request, person=somebody, code=code)


def test_a_seed_written_in_clear_into_the_row_signs_nobody_in(client, sena, seed):
    Authenticator.objects.filter(user=sena, type=factors.APP).update(data={"secret": "JBSWY3DPEHPK3PXP"})
    send_password(client, sena)

    assert send_code(client, code_of("JBSWY3DPEHPK3PXP")).status_code in {400, 503}
    assert "_auth_user_id" not in client.session


def test_every_opening_of_a_seed_is_in_the_trail_without_a_respondent(client, sena, seed):
    before = AuditEvent.objects.filter(action=Action.SECRET_OPENED).count()
    send_password(client, sena)
    send_code(client, code_of(seed))

    event = AuditEvent.objects.filter(action=Action.SECRET_OPENED).first()
    assert AuditEvent.objects.filter(action=Action.SECRET_OPENED).count() == before + 1
    assert (event.actor_id, event.object_id, event.audit_ref) == (sena.pk, sena.pk, None)


def test_the_sweep_of_keys_without_a_row_leaves_those_of_staff_alone(client, sena, seed):
    assert SubjectKey.objects.filter(subject=sena.pk).exists()

    assert upkeep._known([sena.pk]) == {sena.pk}


def test_with_the_vault_locked_codes_are_refused_with_a_sentence_and_passkeys_are_offered(
    client, sena, seed, vault_locked
):
    Authenticator.objects.create(user=sena, type=factors.PASSKEY, data={"name": "Phone"})
    request = SimpleNamespace(session={})
    vault_locked()

    with request_context(request), pytest.raises(DomainError) as refusal:
        factors.kind_of_code(request=request, person=sena, code=code_of(seed))

    assert (refusal.value.code, refusal.value.status) == ("codes_locked", 503)
    assert "Sign in with a passkey" in refusal.value.next_step


def test_with_the_vault_locked_nobody_without_a_passkey_is_sent_to_look_for_one(
    client, sena, seed, vault_locked
):
    send_password(client, sena)
    vault_locked()

    response = send_code(client, code_of(seed))

    assert response.status_code == 503
    assert "passkey" not in response.content.decode()
    assert "Ask your administrator to unlock the vault." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_with_the_vault_locked_a_session_that_stands_can_record_a_stop(client, sena, vault_locked):
    signed_in(client, again(sena))
    vault_locked()

    assert client.get(reverse("casework:stop")).status_code == 200


# --- Taking away ------------------------------------------------------------------------------------------------------


def test_the_last_factor_cannot_be_removed(client, sena, seed):
    signed_in(client, again(sena))
    app = factors.factors_of(sena).app

    response = client.post(reverse("accounts:factor_remove", args=[app.pk]))

    assert response.status_code == 400
    assert factors.has_factor(sena)


def test_nobody_removes_a_factor_of_somebody_else(client, sena, seed):
    app = factors.factors_of(sena).app
    signed_in(client, person(Role.ENUMERATOR, "other"))

    assert client.post(reverse("accounts:factor_remove", args=[app.pk])).status_code == 404


@pytest.mark.parametrize("name", ["accounts:factor_app", "accounts:factor_passkey", "accounts:codes_new"])
def test_changing_factors_takes_a_fresh_one(client, sena, seed, name):
    signed_in(client, again(sena), factor_seconds_ago=121)

    response = client.post(reverse(name), {"code": "000000", "credential": "{}", "name": "x"})

    assert response.status_code == 401
    assert not AuditEvent.objects.filter(action=Action.FACTOR_REMOVED).exists()


def test_new_recovery_codes_replace_the_old_ones(client, sena, codes):
    signed_in(client, again(sena))

    made = client.post(reverse("accounts:codes_new")).context["codes"]

    assert len(made) == 10
    assert set(made) & set(codes) == set()


def test_an_administrator_removes_the_factors_of_somebody_who_lost_them(client, sena, seed):
    signed_in(client, administrator())

    client.post(reverse("accounts:person_factors_reset", args=[sena.pk]))

    assert not Authenticator.objects.filter(user=sena).exists()
    assert AuditEvent.objects.filter(action=Action.FACTORS_RESET, object_id=sena.pk).exists()
    hers = type(client)()
    send_password(hers, sena)
    assert hers.get("/")["Location"] == FIRST


def test_a_new_first_password_leaves_the_second_factor_in_place(client, sena, seed):
    signed_in(client, administrator())

    client.post(reverse("accounts:person_password", args=[sena.pk]))

    assert factors.has_factor(sena)
    assert User.objects.get(pk=sena.pk).must_change_password


def test_an_administrator_cannot_choose_somebodys_password(client, sena):
    signed_in(client, administrator())
    chosen = "chosen by somebody else"

    client.post(
        reverse("accounts:person_password", args=[sena.pk]),
        {"password": chosen, "new": chosen, "password1": chosen, "must_change_password": ""},
    )

    kept = User.objects.get(pk=sena.pk)
    assert not kept.check_password(chosen)
    assert kept.must_change_password


def test_an_administrator_does_not_reset_their_own_factors():
    ada = administrator()

    with pytest.raises(Forbidden):
        factor_changes.reset(person=ada, by=ada, now=NOON)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_resets_factors(sena, role):
    with pytest.raises(Forbidden):
        factor_changes.reset(person=sena, by=person(role, "mallory"), now=NOON)


# --- Passkeys: what is not one ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"id": "x"}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30", '
        '"authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA"}}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "!", '
        '"attestationObject": "AAAA"}}',
        '{"response": 5}',
        "[" * 19_000,
        '{"response": ' * 3_000,
    ],
)
def test_nothing_that_is_no_passkey_signs_in_or_breaks_a_page(client, sena, seed, credential):
    client.get(reverse("accounts:passkey"))
    alone = client.post(reverse("accounts:passkey"), {"credential": credential})
    send_password(client, sena)
    second = client.post(reverse("accounts:second_factor"), {"credential": credential})
    signed_in(client, again(sena))
    added = client.post(reverse("accounts:factor_passkey"), {"credential": credential, "name": "x"})

    assert (alone.status_code, second.status_code, added.status_code) == (302, 400, 400)
    assert not factors.factors_of(sena).passkeys


def test_a_passkey_answer_is_asked_for_once(client, sena, rf):
    client.get(reverse("accounts:passkey"))
    assert "mfa.webauthn.state" in client.session

    client.post(reverse("accounts:passkey"), {"credential": '{"id": "x"}'})

    assert "mfa.webauthn.state" not in client.session


def test_a_refused_passkey_is_one_refusal(client, rf):
    request = rf.get("/")
    request.session = client.session
    with request_context(request), pytest.raises(DomainError) as refused:
        passkeys.shown_by(None, {"response": {"userHandle": 7}})

    assert refused.value.code == "passkey_refused"


def test_the_row_of_a_factor_belongs_to_one_person_and_kind(sena):
    assert "unique_authenticator_type" in connection.introspection.get_constraints(
        connection.cursor(), Authenticator._meta.db_table
    )
