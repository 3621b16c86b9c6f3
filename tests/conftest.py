"""What every test may lean on: two databases, keys, guards that come off to flush, and a browser."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.services import chromium as chromium_finder
from tests.services.migrated import MigratedFiles, MigratedPostgres

# A busy machine is slow without being wrong.
hypothesis_settings.register_profile("recontact", deadline=None)
hypothesis_settings.load_profile("recontact")

BOTH = ["default", "vault"]
DATABASE_FIXTURES = {
    "db", "transactional_db", "django_db_reset_sequences", "live_server", "admin_user", "admin_client",
}  # fmt: skip


# --- Which tests a run takes ------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="take only tests that use a database: the second run, where pure tests would say the same again",
    )


def pytest_configure() -> None:
    """Hash passwords cheaply: tests make hundreds of accounts, and Argon2 is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def on_postgres() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if on_postgres() else 'SQLite'}"


def uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def belongs_here(item: pytest.Item, database_only: bool) -> bool:
    """PostgreSQL's own tests need PostgreSQL; browser tests, pure tests and long walks over pages run once."""
    if item.get_closest_marker("postgres"):
        return on_postgres()
    if item.get_closest_marker("browser") or item.get_closest_marker("either"):
        return not on_postgres()
    return uses_database(item) or not database_only


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database_only = config.getoption("--database-only")
    taken = [item for item in items if belongs_here(item, database_only)]
    if left := [item for item in items if not belongs_here(item, database_only)]:
        config.hook.pytest_deselected(items=left)
        items[:] = taken
    for item in items:
        # pytest-django makes no databases in a run where no test is marked as using any.
        if uses_database(item) or "migrated" in getattr(item, "fixturenames", ()):
            open_both_databases(item)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: thousands of tests need not have it looked through for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def open_both_databases(item: pytest.Item) -> None:
    """Every test that uses a database may use both: pseudonyms in one, keys in the other."""
    marker = item.get_closest_marker("django_db")
    wanted = dict(marker.kwargs) if marker else {}
    if "databases" not in wanted:
        # append=False puts it before the markers of the test itself, where pytest-django finds it first.
        item.add_marker(
            pytest.mark.django_db(*(marker.args if marker else ()), databases=BOTH, **wanted), append=False
        )


# --- Databases --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in files: with a write-ahead log and several connections, as it runs for people, never in memory."""
    folder = tmp_path_factory.mktemp("databases")
    for alias in BOTH:
        if "sqlite3" in settings.DATABASES[alias]["ENGINE"]:
            connections[alias].settings_dict["TEST"]["NAME"] = str(folder / f"{alias}.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MigratedFiles | MigratedPostgres]:
    """The databases of this run, and beside them copies of both, migrated and empty."""
    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock():
        copies = MigratedPostgres(connections) if on_postgres() else MigratedFiles(connections, folder)
    yield copies
    copies.drop()


@pytest.fixture(scope="session")
def migrated(
    django_db_setup: MigratedFiles | MigratedPostgres,
) -> MigratedFiles | MigratedPostgres:
    """Where processes that a test starts have their tables from: migrating takes many seconds each time."""
    return django_db_setup


def guarded_tables(alias: str) -> tuple[str, ...]:
    from audit import guards

    present = set(connections[alias].introspection.table_names())
    return tuple(table for table in guards.GUARDED if table in present)


@contextlib.contextmanager
def guards_off() -> Iterator[None]:
    """Take off the triggers that forbid deletion, and put them back: only a test database is ever emptied."""
    from audit import guards

    tables = guarded_tables("default")
    guards.remove(connections["default"], tables)
    try:
        yield
    finally:
        guards.install(connections["default"], tables)


@pytest.fixture(scope="session", autouse=True)
def flush_with_guards_off() -> Iterator[None]:
    """Let the flush after a transactional test empty the append-only tables too."""
    flush = TransactionTestCase._fixture_teardown

    def fixture_teardown(case: Any) -> None:
        with guards_off():
            flush(case)
        # The cache table belongs to no model, so no flush empties it.
        cache.clear()

    TransactionTestCase._fixture_teardown = fixture_teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_for_once() -> Iterator[None]:
    """Thousands of clients need not each walk through all folders of static files, which stay as they are."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict[str, Any]] = {}

    def add_files_from_finders(middleware: Any) -> None:
        if (prefix := middleware.static_prefix) not in found:
            before, middleware.files = middleware.files, {}
            look(middleware)
            found[prefix], middleware.files = middleware.files, before
        middleware.files.update(found[prefix])

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders
    yield
    WhiteNoiseMiddleware.add_files_from_finders = look


@pytest.fixture(autouse=True)
def no_language_left_over() -> Iterator[None]:
    """Read every test in the same language: a page read in another one leaves it switched on in this thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


# --- Keys -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def vault_key_file() -> Path:
    """The key file that settings name, made for this run only."""
    from vault.providers import file

    path = Path(settings.VAULT_KEY_FILE)
    if not path.exists():
        file.create(path)
    return path


@pytest.fixture
def vault_locked() -> Iterator[Any]:
    """Lock the vault when asked, and open it again after the test."""
    from vault.providers import file

    yield file.lock
    file.unlock()


# --- A team and its study ---------------------------------------------------------------------------------------------


@pytest.fixture
def team(db: None) -> Any:
    """A team in one country; folders whose tests say more of theirs have their own."""
    from tests.factories import make_team

    return make_team(country="TN")


@pytest.fixture
def study(team: Any) -> Any:
    from tests.factories import make_study

    return make_study(team=team)


@pytest.fixture
def coordinator(team: Any) -> Any:
    from accounts.permissions import Role
    from tests.factories import make_user

    return make_user(Role.COORDINATOR, team=team)


# --- A calling day ----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> Any:
    """A study, its staff and the people in it, for tests of calls and for stories."""
    from tests.followups.making import World

    return World()


# --- Browser ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real Chromium, started once; tests that need it are skipped, loudly, where none can be had."""
    found = chromium_finder.find()
    if found is None:
        pytest.skip(chromium_finder.NONE)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread; Django would refuse its database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.path), args=list(found.arguments), env=found.environment()
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A fresh page on a running server; relative addresses work: `browser_page.goto("/")`."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name every browser test that did not run: a silent skip reads like a pass."""
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if chromium_finder.NONE in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("BROWSER TESTS SKIPPED: no Chromium could be had", red=True, bold=True)
        for nodeid in skipped:
            terminalreporter.line(nodeid)
