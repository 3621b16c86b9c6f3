import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from accounts.permissions import Role
from audit import trail
from audit.actions import Action
from audit.models import AuditEvent
from followups.models import FollowUp, Hold, WaitingCount
from kernel import clock
from tests.reports.rows import DAY, NOW, follow_up, people, round_of, staff, study, team
from tests.signing_in import signed_in
from tracker.models import Respondent

pytestmark = pytest.mark.django_db
BOARD, OWED, TRAIL = "/reports/board", "/reports/owed", "/reports/trail"
LOST, HELD = "/reports/lost", "/reports/holds"


@pytest.fixture(autouse=True)
def at_now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def coordinator():
    return staff(Role.COORDINATOR, teams=[team()])


@pytest.fixture
def officer():
    return staff(Role.DPO)


@pytest.fixture
def read(client):
    """The text of a page, as one member of staff sees it."""

    def get(who, address, status=200):
        signed_in(client, who)
        answer = client.get(address)
        assert answer.status_code == status
        return answer.content.decode()

    return get


def a_panel(in_team=None):
    """A year of work in small: two rounds, some open, a hold, a waiting count."""
    in_team = in_team or team()
    enrolled = people(30, in_team=in_team)
    round_of(enrolled, {"I": 12, "P": 2, "R": 3, "NC": 6, "O": 2, "UO": 3, "NE": 1})
    round_of(enrolled, {"I": 6, "NC": 3}, 2)
    FollowUp.objects.bulk_create([follow_up(one, waiting_for="spacing") for one in enrolled[29:]])
    Hold.objects.create(respondent=enrolled[0].respondent, kind="safety", placed_at=NOW, review_at=NOW)
    WaitingCount.objects.create(
        team=in_team, language="ti", reason="spacing", how_many=1, counted_at=NOW - DAY
    )
    return enrolled


def cells(page, caption):
    """The rows of the table with this caption: lists of what stands in their cells."""
    table = page[page.index(f"<caption>{caption}</caption>") :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]


# --- Who may read what -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ["board", "owed", "lost", "held", "sought", "trail"])
def test_each_role_reads_its_own_reports_and_no_other(client, role, name):
    readers = {
        "board": {Role.COORDINATOR, Role.DPO},
        "owed": {Role.COORDINATOR, Role.DPO},
        "lost": {Role.COORDINATOR, Role.DPO},
        "held": {Role.COORDINATOR, Role.DPO},
        "sought": {Role.COORDINATOR, Role.DPO},
        "trail": {Role.DPO},
    }
    signed_in(client, staff(role, teams=[team()]))
    answer = client.get(reverse(f"reports:{name}"))
    assert answer.status_code == (200 if role in readers[name] else 403)


