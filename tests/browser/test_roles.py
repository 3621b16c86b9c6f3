"""Every role walks through its pages in a real browser, on a phone and where it matters on a laptop."""

import re

import pytest

from accounts.permissions import Role
from consent.models import Wording
from orientation.models import OrientationRequest
from tests.browser.reader import LAPTOP
from tests.factories import SYNTHETIC_NUMBER
from tracker.models import Respondent
from tracker.models.respondents import Status

pytestmark = pytest.mark.browser


def pages_of(person):
    """The addresses under one person that field staff use."""
    under, point = f"/people/{person.pk}/", person.contact_points.get()
    return {
        "person": under,
        "move": f"{under}move/",
        "number": f"{under}number/",
        "safe": f"{under}numbers/{point.pk}/safe/",
        "aside": f"{under}numbers/{point.pk}/aside/",
        "withdraw": f"{under}withdraw/",
        "requests": f"/orientation/of/{person.pk}/",
        "ask-partner": f"/orientation/of/{person.pk}/ask/",
    }


def test_an_enumerator_enrols_somebody_and_records_a_stop(panel, desk, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    reader.walk("enumerator", {"people": "/people/", "password": "/password/", **pages_of(panel.people[0])})

    page.goto("/people/enrol/")
    reader.look("enumerator-enrol-start")
    page.select_option("[name=study]", str(panel.study.pk))
    page.select_option("[name=team]", label=str(panel.study.teams.get()))
    page.select_option("select[name=language]", "en")
    page.click("text=Go on")
    reader.look("enumerator-enrol")
    for purpose in ("interview", "keep_number", "recontact"):
        page.check(f"[name=answer_{purpose}][value=granted]")
    page.select_option("[name=stage]", "in_transit")
    page.select_option("[name=country]", "TN")
    page.fill("[name=number1-raw]", "12")
    page.click("button:has-text('Enrol')")
    reader.look("enumerator-enrol-impossible")
    assert "too few digits" in page.inner_text("main")
    page.fill("[name=number1-raw]", "+44 7700 900955")
    page.fill("[name=number1-safe_from]", "12:00")
    page.fill("[name=number1-safe_until]", "16:30")
    page.click("button:has-text('Enrol')")
    reader.look("enumerator-enrolled")

    code = page.inner_text("h1").strip()
    assert f"{code} is enrolled" in page.inner_text(".toasts")
    assert "900955" not in page.content()

    page.goto("/people/stop/")
    reader.look("enumerator-stop")
    page.fill("[name=said]", code)
    page.click("text=Record the stop")
    reader.look("enumerator-stopped")

    assert Respondent.objects.get(code=code.replace("-", "")).status == Status.STOPPED
    reader.walk_otherwise(
        "enumerator",
        {"person": f"/people/{panel.people[0].pk}/", "today": "/calls/", "stop": "/people/stop/"},
    )
    assert reader.faults == []


def test_a_coordinator_drafts_words_and_a_data_protection_officer_approves_them(panel, desk, reader, another):
    page = reader.page
    reader.sign_in(panel.coordinator)
    page.goto("/wordings/recontact/ar/")
    page.fill("[name=text]", "هل يمكننا أن نتصل بك مرة أخرى؟ يمكنك أن تقول لا.")
    page.click("text=Save the draft")
    reader.look("coordinator-drafted")
    assert "You wrote this, so somebody else has to approve it." in page.inner_text("main")

    officer = another()
    officer.sign_in(panel.dpo)
    officer.page.goto("/wordings/recontact/ar/")
    officer.look("dpo-wording")
    officer.page.click("text=I have read it: approve")
    assert "Approved by" in officer.page.inner_text("main")
    assert Wording.objects.in_use("recontact", "ar").approved_by == panel.dpo

    addresses = {
        "trail": "/reports/trail",
        "person": f"/people/{panel.people[0].pk}/",
        "board": "/reports/board",
        "people": "/people/",
        "wordings": "/wordings/",
        "stop": "/people/stop/",
        "withdraw": f"/people/{panel.people[0].pk}/withdraw/",
    }
    officer.walk("dpo", addresses, also=LAPTOP)
    officer.walk_otherwise("dpo", addresses)
    assert reader.faults + officer.faults == []


def test_a_coordinator_walks_through_board_people_studies_and_partners(panel, desk, reader):
    reader.sign_in(panel.coordinator)
    study, person = panel.study.pk, panel.people[0]
    addresses = {
        "board": "/reports/board",
        "person": f"/people/{person.pk}/",
        "owed": "/reports/owed",
        "people": "/people/",
        "import": "/people/import/",
        "withdraw": f"/people/{person.pk}/withdraw/",
        "studies": "/studies/",
        "study": f"/studies/{study}/",
        "study-change": f"/studies/{study}/change/",
        "plan": f"/calls/plans/{study}/",
        "plan-change": f"/calls/plans/{study}/edit/",
        "wordings": "/wordings/",
        "wording": "/wordings/recontact/en/",
        "partners": "/orientation/partners/",
        "partner": f"/orientation/partners/{desk.partner.pk}/",
        "partner-change": f"/orientation/partners/{desk.partner.pk}/change/",
        "service-new": f"/orientation/partners/{desk.partner.pk}/services/new/",
        "staff": "/staff/",
        "shifts": f"/staff/{panel.enumerator.pk}/shifts/",
    }
    reader.walk("coordinator", addresses, also=LAPTOP)
    reader.walk_otherwise("coordinator", addresses)
    assert reader.faults == []


def test_an_administrator_makes_an_account_and_never_meets_a_respondent(panel, reader):
    page = reader.page
    reader.sign_in(panel.administrator)
    addresses = {
        "staff": "/staff/",
        "person-new": "/staff/new/",
        "person": f"/staff/{panel.enumerator.pk}/",
        "shifts": f"/staff/{panel.enumerator.pk}/shifts/",
        "teams": "/teams/",
        "team-new": "/teams/new/",
        "studies": "/studies/",
        "study-new": "/studies/new/",
        "partners": "/orientation/partners/",
    }
    reader.walk("administrator", addresses, also=LAPTOP)
    reader.walk_otherwise("administrator", addresses)

    page.goto("/staff/new/")
    page.fill("[name=username]", "selam")
    page.fill("[name=display_name]", "Selam")
    page.select_option("[name=role]", Role.ENUMERATOR)
    page.check("[name=languages][value=ti]")
    page.fill("[name=time_zone]", "Africa/Tunis")
    page.click("text=Open the account")
    reader.look("administrator-first-password")
    assert len(page.inner_text(".first-password")) >= 15
    assert page.goto("/people/").status == 403
    reader.look("administrator-not-theirs")
    assert reader.faults == []


def test_a_focal_point_reads_a_request_and_says_that_it_came(panel, desk, reader):
    page = reader.page
    reader.sign_in(desk.focal_point)
    reader.look("focal-point-inbox")
    page.click(f"text={desk.waiting.spoken_reference}")
    reader.look("focal-point-letter")
    text = page.inner_text("article")
    assert "legal advice" in text
    assert panel.people[0].spoken_code not in page.content()
    assert not re.search(r"\+\d{8,}", page.content())

    page.click("text=I have received it")
    reader.look("focal-point-received")
    assert OrientationRequest.objects.get().state == "acknowledged"
    reader.walk_otherwise(
        "focal-point", {"letter": f"/orientation/requests/{desk.waiting.pk}/", "inbox": "/orientation/"}
    )
    page.goto(f"/orientation/requests/{desk.waiting.pk}/")
    page.click("text=Show the number")
    reader.look("focal-point-number")
    assert re.search(SYNTHETIC_NUMBER, page.inner_text(".number"))
    page.click("text=Hide it now")
    page.click("text=We have acted")
    page.select_option("[name=outcome]", "helped")
    page.click("text=Close the request")
    reader.look("focal-point-closed")
    assert "Nothing waits for you." in page.inner_text("main")
    assert reader.faults == []
