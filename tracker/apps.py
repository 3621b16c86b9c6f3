"""Respondents, how to reach them safely, and where they are on their journey."""

from django.apps import AppConfig


class TrackerApp(AppConfig):
    name = "tracker"
