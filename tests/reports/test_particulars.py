import ast
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from audit.actions import Action
from audit.models import AuditEvent
from reports.particulars import particulars
from reports.trail_words import ENDED, NAMES, UNSAID

AMINA = UUID("00112233-4455-6677-8899-aabbccddeeff")
ROOMS = ["accounts", "casework", "consent", "followups", "orientation", "tracker", "vault"]


def said(action, *, zone_name="UTC", reason="", **detail):
    event = AuditEvent(action=action, at=datetime(2026, 3, 10, 9, tzinfo=UTC), reason=reason, detail=detail)
    found = particulars(event, zone_name=zone_name, names={AMINA: "Amina"})
    return {one.name: one.text for one in found}


@pytest.mark.parametrize(
    ("action", "detail", "told"),
    [
        (
            Action.STAGE_MOVED,
            {"from": "in_transit", "to": "stranded"},
            {"From": "in transit", "To": "stuck on the way"},
        ),
        (
            Action.OUTCOME_RECORDED,
            {"disposition": "completed", "round": 2},
            {"What came of it": "Interview completed", "Round": "2"},
        ),
        (
            Action.ORIENTATION_VIEWED,
            {"items": ["need", "note"]},
            {"What is shared": "what I need, a short note"},
        ),
        (
            Action.STAFF_CHANGED,
            {"changed": "role,teams", "role": "dpo"},
            {"What was changed": "role, teams", "Role": "data protection officer"},
        ),
        (Action.CONTACT_STOPPED, {"status": "withdrawn"}, {"Where it stands now": "withdrawn"}),
        (Action.FOLLOW_UP_MISSED, {"cap_reached": 3}, {"all attempts were used": "3"}),
        (
            Action.STOP_RECORDED,
            {"refusal_kept": True},
            {"Kept, so that nobody enrols this number again": "yes"},
        ),
        (Action.CONSENT_GRANTED, {"language": "ti"}, {"Language": "Tigrinya"}),
        (Action.SHIFT_CHANGED, {"weekday": 4}, {"Day": "Friday"}),
    ],
)
def test_codes_are_told_as_their_labels(action, detail, told):
    assert said(action, **detail) == told


def test_an_instant_is_told_as_the_day_on_the_readers_own_clock():
    due = "2026-03-09T22:30:00+00:00"
    assert said(Action.FOLLOW_UP_PLANNED, due=due) == {"Due": "9 Mar 2026"}
    assert said(Action.FOLLOW_UP_PLANNED, due=due, zone_name="Asia/Kabul") == {"Due": "10 Mar 2026"}


def test_a_bare_day_is_the_same_on_every_clock():
    told = said(Action.ROUND_CHANGED, opens="2026-03-09", zone_name="Pacific/Auckland")
    assert told == {"Opens": "9 Mar 2026"}


def test_a_uuid_is_left_out_and_that_of_staff_becomes_their_name():
    told = said(
        Action.FOCAL_POINT_CHANGED, user=str(AMINA), dial=str(AMINA), change="assigned", novel=str(AMINA)
    )
    assert told == {"Who": "Amina", "What was done": "added"}


def test_why_comes_first_in_a_sentence_and_an_unsafe_hour_speaks_of_that_moment():
    told = said(Action.DIAL_REFUSED, reason="outside_safe_times", round=1)
    assert list(told.items()) == [("Why", "It was not a safe time to call."), ("Round", "1")]


def test_what_is_not_known_yet_is_shown_as_it_is_and_never_kept_back():
    assert said(Action.CLAIMED, brand_new="thing") == {"brand new": "thing"}


def keys_written():
    """The keys of every `detail={...}` in the rooms that write to the trail."""
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.keyword)
                    and node.arg == "detail"
                    and isinstance(node.value, ast.Dict)
                ):
                    yield from (key.value for key in node.value.keys if isinstance(key, ast.Constant))


def test_every_key_the_rooms_write_down_has_a_name_in_words():
    written = set(keys_written())
    assert "disposition" in written
    assert written - set(NAMES) - UNSAID - set(ENDED) == set()
