"""A limit by country: it takes away, never adds, and nobody sets it wider than their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import staffing, teams
from accounts.models import StaffCountry, Team, User
from accounts.permissions import Role
from accounts.staffing import PersonDetails
from accounts.teams import TeamDetails
from kernel.errors import DomainError
from orientation.models import Partner
from tests.accounts.people import NOON, person, team
from tests.signing_in import signed_in
from tracker.models import Study

pytestmark = pytest.mark.django_db


def limited(somebody, *codes):
    StaffCountry.objects.bulk_create(StaffCountry(user=somebody, country=code) for code in codes)
    return User.objects.get(pk=somebody.pk)


@pytest.fixture
def tripoli():
    return team("TRIP", "Tripoli", "LY")


@pytest.fixture
def niamey():
    return team("NIA", "Niamey", "NE")


def test_without_a_country_somebody_sees_their_own_teams(tripoli, niamey):
    assert set(person(teams=(tripoli, niamey)).team_ids) == {tripoli.pk, niamey.pk}


def test_with_a_country_somebody_sees_their_own_teams_of_that_country(tripoli, niamey):
    assert limited(person(teams=(tripoli, niamey)), "NE").team_ids == (niamey.pk,)


def test_a_country_gives_nobody_a_team_they_are_not_in(tripoli, niamey):
    assert limited(person(Role.COORDINATOR, teams=(tripoli,)), "NE").team_ids == ()


def test_a_data_protection_officer_with_a_country_sees_all_its_teams_and_no_other(tripoli, niamey):
    second = team("ZIN", "Zinder", "NE")
    officer = limited(person(Role.DPO), "NE")

    assert not officer.sees_all_teams
    assert set(officer.team_ids) == {niamey.pk, second.pk}


def test_a_data_protection_officer_with_a_country_where_no_team_works_sees_nobody(tripoli):
    officer = limited(person(Role.DPO), "NE")

    assert not officer.sees_all_teams
    assert officer.team_ids == ()


def test_reading_teams_and_countries_is_one_statement_for_those_who_call(tripoli):
    caller = limited(person(teams=(tripoli,)), "LY")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert caller.team_ids == (tripoli.pk,)
        assert not caller.sees_all_teams

    assert len(asked) == 1


def test_a_country_widens_nothing_for_a_focal_point(tripoli):
    for code in ("P1", "P2"):
        Partner.objects.create(
            code=code, title=code, not_in_migration_control=True, agreement_review_on="2027-01-01",
            agreement_expires_on="2027-01-01",
        )  # fmt: skip
    focal_point = limited(person(Role.FOCAL_POINT), "LY")

    assert list(Partner.objects.visible_to(focal_point)) == []
    assert focal_point.team_ids == ()


def test_an_administrator_with_a_country_knows_of_its_teams_its_studies_and_those_limited_to_it(
    tripoli, niamey
):
    here, there, wide = (person(username=name, teams=(tripoli, niamey)) for name in ("here", "there", "wide"))
    limited(here, "NE"), limited(there, "NE", "LY")
    for code, one in (("NE-1", niamey), ("LY-1", tripoli)):
        Study.objects.create(code=code, title=code, created_at=NOON).teams.add(one)
    ada = limited(person(Role.ADMINISTRATOR), "NE")

    assert list(Team.objects.visible_to(ada)) == [niamey]
    assert [study.code for study in Study.objects.visible_to(ada)] == ["NE-1"]
    assert set(User.objects.visible_to(ada)) == {ada, here}
    assert wide not in User.objects.visible_to(ada)


@pytest.mark.parametrize("given", [(), ("LY",), ("NE", "LY")])
def test_an_administrator_with_a_country_sets_up_nobody_who_sees_further(niamey, given):
    ada = limited(person(Role.ADMINISTRATOR), "NE")
    details = PersonDetails(display_name="Sena", role=Role.DPO, countries=frozenset(given))

    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="sena", details=details, by=ada, now=NOON)

    assert refusal.value.code == "beyond_own_countries"
    assert not User.objects.filter(username="sena").exists()


def test_an_administrator_with_a_country_puts_nobody_into_a_team_elsewhere(tripoli, niamey):
    ada = limited(person(Role.ADMINISTRATOR), "NE")
    details = PersonDetails("Sena", Role.ENUMERATOR, frozenset({tripoli.pk}), countries=frozenset({"NE"}))

    with pytest.raises(DomainError) as refusal:
        staffing.create_person(username="sena", details=details, by=ada, now=NOON)

    assert refusal.value.code == "beyond_own_countries"


def test_an_administrator_with_a_country_moves_no_team_into_or_out_of_it(tripoli, niamey):
    ada = limited(person(Role.ADMINISTRATOR), "NE")

    for change in (
        lambda: teams.create_team(details=TeamDetails("X", "X", "LY"), by=ada, now=NOON),
        lambda: teams.change_team(team=niamey, details=TeamDetails("NIA", "N", "LY"), by=ada, now=NOON),
    ):
        with pytest.raises(DomainError) as refusal:
            change()
        assert refusal.value.code == "beyond_own_countries"


def test_nobody_changes_their_own_countries(niamey):
    ada = limited(person(Role.ADMINISTRATOR), "NE", "LY")
    narrower = PersonDetails(ada.display_name, Role.ADMINISTRATOR, countries=frozenset({"NE"}))

    with pytest.raises(DomainError) as refusal:
        staffing.change_person(person=ada, details=narrower, by=ada, now=NOON)

    assert refusal.value.code == "own_rights"


def test_a_country_is_set_and_taken_away_on_the_page_and_counts_from_the_next_request(
    client, tripoli, niamey
):
    sena = person(username="sena", teams=(tripoli, niamey))
    signed_in(client, person(Role.ADMINISTRATOR))
    typed = {
        "display_name": "Sena", "role": "enumerator", "teams": [tripoli.pk, niamey.pk], "gender": "not_said",
        "time_zone": "UTC", "interface_language": "en",
    }  # fmt: skip

    client.post(reverse("accounts:person", args=[sena.pk]), typed | {"countries": ["NE"]})
    with_limit = User.objects.get(pk=sena.pk).team_ids
    listed = client.get(reverse("accounts:staff")).content.decode()
    client.post(reverse("accounts:person", args=[sena.pk]), typed)

    assert with_limit == (niamey.pk,)
    assert '<td data-label="Only in">Niger</td>' in listed
    assert set(User.objects.get(pk=sena.pk).team_ids) == {tripoli.pk, niamey.pk}
