"""What every room may use."""

from django.apps import AppConfig


class KernelApp(AppConfig):
    name = "kernel"

    def ready(self) -> None:
        from kernel import holdings  # noqa: F401  (registers the field classification check)
