import json

from tests.tracker.exchange.lists import ADAM, HANA, mapping, sheet
from tracker.exchange.problems import Reason, RowError, ValueKind
from tracker.exchange.report import ImportReport
from tracker.exchange.staging import stage

REPORT = ImportReport(
    rows_read=12,
    enrolled=7,
    counted_only=2,
    already_imported=2,
    refused=(
        RowError(4, "tel_1", ValueKind.NUMBER, Reason.IMPOSSIBLE),
        RowError(4, "lang", ValueKind.LANGUAGE, Reason.MISSING),
    ),
)


def test_the_report_as_json_is_one_document_with_the_counts_and_the_refused():
    told = json.loads(REPORT.as_json())
    assert {key: told[key] for key in told if key != "refused"} == {
        "rows_read": 12, "enrolled": 7, "counted_only": 2, "already_imported": 2, "rows_refused": 1,
    }  # fmt: skip
    assert told["refused"][0] == {
        "row": 4,
        "column": "tel_1",
        "kind": "number",
        "reason": "impossible",
        "sentence": "This cannot be a phone number. Check its country code and the count of its digits.",
    }


def test_the_report_as_text_has_a_line_for_each_count_and_each_error():
    assert REPORT.as_text().splitlines() == [
        "Rows read: 12",
        "Enrolled: 7",
        "Counted only, without consent: 2",
        "Already imported: 2",
        "Refused: 1",
        "Row 4, column “tel_1” (number): This cannot be a phone number. "
        "Check its country code and the count of its digits.",
        "Row 4, column “lang” (language): The cell is empty.",
    ]


def test_no_report_ever_repeats_what_a_cell_holds():
    staged = stage(
        sheet(ADAM.replace("07700 900101", "07700"), HANA.replace("Haitian Creole", "Patois")).rows, mapping()
    )
    report = ImportReport(2, 0, 0, 0, staged.errors)
    assert len(staged.errors) == 2
    for held in ("07700", "Patois", "Adam", "A-1"):
        assert held not in report.as_text() + report.as_json()
