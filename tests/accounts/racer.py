"""A process of its own that gives one code once it is told to begin: `python -m tests.accounts.racer PERSON CODE`."""

import sys
from types import SimpleNamespace

import django

django.setup()

from allauth.core.context import request_context  # noqa: E402

from accounts import factors  # noqa: E402
from accounts.models import User  # noqa: E402

person = User.objects.get(pk=sys.argv[1])
request = SimpleNamespace(second_factor_of=person.pk, session={})
factors.factors_of(person)
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.readline()
with request_context(request):
    sys.stdout.write(factors.kind_of_code(request=request, person=person, code=sys.argv[2]) or "refused")
