"""What every request passes through: one moment, the reader's own clock, pages no cache keeps, and closed doors."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kernel import clock

Handler = Callable[[HttpRequest], HttpResponse]


SWITCHED_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{name}=()" for name in SWITCHED_OFF),
        *(f"publickey-credentials-{verb}=(self)" for verb in ("create", "get")),
    ]
)
"""What a page of ours may ask of a phone: a passkey and nothing else."""


def closed_doors(get_response: Handler) -> Handler:
    """Tell browsers what no page of ours ever does, on every answer there is, refusals and redirects included."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return handle


def one_moment(get_response: Handler) -> Handler:
    """Give the request one `now`, so that everything decided in it is decided at the same moment."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def readers_clock(get_response: Handler) -> Handler:
    """Show every moment on the reader's own clock, unless a page names another."""

    def handle(request: HttpRequest) -> HttpResponse:
        with timezone.override(getattr(request.user, "time_zone", settings.TIME_ZONE)):
            return get_response(request)

    return handle


def private_pages(get_response: Handler) -> Handler:
    """Keep every page out of shared and private caches; static files are served before this point."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return handle
