"""The search of `test_running_server` finds what somebody might leave: planted in each of the places it looks in."""

import base64
import json
import logging
import pickle
import sqlite3
import zlib
from contextlib import closing

import pytest
from django.core.cache import cache
from django.db import connections
from django_q.models import Task
from django_q.tasks import async_task

from config.background import TICK_TASK
from kernel import clock
from tests.browser.searching import answers_in, files_with, found_in, kept_by, pages_with, tables_with

pytestmark = pytest.mark.browser

NUMBER = "+44 7700 900947"
NOTE = "the heron with one blue leg"
SECRETS = (NUMBER, NOTE)
PAGE = f"<!doctype html><title>Somebody</title><p>Call +44 (0)77&nbsp;00 900-947: {NOTE.title()}</p>"
STORES = {
    "localStorage": "note => { localStorage.note = note }",
    "sessionStorage": "note => { sessionStorage.note = note }",
    "a cookie": "note => { document.cookie = `note=${encodeURIComponent(note)}` }",
    "the title": "note => { document.title = note }",
    "Cache Storage": "async note => { await (await caches.open('kept')).put('/kept', new Response(note)) }",
    "IndexedDB": """note => new Promise((done) => {
      const opening = indexedDB.open("kept");
      opening.onupgradeneeded = () => opening.result.createObjectStore("notes");
      opening.onsuccess = () => {
        const writing = opening.result.transaction("notes", "readwrite");
        writing.objectStore("notes").put(note, "first");
        writing.oncomplete = () => done();
      };
    })""",
}


@pytest.mark.django_db
def test_a_number_is_found_in_a_session_the_cache_a_queued_task_and_a_task_that_ran(client):
    session = client.session
    session["last"] = "+447700900947"
    session.save()
    cache.set("last", {"number": "+447700900947"})
    async_task(TICK_TASK, "+447700900947")
    Task.objects.create(
        id="0" * 32, name="planted", func="f", started=clock.now(), stopped=clock.now(),
        args=pickle.dumps(("+447700900947",)),
    )  # fmt: skip

    with connections["default"].cursor() as cursor:
        found = tables_with(cursor, SECRETS)

    assert found == {
        (table, NUMBER) for table in ("django_session", "shared_cache", "django_q_ormq", "django_q_task")
    }


def test_a_deleted_row_is_found_in_the_bytes_of_the_database_and_a_new_one_in_its_write_ahead_log(tmp_path):
    with closing(sqlite3.connect(tmp_path / "main.sqlite3")) as database:
        # Where nobody asks for secure_delete, what is deleted stays in the file.
        database.executescript("PRAGMA secure_delete=OFF; CREATE TABLE t (note); CREATE TABLE u (number)")
        database.execute("INSERT INTO t VALUES (?)", (NOTE,))
        database.commit()
        database.execute("DELETE FROM t")
        database.commit()
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("INSERT INTO u VALUES (?)", ("0044 7700 900947",))
        database.commit()

        found = files_with(tmp_path, SECRETS)

        assert tables_with(database.cursor(), [NOTE]) == set()
    assert found >= {("main.sqlite3", NOTE), ("main.sqlite3-wal", NUMBER)}


@pytest.mark.parametrize(
    "line",
    [
        b"asked for +447700900947",
        b"asked for 07700 900 947 on foot",
        b"GET /people/?said=%2B44%207700%20900947",
        b"{'said': ['+44-7700-900947']}",
        b"said " + base64.b64encode(b"number=+447700900947 note=none"),
        b"said ." + base64.urlsafe_b64encode(zlib.compress(b"somebody said +447700900947 to us")),
        b"said " + b"+447700900947".hex().encode(),
    ],
)
def test_a_number_is_found_in_a_line_of_a_log_in_whatever_way_it_is_written(tmp_path, line):
    (tmp_path / "kept.log").write_bytes(b"2026-03-10 DEBUG web nothing\n" + line + b"\nmore\n")

    assert files_with(tmp_path, SECRETS) == {("kept.log", NUMBER)}


def test_what_the_filter_blanks_is_found_in_the_log_of_every_word(tmp_path, monkeypatch):
    monkeypatch.setenv("EVERY_WORD", str(tmp_path / "every-word.log"))
    from tests.browser.every_word import Everything

    handler = Everything(tmp_path / "every-word.log")
    record = logging.LogRecord("web", logging.DEBUG, __file__, 1, "said %s", (NUMBER,), None)
    record.note = NOTE
    handler.handle(record)
    handler.close()

    assert files_with(tmp_path, SECRETS) == {("every-word.log", NUMBER), ("every-word.log", NOTE)}


@pytest.fixture
def planted(chromium, tmp_path):
    """A page of a server that keeps no secret, in a browser that records every answer."""
    context = chromium.new_context(record_har_path=tmp_path / "answers.har", record_har_content="embed")
    context.route("**/*", lambda asked: asked.fulfill(content_type="text/html", body=PAGE))
    yield context.new_page()
    context.close()


def test_a_secret_is_found_in_an_answer_to_a_browser_and_in_an_address(planted, tmp_path):
    for address in ("http://localhost/calm", f"http://localhost/found?note={NOTE}"):
        # Chromium drops the body of a page it leaves: read first, or the record may hold none.
        assert planted.goto(address).body()
    planted.context.close()

    answers = list(answers_in(tmp_path / "answers.har"))

    assert pages_with(answers, SECRETS) >= {
        ("GET /calm", NUMBER), ("GET /calm", NOTE), ("GET /found", NUMBER), ("GET /found", NOTE)
    }  # fmt: skip
    assert found_in(next(one.around for one in answers if one.page == "GET /found"), SECRETS) == {NOTE}


@pytest.mark.parametrize("store", STORES)
def test_a_secret_is_found_in_whatever_a_browser_keeps_it_in(planted, store):
    planted.goto("http://localhost/calm")
    before = found_in(kept_by(planted), SECRETS)

    planted.evaluate(STORES[store], NOTE)

    assert (before, found_in(kept_by(planted), SECRETS)) == (set(), {NOTE})


def test_what_is_only_like_a_secret_is_not_taken_for_one():
    assert (
        found_in(json.dumps({"number": "+447700900948", "note": "the heron with one red leg"}), SECRETS)
        == set()
    )
