"""The second factor in a real browser, under the policy the pages are served with: an app, a passkey, a lost phone."""

from typing import Any

import pytest

from accounts import factors
from accounts.models import User
from accounts.permissions import Role
from tests import factories
from tests.accounts.codes import code_of
from tests.browser.reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(transactional_db: None) -> User:
    return factories.make_user(Role.COORDINATOR, team=factories.make_team(), username="kim")


def with_finger(reader: Reader) -> tuple[Any, str]:
    """A phone that knows its owner's finger, as Chromium pretends to have one."""
    phone = reader.page.context.new_cdp_session(reader.page)
    phone.send("WebAuthn.enable")
    asked = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return phone, phone.send("WebAuthn.addVirtualAuthenticator", {"options": asked})["authenticatorId"]


def set_up_app(reader: Reader) -> tuple[str, list[str]]:
    """Through the page, as a person would; gives the seed and the recovery codes."""
    page = reader.page
    reader.press("Use an app for codes")
    reader.look("factor-app")
    seed = page.inner_text(".first-password").replace(" ", "")
    page.fill("[name=code]", code_of(seed, steps=-1))
    reader.press("Keep this app")
    reader.look("recovery-codes")
    return seed, page.locator(".recovery-codes .code").all_inner_texts()


def add_passkey(reader: Reader, name: str) -> None:
    reader.page.fill("[name=name]", name)
    with reader.page.expect_navigation():
        reader.page.click("[data-passkey-ask]")


def sign_out(reader: Reader) -> None:
    reader.page.locator(".bar-end .bar-menu summary").last.click()
    reader.go("form[action='/sign-out/'] button")


def is_signed_in(reader: Reader) -> bool:
    return bool(reader.page.goto("/people/").status == 200 and "/sign-in" not in reader.page.url)


def test_the_first_sign_in_leads_to_an_app_and_the_next_asks_for_its_code(reader, person):
    reader.page.goto("/sign-in/")
    reader.look("sign-in")
    reader.sign_in(person)
    assert reader.page.url.endswith("/second-factors/first/")
    reader.look_twice("factor-first")
    seed, codes = set_up_app(reader)
    assert len(codes) == 10
    reader.press("I have written them down")
    sign_out(reader)

    reader.sign_in(person)
    reader.look_twice("second-factor")
    reader.page.fill("[name=code]", code_of(seed))
    reader.press("Go on")

    assert is_signed_in(reader)
    assert reader.faults == []


def test_the_square_holds_what_the_key_says(reader, person):
    reader.sign_in(person)
    reader.press("Use an app for codes")

    side = reader.page.evaluate("document.querySelector('.square-code').getBoundingClientRect().width")
    dark = reader.page.evaluate("getComputedStyle(document.querySelector('.square-code path')).fill")
    light = reader.page.evaluate("getComputedStyle(document.querySelector('.square-code rect')).fill")

    assert side >= 200
    assert (dark, light) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


def test_a_lost_phone_is_replaced_by_a_recovery_code(reader, person):
    reader.sign_in(person)
    _seed, codes = set_up_app(reader)
    reader.press("I have written them down")
    sign_out(reader)

    reader.sign_in(person)
    reader.page.fill("[name=code]", codes[0])
    reader.press("Go on")

    assert is_signed_in(reader)
    reader.page.goto("/second-factors/")
    assert "9 codes are left" in reader.page.inner_text("main")
    reader.look_twice("factors")
    assert reader.faults == []


def test_a_passkey_is_added_and_then_signs_in_after_the_password_and_alone(reader, person):
    _phone, _id = with_finger(reader)
    reader.sign_in(person)
    reader.press("Use a passkey")
    reader.look("factor-passkey")
    add_passkey(reader, "My phone")
    assert reader.page.locator(".recovery-codes li").count() == 10
    reader.press("I have written them down")
    sign_out(reader)

    reader.sign_in(person)
    reader.look("second-factor-passkey")
    with reader.page.expect_navigation():
        reader.page.click("[data-passkey-ask]")
    assert is_signed_in(reader)
    sign_out(reader)

    with reader.page.expect_navigation():
        reader.page.click("[data-passkey-ask]")
    assert is_signed_in(reader)
    assert [passkey.wrap().name for passkey in factors.factors_of(person).passkeys] == ["My phone"]
    assert reader.faults == []


def test_a_passkey_works_while_the_vault_is_locked(reader, person, vault_locked):
    with_finger(reader)
    reader.sign_in(person)
    reader.press("Use a passkey")
    add_passkey(reader, "")
    sign_out(reader)
    vault_locked()

    with reader.page.expect_navigation():
        reader.page.click("[data-passkey-ask]")

    assert is_signed_in(reader)


def test_without_the_finger_the_passkey_is_refused_with_a_sentence(reader, person):
    phone, authenticator = with_finger(reader)
    reader.sign_in(person)
    reader.press("Use a passkey")
    add_passkey(reader, "My phone")
    sign_out(reader)
    phone.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})

    reader.page.click("[data-passkey-ask]")

    refused = reader.page.locator("[data-passkey-refused]")
    refused.wait_for(state="visible", timeout=60_000)
    assert "sign in with your password" in refused.inner_text()


def test_the_pages_read_from_right_to_left_and_in_the_dark(reader, person):
    reader.page.emulate_media(color_scheme="dark")
    reader.sign_in(person)
    reader.read_in("ar")
    for name in ("first", "app", "passkey"):
        reader.page.goto(f"/second-factors/{name}/")
        assert reader.page.get_attribute("html", "dir") == "rtl"
        reader.look(f"factor-{name}-rtl-dark")

    assert reader.faults == []


def test_where_one_is_signed_in_is_listed_and_ended(reader, another, person):
    reader.sign_in(person)
    seed, _codes = set_up_app(reader)
    other = another()
    other.sign_in(person)
    other.page.fill("[name=code]", code_of(seed))
    other.press("Go on")
    other.page.goto("/sessions/")
    other.look_twice("sessions")

    other.press("Sign out everywhere else")

    assert is_signed_in(other)
    assert not is_signed_in(reader)
    assert "from another browser" in reader.page.inner_text("main")
    assert other.faults == []
