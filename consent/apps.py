"""What people agreed to, in which words, and until when."""

from django.apps import AppConfig


class ConsentApp(AppConfig):
    name = "consent"
