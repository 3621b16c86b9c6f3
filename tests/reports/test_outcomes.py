from datetime import date, timedelta
from itertools import product

import pytest

from followups.models import FollowUp
from reports.outcomes import COLUMNS, outcomes_by_period
from reports.wanted import Wanted
from tests.reports.rows import DAY, NOW, ended, follow_up, people, round_of, staff, study, team

pytestmark = pytest.mark.django_db

WAVE_2 = {"I": 560, "P": 20, "R": 30, "NC": 180, "O": 20, "UO": 70}


def wanted(**asked):
    return Wanted(reader=staff(teams=[team()]), now=NOW, **asked)


def per_cent(rate):
    return round(100 * rate.value, 1)


def test_the_worked_wave_of_the_method_comes_out_of_database_rows():
    round_of(people(880), WAVE_2)
    (month,) = outcomes_by_period(wanted())
    rates = month.rates
    assert month.issued == 880
    assert (per_cent(rates.rr1), per_cent(rates.rr2), per_cent(rates.con1)) == (63.6, 65.9, 71.6)
    assert (per_cent(rates.coop2), per_cent(rates.coop4), per_cent(rates.ref1)) == (92.1, 95.1, 3.4)
    assert (per_cent(rates.loc1), per_cent(month.wave.attrition)) == (92.0, 34.1)


def test_the_columns_of_a_mixed_history_add_up_to_the_issued():
    enrolled = people(20)
    rows = [
        ended(one, letter)
        for one, letter in zip(enrolled, ["I", "P", "R", "NC", "O", "UO", "NE"], strict=False)
    ]
    rows.append(ended(enrolled[7], "UO", aapor="3.11"))
    rows.append(follow_up(enrolled[8], state="cancelled", ended="not_callable_stage", closed_at=NOW))
    rows += [follow_up(enrolled[9], state="open"), follow_up(enrolled[10], state="resting")]
    rows.append(follow_up(enrolled[11], state="ready", ready_from=NOW, ready_until=NOW + DAY))
    rows.append(ended(enrolled[12], "I", is_late=True))
    rows.append(follow_up(enrolled[13], state="planned", issued_at=None, opens_at=NOW))
    rows.append(follow_up(enrolled[14], state="cancelled", ended="withdrawn", issued_at=None, letter="R"))
    FollowUp.objects.bulk_create(rows)
    (month,) = outcomes_by_period(wanted())
    columns = {name: getattr(month, name) for name in COLUMNS}
    assert sum(columns.values()) == month.issued == 13
    assert columns == {
        "complete": 2, "partial": 1, "refused": 1, "not_contacted": 1, "other": 1, "not_located": 1,
        "not_attempted": 1, "not_eligible": 1, "uncoded": 1, "still_open": 3,
    }  # fmt: skip


def test_every_state_with_every_letter_and_code_falls_under_exactly_one_column():
    issued_states = ["open", "ready", "resting", "done", "missed", "cancelled"]
    letters = ["", "I", "P", "R", "NC", "O", "UO", "UH", "NE"]
    kinds = list(product(issued_states, letters, ["", "3.11", "3.90"]))
    span = {"ready_from": NOW, "ready_until": NOW + DAY}
    FollowUp.objects.bulk_create(
        follow_up(one, state=state, letter=letter, aapor=aapor, ended="refused", **span)
        for one, (state, letter, aapor) in zip(people(len(kinds)), kinds, strict=True)
    )
    under = [set(FollowUp.objects.filter(one).values_list("pk", flat=True)) for one in COLUMNS.values()]
    assert len(set().union(*under)) == sum(map(len, under)) == len(kinds)
    (month,) = outcomes_by_period(wanted())
    assert sum(getattr(month, name) for name in COLUMNS) == month.issued == len(kinds)


def test_what_is_still_open_counts_as_not_reached_in_the_rates():
    one, other = people(2)
    FollowUp.objects.bulk_create([ended(one, "I"), follow_up(other)])
    (month,) = outcomes_by_period(wanted())
    assert month.rates.rr2.value == 0.5


def test_months_are_those_of_the_readers_own_clock():
    (enrolled,) = people(1)
    just_march = NOW.replace(day=1, hour=0, minute=0) - timedelta(minutes=30)
    FollowUp.objects.bulk_create([ended(enrolled, "I", issued_at=just_march, opens_at=just_march)])
    in_tunis = Wanted(reader=staff(teams=[team()], time_zone="Africa/Tunis"), now=NOW)
    assert [row.month for row in outcomes_by_period(in_tunis)] == [date(2026, 3, 1)]
    assert [row.month for row in outcomes_by_period(wanted())] == [date(2026, 2, 1)]


def test_a_month_asked_for_shows_that_month_alone():
    one, other = people(2)
    FollowUp.objects.bulk_create(
        [ended(one, "I"), ended(other, "R", issued_at=NOW - 40 * DAY, opens_at=NOW - 40 * DAY)]
    )
    (found,) = outcomes_by_period(wanted(month=date(2026, 1, 1)))
    assert (found.month, found.issued, found.refused) == (date(2026, 1, 1), 1, 1)


def test_a_calendar_study_is_counted_by_round_newest_first():
    calendar = study("CAL", kind="calendar")
    enrolled = people(3, in_study=calendar)
    round_of(enrolled, {"I": 2, "R": 1}, 1)
    round_of(enrolled, {"I": 1, "NC": 1}, 2)
    found = outcomes_by_period(wanted(study=calendar))
    assert [(row.round_number, row.issued, row.complete) for row in found] == [(2, 2, 1), (1, 3, 2)]


def test_filters_narrow_to_the_study_team_language_and_stage_named():
    theirs = people(1, in_team=team("T2"), in_study=study("S2"), language="ar", stage="stranded")
    round_of(people(2), {"I": 2})
    round_of(theirs, {"R": 1})
    reader = staff(teams=[team("T1"), team("T2")])
    asked = [{"study": study("S2")}, {"team": team("T2")}, {"language": "ar"}, {"stage": "stranded"}]
    for one in asked:
        (found,) = outcomes_by_period(Wanted(reader=reader, now=NOW, **one))
        assert (found.issued, found.refused) == (1, 1)


def test_another_teams_people_are_never_counted():
    round_of(people(3, in_team=team("T2")), {"I": 3})
    round_of(people(1), {"R": 1})
    (month,) = outcomes_by_period(wanted())
    assert (month.issued, month.complete) == (1, 0)


def test_nobody_issued_gives_no_period():
    assert outcomes_by_period(wanted()) == ()
