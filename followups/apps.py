"""Plans, the call queue, attempts and what came of them."""

from django.apps import AppConfig


class FollowupsApp(AppConfig):
    name = "followups"
