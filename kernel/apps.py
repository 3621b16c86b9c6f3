"""What every room may use."""

from django.apps import AppConfig


class KernelApp(AppConfig):
    name = "kernel"

    def ready(self) -> None:
        from kernel import borrowed, holdings  # noqa: F401  (register the checks of what is held)
