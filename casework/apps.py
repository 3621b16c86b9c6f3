"""The verbs that touch several rooms."""

from django.apps import AppConfig


class CaseworkApp(AppConfig):
    name = "casework"
