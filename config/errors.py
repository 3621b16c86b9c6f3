"""Turns refusals into a page, a fragment or a problem+json body: what happened, what was kept, what to do."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from kernel.errors import DomainError

Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrors:
    """Renders every DomainError a view lets through; anything else is a programming fault and crashes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return respond(request, exception) if isinstance(exception, DomainError) else None


domain_errors = DomainErrors


def respond(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal in the form the client asked for."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(as_problem(error), status=error.status, content_type="application/problem+json")
    is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "errors/_domain_error.html" if is_fragment else "errors/domain_error.html"
    return render(request, template, {"error": error}, status=error.status)


def as_problem(error: DomainError) -> dict[str, Any]:
    """The refusal as RFC 9457 problem details."""
    return {
        "type": f"about:blank#{error.code}",
        "title": str(error.sentence),
        "status": error.status,
        "detail": " ".join(str(part) for part in (error.kept, error.next_step) if part),
        "code": error.code,
    }


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: the shell around a page asks the database, which may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or from one that is too old."""
    return render(request, "errors/403.html", status=403)
