"""After the main job a number stands nowhere in clear: not in a table, a session, the cache, a task, nor a log."""

import base64
import contextlib
import logging
import pickle
import re
import zlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from config.background import TICK_TASK
from followups.models import FollowUp
from followups.models.follow_ups import State
from kernel import clock
from tests.factories import PASSWORD
from tracker.models import Respondent

pytestmark = pytest.mark.browser

DIGITS = "7700900946"
"""The number as it is in every way of writing it: +44…, 0044…, 0… all end so."""
PACKED = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
WEB_SAFE = bytes.maketrans(b"+/", b"-_")


def rows_of(alias):
    """Every value of every table, of first-party models and all others, with the table's name."""
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connections[alias].ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                yield from ((table, value) for value in row if value is not None)


def unpacked(value):
    """A value as bytes, and what hides in it: sessions, the cache and tasks are packed in base64, and some in zlib."""
    raw = value if isinstance(value, bytes) else str(value).encode()
    yield raw
    for found in PACKED.findall(raw):
        decoded = base64.urlsafe_b64decode(found.translate(WEB_SAFE)[: len(found) // 4 * 4])
        yield decoded
        with contextlib.suppress(zlib.error):
            # A stream that lost its last bytes above is still read as far as it goes.
            yield zlib.decompressobj().decompress(decoded)


def places(digits):
    """The tables in which these digits stand in clear, in either database."""
    wanted = digits.encode()
    return {
        f"{alias}.{table}"
        for alias in ("default", "vault")
        for table, value in rows_of(alias)
        if any(wanted in re.sub(rb"[ ().-]", b"", one) for one in unpacked(value))
    }


@pytest.fixture
def every_word(settings):
    """What everything logs at DEBUG, statements of the database with their values included, before any filter."""
    said = []

    class Listening(logging.Handler):
        def emit(self, record):
            said.append(f"{record.getMessage()} {record.__dict__}")

    settings.DEBUG = True  # Django logs statements only then
    root, statements = logging.getLogger(), logging.getLogger("django.db.backends")
    before = [(logger, logger.level) for logger in (root, statements)]
    listening = Listening(logging.DEBUG)
    root.addHandler(listening)
    for logger, _level in before:
        logger.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(listening)
    for logger, level in before:
        logger.setLevel(level)


def enrol(page, panel):
    query = f"study={panel.study.pk}&team={panel.study.teams.get().pk}&language=en"
    page.goto(f"/people/enrol/?{query}")
    for purpose in ("interview", "keep_number", "recontact"):
        page.check(f"[name=answer_{purpose}][value=granted]")
    page.select_option("[name=stage]", "arrived")
    page.fill("[name=zone]", panel.people[0].zones[0])
    page.fill("[name=number1-raw]", "+44 7700 900946")
    page.click("button:has-text('Enrol')")
    return page.inner_text("h1").strip()


def make_only_them_callable(person):
    """As if the days until the window had passed for this person, and everybody else rested."""
    now = clock.now()
    owed, hour = FollowUp.objects.all(), timedelta(hours=1)
    owed.update(state=State.RESTING, ready_from=None, ready_until=None)
    owed.filter(respondent=person).update(
        state=State.READY, opens_at=now - hour, issued_at=now, ready_from=now - hour, ready_until=now + hour
    )


def test_a_number_stands_nowhere_in_clear_after_it_was_taken_down_called_and_the_outcome_recorded(
    panel, reader, every_word
):
    page = reader.page
    reader.sign_in(panel.enumerator)
    code = enrol(page, panel)
    person = Respondent.objects.get(code=code.replace("-", ""))
    make_only_them_callable(person)
    async_task(TICK_TASK)

    page.goto("/calls/")
    page.click("text=Next call")
    assert code in page.inner_text("h1")
    page.click("button:has-text('Call')")
    assert DIGITS in page.inner_text(".number")
    page.check("input[name=interview][value=yes]")
    page.check("input[name=disposition][value=completed]")
    page.click("button:has-text('Record')")
    assert "The next call is planned for" in page.inner_text("main")

    log = re.sub(r"[ ().-]", "", "\n".join(every_word))
    assert "INSERTINTO" in log
    assert DIGITS not in log
    assert PASSWORD.replace(" ", "") not in log
    assert OrmQ.objects.count() == 1
    assert places(DIGITS) == set()


@pytest.mark.django_db
def test_the_search_finds_a_number_wherever_somebody_might_leave_it(client):
    session = client.session
    session["last"] = "+447700900947"
    session.save()
    cache.set("last", {"number": "+447700900947"})
    async_task(TICK_TASK, "+447700900947")
    Task.objects.create(
        id="0" * 32, name="planted", func="f", started=clock.now(), stopped=clock.now(),
        args=pickle.dumps(("+447700900947",)),
    )  # fmt: skip

    assert places("7700900947") == {
        "default.django_session", "default.shared_cache", "default.django_q_ormq", "default.django_q_task"
    }  # fmt: skip
