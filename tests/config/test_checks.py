"""What must hold before the server starts: the demo and practice calls stay where invented people are."""

import pytest

from config.checks import demo_stays_on_loopback, practice_is_for_invented_people


def ids(found):
    return [one.id for one in found]


def test_practice_calls_beside_peoples_data_are_refused(settings):
    settings.GATEWAY, settings.RECONTACT_DEMO, settings.DEBUG = "simulator", False, False

    assert ids(practice_is_for_invented_people(None)) == ["config.E003"]


@pytest.mark.parametrize(
    ("gateway", "demo", "debug"),
    [("plain", False, False), ("simulator", True, False), ("simulator", False, True)],
)
def test_real_calls_and_practice_in_a_demo_or_while_developing_are_not(settings, gateway, demo, debug):
    settings.GATEWAY, settings.RECONTACT_DEMO, settings.DEBUG = gateway, demo, debug

    assert practice_is_for_invented_people(None) == []


def test_a_demo_that_could_be_reached_from_elsewhere_or_could_dial_is_refused(settings):
    settings.RECONTACT_DEMO = True
    settings.ALLOWED_HOSTS, settings.GATEWAY = ["recontact.example.org"], "twilio"

    assert ids(demo_stays_on_loopback(None)) == ["config.E001", "config.E002"]
