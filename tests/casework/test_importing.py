"""Reading a call list in: once for good, all that can be taken together, and nobody kept without consent."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from accounts.permissions import Role
from audit.actions import Action
from audit.models import AuditEvent
from casework.importing import import_cases
from casework.receipts import Grade
from casework.withdrawing import withdraw
from consent import asking
from consent.models import LedgerEntry, Mode
from consent.purposes import Purpose
from followups.models import FollowUp
from kernel.errors import DomainError
from tests.casework.test_enrolling import a_fault_at, counts
from tests.factories import NOW, make_study, make_team, make_user
from tracker.models import ContactPoint, Respondent, SourceCase
from tracker.models.respondents import Status
from vault.providers import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings")]

ROOT = Path(__file__).resolve().parents[2]
REAL_LIST = (
    Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data")) / "surveycto" / "cases_mobilizer.csv"
)

MAPPING = """
source = "survey"
default_region = "GB"
[case_id]
column = "id"
[[numbers]]
column = "phone"
whose = "own"
[[numbers]]
column = "other"
whose = "shared"
[language]
value = "en"
[stage]
column = "stage"
values = { moving = "in_transit", there = "arrived" }
[profile.age_band]
column = "age"
values = { child = "under_18", adult = "25_34" }
[consent]
column = "agreed"
granted = ["yes"]
refused = ["no"]
date_column = "on"
[consent.terms]
mode = "in_person"
wordings = { keep_number = 1, recontact = 1 }
[dropped]
name = "names are never kept"
"""

HEAD = "id,name,phone,other,stage,age,agreed,on\n"
GOOD = "c1,Nobody Atall,07700 900101,+447700900102,there,adult,yes,2026-03-01\n"
SECOND = "c2,Nobody Else,07700 900103,,moving,,yes,2026-03-02\n"
NO_CONSENT = "c3,Not Anyone,07700 900104,,there,,no,\n"
IMPOSSIBLE = "c4,No One,12,,there,,yes,2026-03-01\n"
CHILD = "c5,Nobody Small,07700 900105,,there,child,yes,2026-03-01\n"


@pytest.fixture
def coordinator(team):
    return make_user(Role.COORDINATOR, team=team, username="amal")


@pytest.fixture
def take(study, coordinator):
    def take(*rows, mapping=MAPPING, is_dry_run=False, study=study, by=coordinator):
        content = (HEAD + "".join(rows)).encode()
        return import_cases(
            content=content, mapping_text=mapping, study=study, by=by, now=NOW, is_dry_run=is_dry_run
        )

    return take


def told(report):
    return report.enrolled, report.counted_only, report.already_imported, report.rows_refused


def test_every_row_is_enrolled_counted_or_refused_and_the_good_ones_are_kept(take):
    report = take(GOOD, SECOND, NO_CONSENT, IMPOSSIBLE)

    assert told(report) == (2, 1, 0, 1)
    error = report.refused[0]
    assert (error.row, error.column, error.kind.value, error.reason.value) == (
        5,
        "phone",
        "number",
        "impossible",
    )
    assert Respondent.objects.filter(status=Status.ACTIVE).count() == 2
    assert ContactPoint.objects.count() == 3


def test_somebody_imported_may_be_called_from_the_consent_in_the_list_and_is_planned(take):
    take(SECOND)

    respondent = Respondent.objects.get()
    line = LedgerEntry.objects.filter(respondent_id=respondent.pk).first()
    assert asking.permits(respondent.pk, Purpose.RECONTACT, now=NOW)
    assert (line.mode, line.at.date().isoformat(), line.wording.version) == ("in_person", "2026-03-02", 1)
    assert FollowUp.objects.get(respondent=respondent).stage == "in_transit"


def test_the_same_list_read_twice_adds_nobody_twice(take):
    take(GOOD, SECOND, NO_CONSENT)
    before = counts()

    report = take(GOOD, SECOND, NO_CONSENT)

    assert told(report) == (0, 0, 3, 0)
    assert counts() == before


def test_a_row_without_consent_is_counted_by_a_keyed_code_and_nothing_else_of_it_is_kept(take):
    take(NO_CONSENT)

    case = SourceCase.objects.get()
    assert case.respondent is None
    assert b"c3" not in bytes(case.case_key)
    assert Respondent.objects.count() == 0


def test_a_minor_in_a_list_is_counted_only(take):
    report = take(CHILD)

    assert told(report) == (0, 1, 0, 0)
    assert ContactPoint.objects.count() == 0


def test_an_erased_person_stays_out_when_the_list_comes_again(take, coordinator):
    take(GOOD, SECOND)
    erased = SourceCase.objects.order_by("id").first().respondent
    withdraw(respondent=erased, grade=Grade.ERASE_ALL, mode=Mode.PHONE, by=coordinator, now=NOW)

    report = take(GOOD, SECOND)

    assert told(report) == (0, 0, 2, 0)
    assert not ContactPoint.objects.filter(respondent=erased).exists()
    assert Respondent.objects.exclude(status=Status.ERASED).count() == 1


def test_a_dry_run_writes_nothing_and_never_consults_the_phone_index(take):
    before = counts()
    asked = []

    def watch(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connections["vault"].execute_wrapper(watch):
        report = take(GOOD, SECOND, NO_CONSENT, IMPOSSIBLE, is_dry_run=True)

    assert told(report) == (2, 1, 0, 1)
    assert counts() == before
    assert asked == []
    assert SourceCase.objects.count() == 0


def test_a_dry_run_says_the_same_whether_a_number_is_held_or_not(take):
    fresh = take(GOOD, is_dry_run=True)
    take(GOOD.replace("c1", "c9"))

    assert take(GOOD, is_dry_run=True) == fresh


def test_one_event_tells_of_the_import_with_counts_and_no_number(take, study):
    take(GOOD, NO_CONSENT, IMPOSSIBLE)

    event = AuditEvent.objects.get(action=Action.CASES_IMPORTED)
    assert event.object_id == study.pk
    assert (event.detail["enrolled"], event.detail["counted_only"], event.detail["refused"]) == (1, 1, 1)
    assert "900101" not in str(AuditEvent.objects.values())


@pytest.mark.parametrize(
    ("table", "alias"),
    [
        ("tracker_respondent", "default"),
        ("tracker_sourcecase", "default"),
        ("consent_ledgerentry", "default"),
        ("tracker_contactpoint", "default"),
        ("vault_phonebucket", "vault"),
        ("tracker_enrolment", "default"),
        ("followups_followup", "default"),
        ("audit_auditevent", "default"),
    ],
)
def test_a_fault_at_any_step_of_an_import_leaves_nothing(take, table, alias):
    before = counts()

    with pytest.raises(OSError, match="disk is full"), a_fault_at(table, alias):
        take(GOOD, SECOND, NO_CONSENT)

    assert counts() == before
    assert SourceCase.objects.count() == 0


def test_nothing_is_imported_while_the_vault_is_locked(take):
    file.lock()
    try:
        with pytest.raises(DomainError) as refusal:
            take(GOOD)
    finally:
        file.unlock()

    assert refusal.value.code == "vault_locked"
    assert Respondent.objects.count() == 0


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (MAPPING.replace("recontact = 1", "recontact = 7"), "wording_not_approved"),
        (MAPPING.replace('value = "en"', 'value = "so"'), "wording_not_approved"),
        (MAPPING.replace('whose = "shared"', 'whose = "trusted"'), "trusted_without_consent"),
        (MAPPING.replace('source = "survey"', 'source = "survey"\nteam = "NOWHERE"'), "team_unclear"),
        (MAPPING.replace('name = "names are never kept"', ""), "mapping_refused"),
    ],
)
def test_an_import_without_firm_ground_is_refused_as_a_whole(take, mapping, code):
    with pytest.raises(DomainError) as refusal:
        take(GOOD, mapping=mapping)

    assert refusal.value.code == code
    assert Respondent.objects.count() == 0


def test_only_whoever_may_import_imports(take, enumerator):
    with pytest.raises(DomainError, match="coordinator"):
        take(GOOD, by=enumerator)


def test_a_coordinator_imports_for_their_own_team_only(take):
    stranger = make_user(Role.COORDINATOR, team=make_team())

    with pytest.raises(DomainError) as refusal:
        take(GOOD, by=stranger)

    assert refusal.value.code == "team_unclear"


# --- The command --------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    listed, mapping = tmp_path / "list.csv", tmp_path / "map.toml"
    listed.write_text(HEAD + GOOD + NO_CONSENT, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return listed, mapping


def run(files, *options, study):
    out, err = StringIO(), StringIO()
    listed, mapping = files
    arguments = [
        "import_cases",
        str(listed),
        "--study",
        study,
        "--by",
        "amal",
        "--mapping",
        str(mapping),
        *options,
    ]
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return ended.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("coordinator")
def test_the_command_prints_one_json_document_and_nothing_else(files, study):
    code, out, err = run(files, "--json", study=study.code)

    assert (code, err) == (0, "")
    assert json.loads(out)["enrolled"] == 1


@pytest.mark.usefixtures("coordinator")
def test_the_command_answers_an_unknown_study_with_a_sentence_and_exit_code_1(files, study):
    code, out, err = run(files, study="NOWHERE")

    assert (code, out) == (1, "")
    assert "There is no study with the code NOWHERE" in err


@pytest.mark.parametrize("content", ["", "\n", HEAD, "a,b\n1,2\n"])
@pytest.mark.usefixtures("coordinator")
def test_the_command_answers_a_file_it_cannot_use_with_a_sentence(files, study, content):
    files[0].write_text(content, encoding="utf-8")

    code, _out, err = run(files, study=study.code)

    assert code == 1
    assert "Nothing was imported" in err


@pytest.mark.usefixtures("coordinator")
def test_a_file_that_is_not_there_is_told_by_its_name(files, study):
    files[0].unlink()

    code, _out, err = run(files, study=study.code)

    assert code == 1
    assert "list.csv" in err


def test_the_real_list_of_a_survey_tool_comes_in_with_the_example_mapping(study, team):
    if not REAL_LIST.exists():
        pytest.skip("the real call list is not here; set SHARED_DATA to the folder that has surveycto/")
    by = make_user(Role.COORDINATOR, team=team, username="coordinator")
    mapping = (ROOT / "docs" / "examples" / "cases_mobilizer.toml").read_text(encoding="utf-8")

    report = import_cases(content=REAL_LIST.read_bytes(), mapping_text=mapping, study=study, by=by, now=NOW)

    assert told(report) == (20, 0, 0, 0)
    assert set(ContactPoint.objects.values_list("status", flat=True)) == {"unverified"}
    assert FollowUp.objects.count() == 20


def test_a_long_list_is_read_in_bulk_and_not_one_by_one(take, study, django_assert_max_num_queries):
    rows = [f"b{n},Nobody,+1202555{100 + n % 100:04d},,there,,yes,2026-03-01\n" for n in range(300)]

    with django_assert_max_num_queries(120):
        report = take(*rows, study=make_study(team=study.teams.get()))

    assert report.enrolled == 300
