"""Everybody's main job through the server as people start it, and after it no secret anywhere but where it belongs."""

import sqlite3
from contextlib import closing

import pytest

from tests.browser import pictures, planted
from tests.browser.field_day import FieldDay
from tests.browser.reader import PHONE, Reader
from tests.browser.running import Running
from tests.browser.searching import answers_in, files_with, found_in, kept_by, pages_with, tables_with
from tests.services import chromium as chromium_finder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DIAL = "POST /calls/-/dial"


@pytest.fixture
def running(chromium, migrated, tmp_path):
    server = Running(tmp_path / "server", migrated)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def browsers(chromium, running, tmp_path):
    """Gives each role a browser of its own that records every answer; the enumerator's keeps a profile on disk."""
    contexts = {}

    def browser(role):
        wishes = {
            "base_url": running.url,
            "viewport": PHONE,
            "record_har_path": tmp_path / "answers" / f"{role}.har",
            "record_har_content": "embed",
            "device_scale_factor": pictures.scale_of(role),
        }
        if role == "enumerator":
            found = chromium_finder.find()
            start = {"executable_path": str(found.path), "args": list(found.arguments)}
            context = chromium.browser_type.launch_persistent_context(
                tmp_path / "profile", env=found.environment(), **start, **wishes
            )
        else:
            context = chromium.new_context(**wishes)
        context.set_default_timeout(30_000)
        contexts[role] = context
        return Reader(context.new_page())

    yield browser
    for context in contexts.values():
        context.close()


def test_every_role_does_its_main_job_and_no_secret_is_left_anywhere(running, browsers, tmp_path):
    day = FieldDay(running, browsers)
    day.run()
    secrets = [*planted.SECRETS, day.first_password]
    found = left_while_all_runs(day, secrets)
    running.stop()
    for reader in day.readers.values():
        reader.page.context.close()
    found |= left_in_the_end(running, tmp_path, secrets)

    assert day.faults() == [], "\n".join(day.faults())
    belong = where_they_belong(day)
    if astray := found - belong:
        pytest.fail("\n".join(f"{secret} in {place}" for place, secret in sorted(astray)), pytrace=False)
    assert belong - found == set(), "the search is blind, or a page does not show what it is for"
    assert_there_was_something_to_search(running)


def where_they_belong(day):
    """Each secret is in the one answer it is for, and nowhere else."""
    return {
        (DIAL, planted.NUMBER),
        (DIAL, planted.ASK_FOR),
        (DIAL, planted.SAFE_PHRASE),
        (DIAL, planted.COVER_WORDS),
        (DIAL, day.dialled_later),
        ("POST /orientation/requests/-/contact/", planted.NUMBER),
        ("POST /orientation/requests/-/note/", planted.NOTE),
        ("POST /staff/new/", day.first_password),
    }


def left_while_all_runs(day, secrets):
    """What the browsers keep while they are open, and the databases with their write-ahead logs."""
    kept = {
        (f"kept by the browser of {role}", secret)
        for role, reader in day.readers.items()
        for secret in found_in(kept_by(reader.page), secrets)
    }
    return kept | files_with(day.running.folder / "db", secrets)


def left_in_the_end(running, folder, secrets):
    """What is left when all has ended: every answer, a browser's profile, whatever the server wrote, every table."""
    found = files_with(folder / "profile", secrets) | files_with(running.folder, secrets)
    for har in (folder / "answers").iterdir():
        found |= pages_with(answers_in(har), secrets)
    for alias in ("main", "vault"):
        with closing(sqlite3.connect(running.database(alias))) as database:
            found |= tables_with(database.cursor(), secrets)
    return found


def assert_there_was_something_to_search(running):
    """What the run must have left: an empty place proves nothing."""
    with closing(sqlite3.connect(running.database("main"))) as database:
        for table in ("django_session", "shared_cache", "audit_auditevent", "tracker_contactpoint"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() > (0,), table  # noqa: S608
    assert " DEBUG " in running.log.read_text()
    statements = [
        line for line in running.every_word.read_text().splitlines() if "django.db.backends" in line
    ]
    # Tasks that ran well are not kept, so their way through the queue is looked for in the statements.
    for table in ("tracker_contactpoint", "orientation_orientationrequest", "django_q_ormq"):
        assert any(f'INSERT INTO "{table}"' in line for line in statements), table
    assert len({line.split(" ", 1)[0] for line in statements}) >= 3  # web, worker, and a tick by hand
