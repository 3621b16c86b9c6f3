"""Processes that give one code once they are told to begin: `python -m tests.accounts.racer PERSON CODE HOW_MANY`.

Each is a process of its own with connections of its own; what they import is read once, before they part.
"""

import os
import sys
from types import SimpleNamespace

import django

django.setup()

from allauth.core.context import request_context  # noqa: E402
from django.db import connections  # noqa: E402

from accounts import factors  # noqa: E402
from accounts.models import User  # noqa: E402

person = User.objects.get(pk=sys.argv[1])
factors.factors_of(person)
connections.close_all()


def race(starting_line: int) -> str:
    """Connect, wait until the line is let go, and give the code."""
    runner = User.objects.get(pk=person.pk)
    factors.factors_of(runner)
    request = SimpleNamespace(second_factor_of=runner.pk, session={})
    say("ready")
    os.read(starting_line, 1)
    with request_context(request):
        return factors.kind_of_code(request=request, person=runner, code=sys.argv[2]) or "refused"


def say(word: str) -> None:
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


starting_line, held = os.pipe()
runners = []
for _n in range(int(sys.argv[3])):
    if (child := os.fork()) == 0:
        os.close(held)
        say(race(starting_line))
        os._exit(0)
    runners.append(child)
sys.stdin.readline()
# Closing the last end lets all of them go at once.
os.close(held)
for child in runners:
    os.waitpid(child, 0)
