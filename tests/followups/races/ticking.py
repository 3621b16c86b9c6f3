"""One process that ticks without a pause. python -m tests.followups.races.ticking"""

import sys
import time
from datetime import UTC, datetime

import django


def main() -> None:
    django.setup()
    from django.db import OperationalError

    from followups.ticking.tick import tick

    while True:
        try:
            tick(datetime.now(UTC), work_seconds=1)
        except OperationalError as away:
            print(f"ticks again: {away}", file=sys.stderr)  # noqa: T201
        time.sleep(0.2)


if __name__ == "__main__":
    main()
