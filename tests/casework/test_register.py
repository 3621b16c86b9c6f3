"""The register names everything that is held, ours and what libraries keep, and gives nothing of it away."""

import csv
import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps
from django.urls import reverse

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.register import document, fields, parties
from kernel import borrowed, holdings
from kernel.holdings import SENSITIVITY, DataClass, Retention, fields_of, first_party_models
from orientation.models import Partner
from tests.factories import NOW, make_respondent, make_study, make_team, make_user
from tests.orientation.making import partner
from tests.signing_in import signed_in
from tracker.keeping import SafeContact
from vault.providers import keyring

pytestmark = pytest.mark.django_db

NUMBER = "+441632960123"


@pytest.fixture
def somebody(team, study, wordings):
    safe = SafeContact(safe_phrase="green tea", cover_words="about the bicycle")
    return make_respondent(study=study, team=team, numbers=(NUMBER,), safe=safe, ask_for="Sparrow")


def printed(capsys, *options):
    call_command("data_register", *options)
    return capsys.readouterr().out


def told(capsys):
    return json.loads(printed(capsys, "--format", "json"))


def test_every_field_of_every_model_is_a_line_with_class_purpose_term_and_database(capsys):
    lines = {(line["table"], line["field"]): line for line in told(capsys)["fields"]}

    for model in (*first_party_models(), *borrowed.borrowed_models()):
        for field in fields_of(model):
            line = lines[model._meta.db_table, field.name]
            assert all(
                line[name] for name in ("data_class", "sensitivity", "purpose", "retention", "database")
            )
    number = lines["tracker_contactpoint", "value"]
    assert (number["sensitivity"], number["is_sealed"], number["database"]) == ("severe", True, "default")
    assert lines["vault_subjectkey", "wrapped"]["database"] == "vault"
    assert ("shared_cache", "value") in lines


def test_no_field_of_ours_or_of_a_library_keeps_silent():
    assert holdings.every_field_is_classified(None) == []
    assert borrowed.every_borrowed_field_is_classified(None) == []


def test_a_librarys_new_table_or_new_field_fails_the_check(monkeypatch):
    with isolate_apps("django_q"):

        class Planted(models.Model):
            colour = models.CharField(max_length=5)

            class Meta:
                app_label = "django_q"

        assert borrowed.undeclared(Planted) == ["id", "colour"]
        known = borrowed._table(Retention.TRANSIENT, "planted", "id")
        monkeypatch.setitem(borrowed.BORROWED, "django_q.Planted", known)
        assert borrowed.undeclared(Planted) == ["colour"]


def test_every_class_has_a_level_of_the_guidelines_and_every_term_a_meaning():
    assert set(SENSITIVITY) == set(DataClass)
    assert set(document.TERMS) == set(Retention)


def test_a_field_that_keeps_silent_makes_no_register(monkeypatch, capsys):
    monkeypatch.delitem(borrowed.BORROWED, "sessions.Session")

    with pytest.raises(SystemExit) as left:
        call_command("data_register")

    assert left.value.code == 1
    out, err = capsys.readouterr()
    assert (out, "sessions.Session" in err) == ("", True)


@pytest.mark.parametrize("form", ["json", "csv", "text"])
def test_no_value_no_key_and_no_number_is_in_it(capsys, somebody, form):
    text = printed(capsys, "--format", form)

    assert not re.search(r"\+?\d[\d ]{8,}\d", re.sub(r"[0-9a-f]{16}", "", text))
    for secret in (NUMBER, "Sparrow", "green tea", "bicycle", somebody.code):
        assert secret not in text
    ring = keyring()
    for key in (ring.audit, ring.callback, ring.case, *ring.index.values()):
        assert key.hex() not in text


def test_keys_are_named_with_who_holds_them_also_while_the_vault_is_locked(capsys, somebody, vault_locked):
    epoch = keyring().current.hex()
    named = {(key["kind"], key["name"]): key for key in told(capsys)["keys"]}
    assert named["epoch key", epoch]["held_by"] == "key provider “file”, in no database"
    assert ("audit key", "one") in named

    vault_locked()

    kinds = {(key["kind"], key["state"]) for key in told(capsys)["keys"]}
    assert kinds == {("epoch key", "current"), ("all keys", "locked")}


def test_processors_and_partners_are_named_and_a_telephone_company_only_when_it_is_used(settings, team):
    partner("HELP", by=make_user(Role.COORDINATOR, team=team))
    Partner.objects.filter(code="HELP").update(title='=HYPERLINK("x")')

    settings.GATEWAY, settings.DATA_HOSTING = "plain", "A room of our own"
    named = {party.role: party.name for party in parties.parties()}
    assert named["hosting"] == "A room of our own"
    assert named["partner"].startswith("HELP")
    assert "Twilio" not in named["telephony"]
    settings.GATEWAY = "twilio"
    assert {party.role: party.name for party in parties.parties()}["telephony"] == "Twilio"


def test_the_table_counts_rows_and_cannot_be_taken_for_a_formula(somebody, monkeypatch):
    register = document.read(by=None, now=NOW)
    line = register.lines[0]
    register.lines[0] = fields.Line(**{**document.asdict(line), "purpose": "=1+1"})

    rows = list(csv.DictReader(StringIO(document.as_csv(register))))

    assert rows[0]["purpose"] == "'=1+1"
    assert len(rows) == len(register.lines)
    [value] = [row for row in rows if (row["table"], row["field"]) == ("tracker_contactpoint", "value")]
    assert value["rows"] == "1"


def test_it_is_written_into_a_new_private_file_and_over_none(tmp_path, capsys):
    out = tmp_path / "register.csv"

    assert printed(capsys, "--format", "csv", "--out", str(out)) == ""
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text().startswith("room,table,field")
    before = out.read_text()
    with pytest.raises(SystemExit):
        call_command("data_register", "--out", str(out))
    assert out.read_text() == before


def test_a_format_nobody_knows_is_wrong_usage():
    with pytest.raises(CommandError):
        call_command("data_register", "--format", "xml")


# --- Its page ---------------------------------------------------------------------------------------------------------


def test_the_officer_reads_it_on_a_page_and_the_look_is_in_the_trail(client, somebody):
    dpo = make_user(Role.DPO)

    page = signed_in(client, dpo).get(reverse("reports:register"))

    assert page.status_code == 200
    assert "tracker_contactpoint.value" in page.content.decode()
    assert NUMBER not in page.content.decode()
    assert AuditEvent.objects.get(action=Action.REGISTER_READ).actor_id == dpo.pk


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DPO])
def test_nobody_else_reads_the_page(client, role):
    team = make_team()
    make_study(team=team)

    page = signed_in(client, make_user(role, team=team)).get(reverse("reports:register"))

    assert page.status_code == 403
    assert not AuditEvent.objects.filter(action=Action.REGISTER_READ).exists()
