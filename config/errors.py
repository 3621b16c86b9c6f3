"""Turns refusals into a page, a fragment or a problem+json body: what happened, what was kept, what to do."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from kernel.errors import DomainError

Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrors:
    """Renders every DomainError a view lets through; anything else is a programming fault and crashes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return _not_a_page(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return respond(request, exception) if isinstance(exception, DomainError) else None


domain_errors = DomainErrors


def respond(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal in the form the client asked for."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(as_problem(error), status=error.status, content_type="application/problem+json")
    is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "errors/_domain_error.html" if is_fragment else "errors/domain_error.html"
    return render(request, template, {"error": error, "back": page_before(request)}, status=error.status)


def page_before(request: HttpRequest) -> str:
    """The page of ours that led here, to go back to what is on it; "" for another host's and for this very page."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    path = before.split(request.get_host(), 1)[-1] if is_ours else ""
    # Asked of the path as well, by whoever knows which slashes a browser takes for the beginning of another host.
    is_a_page = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_a_page and path != request.get_full_path() else ""


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
    return _page(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: the shell around a page asks the database, which may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or from one that is too old."""
    return _page(request, "errors/forged.html", 403)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A refusal with the way back to the page that led to it."""
    return render(request, template, {"back": page_before(request)}, status=status)


def _not_a_page(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that only takes what a form sends, opened as a page: after a sign-in, say, or from the history."""
    page = render(request, "errors/405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
    page["Allow"] = refused["Allow"]
    return page
