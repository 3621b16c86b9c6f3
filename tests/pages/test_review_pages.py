"""The officer's pages: a week of looks, the canaries, a part of the trail as a file, the words of the day."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest

from accounts.permissions import Role
from audit import anchors, canaries, digests, sealing, trail
from audit.actions import Action
from audit.models import AuditEvent, Canary, Review
from kernel import clock
from reports import exporting
from tests.audit.making import mac
from tests.reports.rows import DAY, NOW, people, staff, team
from tests.signing_in import signed_in
from tracker.models import Respondent

pytestmark = pytest.mark.django_db
REVIEW, CANARIES, TRAIL, EXPORT = (
    "/reports/review",
    "/reports/canaries",
    "/reports/trail",
    "/reports/trail/export",
)
THIS_WEEK = "2026-03-09"


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def officer():
    return staff(Role.DPO, username="officer")


@pytest.fixture
def amina():
    return staff(Role.ENUMERATOR, username="amina", teams=[team()])


@pytest.fixture
def as_officer(client, officer):
    return signed_in(client, officer)


def text_of(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def told(page):
    """The lines of the table of people: their cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", page[page.index("<tbody>") : page.index("</tbody>")], re.S)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]


# --- Doors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DPO])
@pytest.mark.parametrize(("method", "address"), [("get", REVIEW), ("post", CANARIES), ("post", EXPORT)])
def test_these_pages_are_the_officers_alone(client, role, method, address):
    signed_in(client, staff(role, teams=[team()]))
    assert getattr(client, method)(address).status_code == 403


def test_the_trail_is_not_taken_out_by_a_link(as_officer):
    assert as_officer.get(EXPORT).status_code == 405


# --- The review of a week --------------------------------------------------------------------------


def test_a_week_tells_each_person_with_what_stands_out(as_officer, amina):
    person = people(1)[0].respondent
    night = NOW.replace(hour=2)
    trail.record(Action.RESPONDENT_VIEWED, by=amina, at=night, audit_ref=person.audit_ref)
    trail.record(
        Action.CANARY_TOUCHED, by=amina, at=NOW, detail={"on": "2026-03-10", "action": "followups.claimed"}
    )
    trail.record(Action.RESPONDENT_VIEWED, by=amina, at=NOW - 7 * DAY)
    page = text_of(as_officer.get(REVIEW, {"week": THIS_WEEK}))
    assert told(page)[0] == ["Amina", "1", "1", "1", "0", "0", "0", "0", "1"]
    assert "Amina touched a canary" in page


def test_a_week_is_marked_as_reviewed_with_a_note_and_no_longer_waits(as_officer, officer, amina):
    trail.record(Action.UNSAFE_PRESSED, by=amina, at=NOW)
    assert "1 to review: Unsafe pressed" in text_of(as_officer.get(TRAIL))
    page = text_of(as_officer.get(REVIEW, {"week": THIS_WEEK}))
    up_to = re.search(r'name="up_to" value="(\d+)"', page)[1]
    answer = as_officer.post(f"{REVIEW}?week={THIS_WEEK}", {"note": "asked, explained", "up_to": up_to})
    assert answer.status_code == 302
    review = Review.objects.get()
    assert (str(review.week), review.by, review.at, review.note) == (
        THIS_WEEK,
        officer.pk,
        NOW,
        "asked, explained",
    )
    assert AuditEvent.objects.filter(action="audit.trail_reviewed", actor_id=officer.pk).count() == 1
    assert "to review" not in text_of(as_officer.get(TRAIL))
    assert "asked, explained" in text_of(as_officer.get(REVIEW, {"week": THIS_WEEK}))


def test_a_week_that_is_over_waits_on_the_first_page_and_leads_to_itself(as_officer, amina):
    trail.record(Action.RESPONDENT_VIEWED, by=amina, at=NOW - 7 * DAY)
    page = text_of(as_officer.get(TRAIL))
    assert "The looks of 1 week wait for your review." in page
    assert "/reports/review?week=2026-03-02" in page
    assert "Looks of the week from 2 March 2026" in text_of(as_officer.get(REVIEW))


