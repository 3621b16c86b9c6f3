"""Staff: who they are, what they may do, when they work."""

from django.apps import AppConfig


class AccountsApp(AppConfig):
    name = "accounts"
