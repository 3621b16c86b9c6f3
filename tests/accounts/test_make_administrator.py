"""The command that makes the first administrator of an empty database."""

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.permissions import Role
from audit.models import AuditEvent
from tests.accounts.people import administrator

pytestmark = pytest.mark.django_db


def make(*arguments):
    call_command("make_administrator", "--generate", "--username", *arguments)


def test_an_empty_database_gets_its_first_administrator_and_the_password_is_printed_once(capsys):
    make("ada", "--display-name", "Ada")

    ada = User.objects.get()
    printed = capsys.readouterr().out
    assert (ada.role, ada.display_name) == (Role.ADMINISTRATOR, "Ada")
    assert ada.check_password(printed.rsplit(" ", 1)[-1].strip())
    assert AuditEvent.objects.get().actor_id is None


def test_a_second_administrator_is_refused_unless_asked_for():
    administrator()

    with pytest.raises(CommandError, match="--another") as refusal:
        make("grace")

    assert refusal.value.returncode == 1
    assert User.objects.count() == 1


def test_another_administrator_is_made_when_asked_for():
    administrator()

    make("grace", "--another")

    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 2


def test_a_closed_account_does_not_count_as_an_administrator():
    ada = administrator()
    ada.is_active = False
    ada.save(update_fields=["is_active"])

    make("grace")

    assert User.objects.get(username="grace").is_active


def test_a_username_that_is_taken_or_badly_written_is_refused_with_a_sentence():
    administrator()

    with pytest.raises(CommandError, match="already"):
        make("ada", "--another")
    with pytest.raises(CommandError, match="small letters"):
        make("Ada Lovelace", "--another")

    assert User.objects.count() == 1


def test_wrong_usage_exits_with_two():
    run = subprocess.run(
        [sys.executable, "manage.py", "make_administrator"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 2
    assert "--username" in run.stderr