@pytest.mark.parametrize("address", [BOARD, OWED, LOST, HELD, TRAIL])
def test_nobody_reads_a_report_without_signing_in(client, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", [BOARD, OWED, LOST, HELD, TRAIL])
def test_reports_are_read_and_never_written_to(client, officer, address):
    signed_in(client, officer)
    assert client.post(address).status_code == 405


# --- The board -------------------------------------------------------------------------------------


def test_an_empty_database_gives_the_next_step_and_no_error(read, coordinator):
    board = read(coordinator, BOARD)
    assert "Nobody is enrolled in your teams yet." in board and 'href="/studies/"' in board.split("<main")[1]
    assert 'class="filters"' not in board
    assert "Nothing of this kind is owed." in read(coordinator, OWED)
    assert "Nobody was lost in this way." in read(coordinator, LOST)
    assert "Nobody is on hold in this way." in read(coordinator, HELD)


def test_enrolled_people_without_any_round_give_dashes_and_no_error(read, coordinator):
    people(3)
    page = read(coordinator, BOARD)
    assert "Nobody has been issued yet." in page and "No round has begun yet." in page


@pytest.mark.parametrize("columns", [{}, {"state": "done", "letter": "I", "closed_at": NOW}])
def test_a_study_with_one_person_has_a_whole_board(read, coordinator, columns):
    FollowUp.objects.bulk_create([follow_up(people(1)[0], **columns)])
    page = read(coordinator, BOARD)
    assert cells(page, "What became of everyone issued")[0][1] == "1"
    assert cells(page, "The same in numbers")[0][5] in ("0.0–79.3 %", "20.7–100.0 %")


def test_the_board_adds_up(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    ((_month, issued, *columns),) = cells(page, "What became of everyone issued")
    assert int(issued) == sum(int(one) for one in columns) == 39
    assert cells(page, "Rates")[0][1:] == ["52.6 %", "65.8 %", "80.0 %", "7.9 %"]


def test_the_board_shows_who_is_owed_held_waiting_and_short_of_callers(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    assert cells(page, "By stage") == [["arrived, less than six months ago", "0", "1", "0", "0"]]
    assert cells(page, "By language") == [["Tigrinya", "0", "1", "0", "0"]]
    assert "1 safety flag was raised in the last 7 days." in page
    assert "some hours after the last try" in page and "Counted 1\xa0day ago" in page
    assert "Open, and no caller is on shift" in page and "Tigrinya, Team T1: 1 follow-up<" in page


def test_many_shortages_are_one_notice_with_the_five_largest_and_a_way_to_all(read, coordinator):
    languages = ["ti", "ar", "fr", "en", "so", "ha"]
    FollowUp.objects.bulk_create(follow_up(people(1, language=code)[0]) for code in languages)
    page = read(coordinator, BOARD)
    assert page.count("Open, and no caller is on shift") == 1 and 'href="#callers">See all 6<' in page


def test_the_table_of_a_long_panel_is_folded_and_that_of_a_young_one_is_not(read, coordinator):
    one = people(1)
    for number in range(1, 9):
        round_of(one, {"I": 1}, number)
    assert re.search(r'<details class="more" open>\s*<summary>Round by round', read(coordinator, BOARD))
    round_of(one, {"I": 1}, 9)
    assert re.search(r'<details class="more">\s*<summary>Round by round', read(coordinator, BOARD))


def test_another_teams_people_never_show_on_the_board(read, coordinator, officer):
    a_panel(team("T2"))
    assert "Nobody is enrolled in your teams yet." in read(coordinator, BOARD)
    assert cells(read(officer, BOARD), "What became of everyone issued")[0][1] == "39"


def test_a_filter_for_another_team_is_refused_and_no_figure_is_shown(read, coordinator):
    a_panel(team("T2"))
    page = read(coordinator, f"{BOARD}?team={team('T2').pk}", 422)
    assert "so no figure is shown" in page and "<dl" not in page


@pytest.mark.parametrize(
    "query", ["stage=moon", "language=xx", "round=0", "month=2026-13", "study=1", "round=x"]
)
def test_a_filter_that_is_not_understood_is_said_and_never_ignored(read, coordinator, query):
    a_panel()
    assert "so no figure is shown" in read(coordinator, f"{BOARD}?{query}", 422)
    assert "so nothing is listed" in read(coordinator, f"{OWED}?{query}", 422)
    assert "so nothing is listed" in read(coordinator, f"{LOST}?{query}", 422)


def test_what_is_no_key_is_answered_in_words_a_person_understands(read, coordinator, officer):
    a_panel()
    pages = [read(coordinator, f"{BOARD}?study=nope&team=nope", 422), read(officer, f"{TRAIL}?ref=nope", 422)]
    assert all("UUID" not in page for page in pages)
    assert "This cannot be chosen here." in pages[0] and "This link is not whole." in pages[1]


def test_the_board_offers_the_studies_of_the_readers_teams_and_no_other(read, coordinator, officer):
    people(1), people(1, in_team=team("T2"), in_study=study("S2"))
    study("S1").teams.set([team()]), study("S2").teams.set([team("T2")])
    page = read(coordinator, BOARD)
    assert "S1 · Study S1" in page and "S2 · Study S2" not in page
    assert "S2 · Study S2" in read(officer, BOARD)


def test_filters_stay_in_the_links_to_the_lists(read, coordinator):
    a_panel()
    page = read(coordinator, f"{BOARD}?language=ti")
    assert f"{OWED}?language=ti&amp;kind=due&amp;stage=arrived" in page
    assert "Nobody in your teams fits these filters." in read(coordinator, f"{BOARD}?language=ha")


def links(page, path):
    """The addresses on a page that lead to this path, as a browser follows them."""
    return [one.replace("&amp;", "&") for one in re.findall(rf'href="({re.escape(path)}[^"]*)"', page)]


def test_every_number_lost_held_and_waiting_opens_a_list_of_as_many(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    counts = {
        one: cells(read(coordinator, one), f"{many} {what}") for one, many, what in OPENED_FROM_THE_BOARD
    }
    assert all(len(counts[one]) == many for one, many, _what in OPENED_FROM_THE_BOARD)
    assert set(counts) <= {*links(page, LOST), *links(page, HELD), *links(page, OWED)}


OPENED_FROM_THE_BOARD = [
    (f"{LOST}?reason=window_closed&stage=arrived", 9, "follow-ups"),
    (f"{LOST}?reason=refused&stage=arrived", 3, "follow-ups"),
    (f"{LOST}?reason=cap_reached", 3, "follow-ups"),
    (f"{HELD}?kind=safety", 1, "hold"),
    (f"{HELD}?kind=safety&due=on", 1, "hold"),
    (f"{OWED}?waits=spacing", 1, "follow-up"),
]


def test_the_losses_are_sorted_by_the_column_asked_for_and_the_filters_stay(read, coordinator):
    a_panel()
    page = read(coordinator, f"{BOARD}?language=ti&sort=reason")
    assert [row[0] for row in cells(page, "Who is being lost")][0] == "all attempts were used"
    assert 'aria-sort="ascending"><a href="?language=ti&amp;sort=reason#losses">' in page
    assert f"{LOST}?language=ti&amp;reason=refused&amp;stage=arrived" in page


def test_the_lists_open_the_person_and_say_nothing_that_identifies(read, coordinator):
    (enrolled, *_rest) = a_panel()
    page = read(coordinator, HELD)
    assert f"/people/{enrolled.respondent_id}/" in page and enrolled.respondent.spoken_code in page
    assert "due now" in page and "Recontact, by a rule" in page


def test_a_list_takes_as_many_queries_for_many_people_as_for_few(
    client, coordinator, django_assert_max_num_queries
):
    signed_in(client, coordinator)
    a_panel()
    counted = {}
    for address in (LOST, HELD):
        with django_assert_max_num_queries(14) as few:
            client.get(address)
        counted[address] = len(few)
    more = people(30)
    round_of(more, {"NC": 20, "R": 10})
    Hold.objects.bulk_create(Hold(respondent=one.respondent, kind="safety", placed_at=NOW) for one in more)
    for address in (LOST, HELD):
        with django_assert_max_num_queries(counted[address]):
            client.get(address)


def test_another_teams_losses_and_holds_are_never_listed(read, coordinator):
    a_panel(team("T2"))
    assert "Nobody was lost in this way." in read(coordinator, LOST)
    assert "Nobody is on hold in this way." in read(coordinator, HELD)


def test_the_top_figures_say_how_they_stood_before(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    assert page.count('<dd class="figure-trend') >= 3 and "7 days ago: 0" in page


def test_the_curve_has_a_band_and_its_ends_stand_in_the_table(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    assert re.search(r'<path class="chart-band" d="M\d', page)
    assert cells(page, "The same in numbers")[0][5] == "30.2–63.9 %"


def test_the_picture_on_the_board_is_well_formed_and_its_numbers_stand_in_a_table(read, coordinator):
    a_panel()
    page = read(coordinator, BOARD)
    (svg,) = [one for one in re.findall(r"<svg.*?</svg>", page, re.S) if "chart-axis" in one]
    ElementTree.fromstring(svg)
    assert "Round 1" in page and "Round 2" in page
    assert "46.7 %" in page  # 14 of the 30 whose first round has come


def test_the_board_has_no_inline_style_or_script(read, coordinator, officer):
    a_panel()
    for page in (read(coordinator, BOARD), read(coordinator, OWED), read(officer, TRAIL)):
        assert "style=" not in page and "<style" not in page and not re.search(r"\son\w+=", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_board_reads_in_the_readers_language_and_direction(client, coordinator, language):
    a_panel()
    signed_in(client, coordinator)
    client.cookies["django_language"] = language
    page = client.get(BOARD).content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert not re.search(r'viewBox="[^"]*[^\d "]', page)


def test_the_board_takes_as_many_queries_for_many_people_as_for_few(
    client, coordinator, django_assert_max_num_queries
):
    signed_in(client, coordinator)
    a_panel()
    with django_assert_max_num_queries(35) as few:
        client.get(BOARD)
    counted = len(few)
    for _ in range(4):
        round_of(people(30), {"I": 15, "NC": 10, "R": 5})
    FollowUp.objects.bulk_create([follow_up(one) for one in people(30)])
    with django_assert_max_num_queries(counted):
        client.get(BOARD)


# --- What is owed ----------------------------------------------------------------------------------


def test_the_list_of_what_is_owed_names_codes_and_what_they_wait_for(read, coordinator):
    enrolled = a_panel()
    page = read(coordinator, f"{OWED}?kind=due")
    assert enrolled[29].respondent.spoken_code in page
    assert "waits for: some hours after the last try" in page and "1 follow-up" in page


def test_the_list_of_what_is_owed_never_holds_another_teams_people(read, coordinator):
    enrolled = a_panel(team("T2"))
    assert enrolled[29].respondent.spoken_code not in read(coordinator, OWED)


def test_the_list_of_what_is_owed_is_paged_with_as_many_queries_for_each_page(
    client, coordinator, django_assert_max_num_queries
):
    signed_in(client, coordinator)
    FollowUp.objects.bulk_create([follow_up(one) for one in people(120)])
    with django_assert_max_num_queries(11):
        page = client.get(f"{OWED}?kind=due&page=2").content.decode()
    assert "Page 2 of 5" in page and page.count('<th scope="row">') == 25
    assert "?kind=due&amp;page=3" in page


# --- The trail -------------------------------------------------------------------------------------


def test_the_officer_reads_the_trail_in_sentences_on_their_own_clock(read):
    in_kabul = staff(Role.DPO, username="amina", time_zone="Asia/Kabul")
    trail.record(Action.WORDING_APPROVED, by=in_kabul, at=NOW)
    page = read(in_kabul, TRAIL)
    assert "Amina approved a wording of consent." in page and "13:30:00" in page


def test_a_spoken_code_leads_to_everything_about_that_respondent(read, officer):
    person = people(1)[0].respondent
    trail.record(Action.STAGE_MOVED, by=officer, at=NOW, audit_ref=person.audit_ref)
    trail.record(Action.TEAM_CHANGED, by=officer, at=NOW)
    page = read(officer, f"{TRAIL}?about={person.spoken_code.lower()}")
    assert "recorded a new stage" in page and "changed a team" not in page.rpartition("</form>")[2]


def test_a_code_that_was_misheard_is_told_apart_from_one_that_nobody_has(read, officer):
    person = people(1)[0].respondent
    code = person.code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "one of its letters or digits is wrong" in read(officer, f"{TRAIL}?about={wrong}", 422)
    Respondent.objects.filter(pk=person.pk).update(audit_ref=None)
    assert "This respondent was erased" in read(officer, f"{TRAIL}?about={code}", 422)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("by=nobody", "Nobody has this username."),
        ("starts=2026-03-10&ends=2026-03-09", "This day is before the first one."),
        ("starts=tomorrow", "Enter a valid date."),
        ("action=nothing", "so nothing is listed"),
        ("ref=x", "so nothing is listed"),
    ],
)
def test_a_wrong_filter_of_the_trail_is_answered_with_a_sentence(read, officer, query, told):
    assert told in read(officer, f"{TRAIL}?{query}", 422)


def test_older_events_follow_on_the_next_page_with_the_filters_kept(read, officer):
    for nth in range(40):
        trail.record(Action.SIGNED_OUT, by=officer, at=NOW, detail={"round": nth})
    page = read(officer, f"{TRAIL}?action=accounts.signed_out")
    (older,) = re.findall(r'rel="next" href="(\?[^"]+)"', page)
    assert "<bdi>39</bdi>" in page and "<bdi>9</bdi>" not in page
    second = read(officer, TRAIL + older.replace("&amp;", "&"))
    assert "<bdi>9</bdi>" in second and "<bdi>39</bdi>" not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_a_page_that_does_not_exist_begins_at_the_newest_event(read, officer, before):
    trail.record(Action.VAULT_LOCKED, by=None, at=NOW)
    assert "The vault was locked" in read(officer, f"{TRAIL}?before={before}")


def test_the_officer_sees_first_what_was_shown_refused_unsafe_and_waits_for_erasure(read, officer):
    person = people(1)[0].respondent
    trail.record(Action.UNSAFE_PRESSED, by=None, at=NOW, audit_ref=person.audit_ref)
    asked = {"by": officer, "at": NOW, "audit_ref": person.audit_ref}
    trail.record(Action.ERASE_REQUESTED, detail={"grade": "erase_all"}, **asked)
    page = read(officer, TRAIL)
    assert re.search(r"Unsafe pressed</a>.*?</th>\s*<td class=\"num attention\">1<", page)
    assert person.spoken_code in page and "stop contact and erase everything" in page
    chosen = read(officer, f"/people/{person.pk}/withdraw/")
    assert re.search(r'value="erase_all"[^>]*checked', chosen) and "what they asked for is chosen" in chosen


def test_every_page_of_the_trail_that_is_read_is_in_the_trail_itself(read, officer):
    person = people(1)[0].respondent
    read(officer, TRAIL)
    read(officer, f"{TRAIL}?about={person.spoken_code}")
    looks = AuditEvent.objects.filter(action=Action.TRAIL_READ, actor_id=officer.pk).order_by("id")
    assert list(looks.values_list("audit_ref", flat=True)) == [None, person.audit_ref]
    assert "read the trail." in read(officer, TRAIL)


def test_a_wrong_filter_shows_nothing_and_leaves_no_look(read, officer):
    read(officer, f"{TRAIL}?by=nobody", 422)
    assert not AuditEvent.objects.filter(action=Action.TRAIL_READ).exists()


def test_the_digest_stands_on_the_first_page_only(read, officer):
    assert "The last day and week" in read(officer, TRAIL)
    assert "The last day and week" not in read(officer, f"{TRAIL}?action=accounts.signed_in")


def test_an_event_is_told_in_words_with_its_particulars_folded_away(read, officer):
    dial = "8f14e45f-ceea-467f-a4d2-5bd0a1b2c3d4"
    person = people(1)[0].respondent
    kept = {"gateway": "plain", "dial": dial}
    trail.record(Action.DIAL_ORDERED, by=officer, at=NOW, audit_ref=person.audit_ref, detail=kept)
    page = read(officer, TRAIL)
    (event,) = re.findall(r'<details class="event">.*?</details>', page, re.S)
    assert "Called with" in event and "the caller’s own phone" in event
    assert dial not in page and "10 March 2026" in page
    assert re.search(r"<summary.*dialled\.", event, re.S)


@pytest.mark.parametrize("query", ["", "?action=followups.claimed"])
def test_the_trail_takes_as_many_queries_for_many_events_as_for_few(
    client, officer, django_assert_max_num_queries, query
):
    signed_in(client, officer)
    trail.record(Action.CLAIMED, by=officer, at=NOW)
    with django_assert_max_num_queries(41) as few:
        client.get(TRAIL + query)
    counted = len(few)
    for _ in range(40):
        trail.record(Action.CLAIMED, by=staff(), at=NOW)
    with django_assert_max_num_queries(counted):
        client.get(TRAIL + query)


@pytest.mark.parametrize("place", ["outcomes", "owed", "retention", "losses", "holds", "waiting", "callers"])
def test_the_board_begins_with_links_to_each_of_its_parts(read, coordinator, place):
    a_panel()
    page = read(coordinator, BOARD)
    assert f'href="#{place}"' in page and page.count(f' id="{place}"') == 1
