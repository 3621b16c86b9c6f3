"""Where everything is: one line per room."""

from django.urls import include, path

from config import health, home, operator_views

urlpatterns = [
    path("", home.first_page, name="home"),
    path("", include("accounts.urls")),
    path("wordings/", include("consent.urls")),
    path("studies/", include("tracker.urls")),
    path("orientation/", include("orientation.urls")),
    path("calls/", include("followups.urls")),
    path("people/", include("casework.urls")),
    path("reports/", include("reports.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("background", operator_views.background, name="background"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
