"""Two pages for machines: is the process up, and can it do its work."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import open_to_all
from config import readiness
from kernel import clock

PLAIN = "text/plain; charset=utf-8"


@open_to_all
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process does; asks nobody."""
    return HttpResponse("ok\n", content_type=PLAIN)


@open_to_all
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything it needs is there, else 503; either way one plain line per thing."""
    found = readiness.findings(clock.wall())
    is_ready = all(finding.is_well for finding in found)
    body = "\n".join(readiness.lines(found)) + "\n"
    return HttpResponse(body, status=200 if is_ready else 503, content_type=PLAIN)
