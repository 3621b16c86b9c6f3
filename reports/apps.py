"""What coordinators read; writes nothing."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "reports"
