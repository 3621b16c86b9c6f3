"""`manage.py audit_verify`: sentences for a person, JSON for a machine, exit 0 only when all is well."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from audit import anchors
from audit.models import AuditEvent
from casework import trail_upkeep
from kernel import clock
from tests.audit.making import LATER, delete, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)


@pytest.fixture
def events():
    made = write(5)
    trail_upkeep.run(LATER)
    return made


def verify(*options):
    """What it prints and the code it exits with."""
    out = io.StringIO()
    try:
        call_command("audit_verify", *options, stdout=out, stderr=out)
    except SystemExit as ended:
        return out.getvalue(), ended.code
    return out.getvalue(), 0


def test_a_trail_that_is_well_is_said_to_be_and_the_look_is_in_the_trail(events):
    said, code = verify()
    assert code == 0
    assert "5 events under 1 seals were checked" in said and said.endswith("All is well.\n")
    assert "1 events wait for their seal" in said  # the words of the day
    assert AuditEvent.objects.first().action == "audit.trail_verified"


def test_a_trail_that_was_changed_ends_with_one_and_an_alarm(events):
    delete(events[1].pk)
    said, code = verify()
    assert code == 1
    assert said.startswith(f"Under seal 1, event {events[1].pk} is missing")
    assert AuditEvent.objects.first().action == "audit.trail_alarm"


def test_with_the_vault_locked_what_can_be_checked_is_and_it_ends_with_one(events, vault_locked):
    vault_locked()
    said, code = verify()
    assert (code, said.startswith("The vault is locked")) == (1, True)
    assert "5 events under 1 seals were checked" in said
    assert (AuditEvent.objects.first().action, AuditEvent.objects.first().outcome) == (
        "audit.trail_verified",
        "incomplete",
    )


def test_before_anything_is_sealed_it_ends_with_one():
    assert verify()[1] == 1


def test_an_anchor_is_read_from_a_manifest_and_from_words(events, tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"anchor": anchors.latest().as_manifest()}))
    assert verify("--anchor", str(manifest), "--anchor", anchors.latest().words)[1] == 0


def test_an_anchor_of_another_trail_ends_with_one(events, tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"anchor": {"seal": 1, "hash": "00" * 32}}))
    said, code = verify("--anchor", str(manifest))
    assert (code, said.startswith("Seal 1 is not the one the anchor knows")) == (1, True)


def test_a_file_that_is_no_anchor_is_refused_before_anything_is_checked(events, tmp_path):
    said, code = verify("--anchor", str(tmp_path / "absent.json"))
    assert (code, said.startswith("This is no anchor")) == (1, True)


def test_a_machine_gets_json(events):
    delete(events[1].pk)
    said, code = verify("--json")
    told = json.loads(said)
    assert code == 1
    assert (told["is_well"], told["seals"], told["events"], told["unsealed"]) == (False, 1, 4, 1)
    assert told["findings"][0]["found"] == "event_missing"
    assert told["events_per_second"] > 0


def test_the_minute_after_issues_the_words_of_the_day_once(events):
    trail_upkeep.run(LATER + timedelta(minutes=2))
    issued = AuditEvent.objects.get(action="audit.digest_issued")
    assert issued.detail["seal"] == 1
