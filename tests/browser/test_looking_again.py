"""While the demo's clock runs fast, a first page moves by itself and takes nothing from under a person's hands."""

import re
from datetime import timedelta

import pytest

from followups.models import FollowUp
from followups.models.follow_ups import State
from kernel import clock
from kernel.courses import Course

pytestmark = pytest.mark.browser
HELD = "document.activeElement.dataset.held === 'yes' && document.activeElement.isConnected"


@pytest.fixture
def running_demo(settings, tmp_path):
    settings.RECONTACT_DEMO = True
    settings.DEMO_CLOCK_FILE = tmp_path / "demo-clock.json"
    clock.keep(Course().onward(since=clock.wall(), speed=2, lasting=timedelta(minutes=5)))


def test_today_counts_again_by_itself(running_demo, panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    assert page.inner_text(".headline-count b") != "0"

    FollowUp.objects.filter(state=State.READY).rest_until(clock.now() + timedelta(days=1))

    page.locator(".headline-count b", has_text=re.compile("^0$")).wait_for(timeout=15_000)
    assert "2 times faster" in page.inner_text(".banner")
    assert reader.faults == []


def test_what_somebody_is_about_to_press_is_not_taken_from_under_their_hands(running_demo, panel, reader):
    page = reader.page
    reader.sign_in(panel.enumerator)
    page.focus("button:has-text('Next call')")
    page.evaluate("document.activeElement.dataset.held = 'yes'")
    before = page.inner_text(".banner")

    FollowUp.objects.filter(state=State.READY).rest_until(clock.now() + timedelta(days=1))
    clock.keep(Course().onward(since=clock.wall(), speed=3, lasting=timedelta(minutes=5)))
    page.locator(".banner", has_text="3 times faster").wait_for(timeout=15_000)

    assert "2 times faster" in before
    assert page.evaluate(HELD)
    assert reader.faults == []