@pytest.mark.parametrize("week", ["2026-03-10", "soon", "0001-01-01", "9999-12-27"])
def test_a_week_that_is_none_is_not_found(as_officer, week):
    assert as_officer.get(REVIEW, {"week": week}).status_code == 404


def test_a_note_with_a_number_comes_back_with_a_sentence(as_officer, amina):
    trail.record(Action.CLAIMED, by=amina, at=NOW)
    answer = as_officer.post(f"{REVIEW}?week={THIS_WEEK}", {"note": "+44 7700 900123", "up_to": "1"})
    assert "There is something like a phone number in the note" in text_of(answer, 400)
    assert not Review.objects.exists()


def test_reading_the_looks_is_a_look(as_officer, officer):
    as_officer.get(REVIEW)
    assert AuditEvent.objects.filter(action="audit.trail_read", actor_id=officer.pk).exists()


def test_the_review_takes_as_many_queries_for_many_events_as_for_few(
    as_officer, amina, django_assert_max_num_queries
):
    trail.record(Action.CLAIMED, by=amina, at=NOW)
    with django_assert_max_num_queries(20) as few:
        as_officer.get(REVIEW, {"week": THIS_WEEK})
    counted = len(few)
    for _each in range(30):
        trail.record(Action.RESPONDENT_VIEWED, by=staff(), at=NOW)
    with django_assert_max_num_queries(counted):
        as_officer.get(REVIEW, {"week": THIS_WEEK})


# --- Canaries --------------------------------------------------------------------------------------


def test_a_canary_is_planted_among_people_who_look_the_same(as_officer, officer, amina):
    people(3, language="ti", stage="arrived", country="TN")
    assert as_officer.post(CANARIES, {"team": str(team().pk)}).status_code == 302
    planted = Respondent.objects.get(audit_ref=Canary.objects.get().audit_ref)
    assert (planted.team, planted.language, planted.stage) == (team(), "ti", "arrived")
    assert planted.status == "baseline_only"
    assert not planted.contact_points.exists()
    assert not planted.enrolments.exists()
    page = text_of(as_officer.get(CANARIES))
    assert planted.spoken_code in page


def test_no_page_of_an_enumerator_tells_a_canary_from_a_person(client, officer, amina):
    from casework.canaries import plant

    real = people(1, is_followed=False, country="TN")[0].respondent
    canary = plant(team=team(), by=officer, now=NOW)
    signed_in(client, amina)
    pages = [client.get(f"/people/{one.pk}/").content.decode() for one in (real, canary)]
    for page in pages:
        assert "anary" not in page
    shapes = [re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.S)[1:] for page in pages]
    assert shapes[0] == shapes[1]
    assert {field.name for field in Respondent._meta.get_fields() if "canar" in field.name} == set()


def test_opening_or_searching_a_canary_is_pressing_on_the_officers_page(client, officer, amina):
    from casework.canaries import plant

    canary = plant(team=team(), by=officer, now=NOW)
    signed_in(client, amina)
    client.get("/people/", {"code": canary.spoken_code})
    assert canaries.watch(now=NOW) == 1
    page = text_of(signed_in(client, officer).get(TRAIL))
    assert re.search(r"1 to review: Canaries touched</span>\s*<span class=\"tag attention\">", page)
    row = told(text_of(client.get(CANARIES)))[0]
    assert row[0] == canary.spoken_code and row[3] == "1"


def test_a_canary_is_offered_to_nobody(officer):
    from casework.canaries import plant
    from followups.models import FollowUp

    canary = plant(team=team(), by=officer, now=NOW)
    assert not FollowUp.objects.of(canary).exists()


# --- A part of the trail as a file -----------------------------------------------------------------


