"""What `manage.py up` refuses; what it does is played in test_up_faults.py."""

import socket

import pytest
from django.core.management import CommandError, call_command


def test_a_taken_port_is_refused_with_a_sentence_and_nothing_is_started():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(CommandError, match="Nothing was started"):
            call_command("up", port=other.getsockname()[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7"])
def test_the_demo_is_never_offered_to_other_machines(settings, host):
    settings.RECONTACT_DEMO = True

    with pytest.raises(CommandError, match="on this machine only"):
        call_command("up", host=host)
