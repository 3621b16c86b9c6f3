"""Partners, what they offer, and the requests respondents made."""

from django.apps import AppConfig


class OrientationApp(AppConfig):
    name = "orientation"
