"""The trail."""

from django.apps import AppConfig


class AuditApp(AppConfig):
    name = "audit"