def unzipped(answer):
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_the_filters_leave_is_taken_out_with_a_manifest_and_is_an_event(as_officer, officer, amina):
    trail.record(Action.CLAIMED, by=amina, at=NOW - timedelta(hours=1), reason="=cmd|' /C calc'!A0")
    trail.record(Action.SIGNED_IN, by=amina, at=NOW - timedelta(hours=1))
    sealing.seal(mac=mac, now=NOW)
    answer = as_officer.post(EXPORT, {"action": "followups.claimed", "by": "amina"})
    files = unzipped(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="trail-2026-03-10.zip"'
    (line,) = csv.DictReader(io.StringIO(files["trail.csv"].decode("utf-8-sig")))
    assert (line["action"], line["who"], line["reason"]) == (
        "followups.claimed",
        "Amina",
        "'=cmd|' /C calc'!A0",
    )
    manifest = json.loads(files["manifest.json"])
    assert manifest["rows"] == 1
    assert manifest["filters"] == {"action": "followups.claimed", "user": str(amina.pk)}
    assert manifest["sha256"] == {"trail.csv": sha256(files["trail.csv"]).hexdigest()}
    assert anchors.read(files["manifest.json"].decode()) == anchors.latest()
    event = AuditEvent.objects.get(action="audit.trail_exported")
    assert (event.actor_id, event.detail["rows"]) == (officer.pk, 1)


def test_without_a_fresh_second_factor_nothing_is_taken_out(client, officer):
    signed_in(client, officer, factor_seconds_ago=121)
    trail.record(Action.SIGNED_IN, by=officer, at=NOW)
    answer = client.post(EXPORT, {})
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("text/html")
    assert not AuditEvent.objects.filter(action="audit.trail_exported").exists()


def test_more_than_may_be_taken_out_is_told_in_a_sentence(as_officer, officer, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    for _each in range(3):
        trail.record(Action.CLAIMED, by=officer, at=NOW)
    assert "This is more than 2 events at once." in text_of(as_officer.post(EXPORT, {}), 400)
    assert not AuditEvent.objects.filter(action="audit.trail_exported").exists()


def test_a_filter_that_is_not_understood_takes_nothing_out(as_officer):
    text_of(as_officer.post(EXPORT, {"by": "nobody-of-this-name"}), 422)
    assert not AuditEvent.objects.filter(action="audit.trail_exported").exists()


def test_the_page_takes_out_what_it_shows(as_officer, officer):
    trail.record(Action.CLAIMED, by=officer, at=NOW)
    page = text_of(as_officer.get(TRAIL, {"action": "followups.claimed"}))
    form = page[page.index(f'action="{EXPORT}"') :]
    assert '<input type="hidden" name="action" value="followups.claimed">' in form


# --- The words of the day --------------------------------------------------------------------------


def test_the_first_page_has_the_eight_words_of_the_day(as_officer, amina):
    trail.record(Action.CLAIMED, by=amina, at=NOW - DAY)
    sealing.seal(mac=mac, now=NOW)
    issued = digests.issue(now=NOW)
    assert issued.detail["words"] in text_of(as_officer.get(TRAIL))


def test_the_first_page_says_when_nothing_is_sealed_any_more(as_officer, amina):
    trail.record(Action.CLAIMED, by=amina, at=NOW - timedelta(hours=2))
    assert "Events have waited for their seal for over an hour." in text_of(as_officer.get(TRAIL))


def test_the_first_page_says_how_the_last_verification_ended(as_officer):
    assert "have never been verified" in text_of(as_officer.get(TRAIL))
    trail.record(Action.TRAIL_ALARM, by=None, at=NOW, detail={"found": "event_missing", "seal": 1})
    page = text_of(as_officer.get(TRAIL))
    assert "all was not well" in page and "1 to review: Alarms of the trail" in page
    assert "an event is missing" in page


def test_the_officer_finds_the_page_of_lent_teams_from_the_trail_and_is_told_when_nobody_asks(as_officer):
    trail_page = text_of(as_officer.get(TRAIL))
    lent = text_of(as_officer.get("/break-glass/"))

    assert 'href="/break-glass/"' in trail_page
    assert "Whoever asks for your yes" in lent


def test_the_register_names_what_is_due_in_words(as_officer):
    page = text_of(as_officer.get("/reports/register"))

    assert "wishes to be erased that waited for a month" in page
    assert "erasure_wishes" not in page
