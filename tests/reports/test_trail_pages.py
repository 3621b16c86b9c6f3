from datetime import date

import pytest

from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from reports import events
from reports.digest import digest, erasures_owed
from reports.events import Asked, trail_page
from tests.reports.rows import DAY, NOW, people, staff

pytestmark = pytest.mark.django_db


def told(**asked):
    return [line.told for line in trail_page(Asked(zone_name="UTC", **asked)).lines]


def counted(name):
    return {str(line.action): (line.in_a_day, line.in_a_week) for line in digest(NOW)}[name]


def test_events_are_read_newest_first_with_the_names_colleagues_know():
    person = staff(username="amina")
    trail.record(Action.SIGNED_IN, by=person, at=NOW)
    trail.record(Action.FOLLOW_UP_MISSED, by=None, at=NOW, detail={"window_closed": 2})
    assert told() == ["The system closed follow-ups whose window had passed.", "Amina signed in."]


def test_an_account_that_is_gone_is_said_to_be_gone():
    trail.record(Action.SIGNED_IN, by=people(1)[0].pk, at=NOW)
    assert told() == ["Somebody whose account is gone signed in."]


def test_the_trail_is_paged_by_id_without_gap_or_overlap(monkeypatch):
    monkeypatch.setattr(events, "PAGE", 2)
    written = [trail.record(Action.SIGNED_IN, by=None, at=NOW, detail={"round": n}) for n in range(5)]
    seen, before = [], None
    while True:
        page = trail_page(Asked(zone_name="UTC", before=before))
        seen += [line.particulars[0].text for line in page.lines]
        before = page.older_than
        if before is None:
            break
    assert seen == [f"{n}" for n in reversed(range(len(written)))]


def test_a_page_of_many_events_takes_two_queries_and_counts_nothing(django_assert_num_queries):
    for _ in range(60):
        trail.record(Action.SIGNED_IN, by=staff(), at=NOW)
    with django_assert_num_queries(2) as queries:
        trail_page(Asked(zone_name="UTC"))
    assert not [query for query in queries if "COUNT(" in query["sql"].upper()]


def test_the_trail_narrows_to_an_action_a_person_and_a_respondent():
    amina, ben = staff(username="amina"), staff(username="ben")
    respondent = people(1)[0].respondent
    trail.record(Action.CLAIMED, by=amina, at=NOW, audit_ref=respondent.audit_ref)
    trail.record(Action.CLAIMED, by=ben, at=NOW)
    trail.record(Action.SIGNED_IN, by=ben, at=NOW)
    assert told(action=Action.SIGNED_IN) == ["Ben signed in."]
    assert told(actor=amina) == told(audit_ref=respondent.audit_ref) == ["Amina took a call."]


def test_days_are_whole_days_on_the_readers_clock():
    # 22:30 in UTC on the 9th is 02:00 on the 10th in Kabul.
    trail.record(Action.SIGNED_IN, by=None, at=NOW.replace(day=9, hour=21, minute=30))
    on = date(2026, 3, 10)
    assert len(trail_page(Asked(zone_name="Asia/Kabul", starts=on, ends=on)).lines) == 1
    assert len(trail_page(Asked(zone_name="UTC", starts=on, ends=on)).lines) == 0


def test_the_digest_counts_a_day_and_a_week():
    for ago in (0, 3, 8):
        trail.record(Action.NUMBER_REVEALED, by=None, at=NOW - ago * DAY)
    trail.record(Action.UNSAFE_PRESSED, by=None, at=NOW)
    assert counted("followups.number_revealed") == (1, 2)
    assert counted("followups.unsafe_pressed") == (1, 1)
    assert counted("vault.alert") == (0, 0)


def test_only_openings_outside_a_call_or_refused_ones_are_exceptional():
    for opening, outcome in [("dial", "done"), ("dial", "refused"), ("orientation_contact", "done")]:
        trail.record(Action.IDENTITY_OPENED, by=None, at=NOW, outcome=outcome, detail={"opening": opening})
    assert counted("identity.opened") == (2, 2)


def test_an_erasure_waits_until_it_is_made():
    officer = staff(Role.DPO)
    person = people(1)[0].respondent
    asked = {"by": officer, "at": NOW, "audit_ref": person.audit_ref}
    trail.record(Action.ERASE_REQUESTED, detail={"grade": "erase_all"}, **asked)
    assert [one.code for one in erasures_owed(officer)] == [person.spoken_code]
    trail.record(Action.RESPONDENT_ERASED, **asked)
    assert erasures_owed(officer) == ()


def test_whoever_asked_twice_waits_once_with_what_they_asked_for_last():
    officer = staff(Role.DPO)
    person = people(1)[0].respondent
    asked = {"by": officer, "audit_ref": person.audit_ref}
    trail.record(Action.ERASE_REQUESTED, at=NOW, detail={"grade": "erase_identifiers"}, **asked)
    trail.record(Action.ERASE_REQUESTED, at=NOW + DAY, detail={"grade": "erase_all"}, **asked)
    (owed,) = erasures_owed(officer)
    assert (owed.respondent_id, owed.asked_at) == (person.pk, NOW)
    assert owed.grade == "stop contact and erase everything, also the link to my answers"
