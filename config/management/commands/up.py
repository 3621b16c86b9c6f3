"""`manage.py up`: the web server and the background worker under one supervisor."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.background import ask_for_a_tick, assert_schedules
from config.supervising import Patience, Program, Supervisor
from config.watching import WorkerPulse
from vault.checks import AT_THE_START

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = "Starts the web server and the background worker, and keeps both running until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--web-workers", type=int, default=2, help="processes of the web server")
        parser.add_argument("--threads", type=int, default=8, help="threads of each of them")
        parser.add_argument(
            "--stale-seconds",
            type=float,
            default=Patience.stale_seconds,
            help="replace a worker that gave no sign of life for so long (default: %(default)g); "
            "less heals sooner, and takes a busy machine for a stuck one sooner",
        )
        parser.add_argument(
            "--stop-seconds",
            type=float,
            default=Patience.stop_seconds,
            help="after Ctrl-C, how long what is being done may take to finish (default: %(default)g)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_other_machines_in_the_demo(options["host"])
        refuse_a_taken_port(options["host"], options["port"])
        self.check(tags=[AT_THE_START], include_deployment_checks=True)
        assert_schedules()
        patience = Patience(stale_seconds=options["stale_seconds"], stop_seconds=options["stop_seconds"])
        supervisor = Supervisor([web(options), worker(patience)], patience)
        supervisor.run()
        self.stdout.write("Stopped.")


def refuse_other_machines_in_the_demo(host: str) -> None:
    """The demo's relaxed sign-in is for this machine only."""
    if settings.RECONTACT_DEMO and host not in LOOPBACK:
        raise CommandError(f"The demo listens on this machine only, not on {host}. Leave --host out.")


def refuse_a_taken_port(host: str, port: int) -> None:
    """Say so at once, instead of a web server that is started again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does, so that a port just left is not called taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise CommandError(
                f"Cannot listen on {host} port {port} ({reason.strerror}). Nothing was started. "
                f"Stop what uses it, or choose another port: make demo PORT={port + 1}"
            ) from None


def web(options: dict[str, Any]) -> Program:
    """The web server. No control socket (nobody uses it) and no access log (addresses of staff are not ours)."""
    command = (
        *(sys.executable, "-m", "gunicorn", "config.wsgi"),
        *("--bind", f"{options['host']}:{options['port']}", "--chdir", str(settings.BASE_DIR)),
        *("--worker-class", "gthread", "--workers", str(options["web_workers"])),
        *("--threads", str(options["threads"]), "--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--graceful-timeout", "15", "--no-control-socket", "--log-level", "warning"),
    )
    return Program("web", command)


def worker(patience: Patience) -> Program:
    command = (sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster")
    return Program(
        "worker", command, WorkerPulse.for_patience(patience.stale_seconds), prepare=ask_for_a_tick
    )
