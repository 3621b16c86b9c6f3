"""Several clusters on one database, and ticks that run at once: each row's work is done once."""

from datetime import timedelta

import pytest
from django.db import connection

from followups.ticking.tick import tick
from kernel import clock
from tests import factories
from tests.config.clusters import Clusters, working
from tests.config.databases import CopiedPostgres, SqliteFiles
from tests.services.waiting import wait_until

PEOPLE, TICKS, CLAIMS = 16, 18, 3

pytestmark = pytest.mark.slow


def each_row_is_done_once(clusters: Clusters) -> None:
    """Give all clusters work at once, half of it to open and half to close, and leases that ran out; then count."""
    clusters.people += clusters.ask("claims_that_ran_out", CLAIMS)
    clusters.owe(people=PEOPLE, ticks=0)
    with clusters.at_the_start():
        clusters.owe(people=0, ticks=TICKS)

    wait_until(lambda: sum(map(len, clusters.ticks())) >= TICKS, "the end of all ticks", step=0.2)
    # What one tick found locked by another in another pass, the next one does: a minute later, had we schedules here.
    clusters.owe(people=0, ticks=1)
    wait_until(clusters.is_done, "the work that was waiting", step=0.2)
    wait_until(lambda: sum(map(len, clusters.ticks())) > TICKS, "the end of the last tick", step=0.2)

    ticks = clusters.ticks()
    told = [tick for of_one in ticks for tick in of_one]
    assert clusters.ask("twice") == []
    assert clusters.ask("count")["failures"] == 0
    assert sum(tick["claims_released"] for tick in told) == CLAIMS
    assert sum(tick["closed"] for tick in told) == PEOPLE // 2
    assert all(ticks), "a cluster ran none"


@pytest.mark.either
def test_two_clusters_on_sqlite_do_each_ticks_work_once(vault_key_file, migrated, tmp_path):
    with working(Clusters(tmp_path, SqliteFiles(tmp_path, migrated), 2)) as clusters:
        each_row_is_done_once(clusters)


@pytest.fixture
def copied(migrated):
    with migrated.copies() as addresses:
        yield CopiedPostgres(addresses)


@pytest.mark.postgres
def test_three_clusters_on_postgresql_do_each_ticks_work_once(vault_key_file, copied, tmp_path):
    with working(Clusters(tmp_path, copied, 3)) as clusters:
        each_row_is_done_once(clusters)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_tick_that_runs_while_another_works_on_the_same_rows_finds_nothing_to_do_and_waits_for_nobody():
    now, team = clock.now(), factories.make_team()
    factories.make_respondent(study=factories.make_study(team=team), team=team, now=now - timedelta(days=25))
    other = connection.copy()
    other.set_autocommit(False)
    try:
        # As the batch of another tick does before it writes.
        other.cursor().execute("SELECT id FROM followups_followup FOR NO KEY UPDATE")
        meanwhile = tick(now)
    finally:
        other.rollback()
        other.close()

    assert sum(meanwhile.values()) == 0
    assert tick(now)["opened"] == 1
    assert tick(now)["opened"] == 0


@pytest.mark.postgres
def test_three_clusters_with_the_queue_in_redis_do_each_ticks_work_once(
    vault_key_file, copied, redis_server, tmp_path
):
    with working(Clusters(tmp_path, copied, 3, redis_server)) as clusters:
        each_row_is_done_once(clusters)
