"""The page of the register: what is held, for whoever answers for it."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import requires
from accounts.permissions import Permission
from casework import retention
from casework.register import document
from casework.retaining.terms import TERMS
from kernel import clock
from reports.trail_words import RETAINED


@require_GET
@requires(Permission.SEE_REGISTER)
def register(request: Any) -> HttpResponse:
    """Everything the register says, by room; and what the retention job has due. The look leaves a trace."""
    found = document.read(by=request.user, now=request.now)
    context = {
        "register": found,
        "not_held": document.NOT_HELD,
        "terms": TERMS.items(),
        "rooms": [(room, list(lines)) for room, lines in groupby(found.lines, key=lambda line: line.room)],
        "due": [(RETAINED[one.name], one) for one in retention.due(request.now, wall=clock.wall())],
    }
    return render(request, "reports/register.html", context)
