"""`python -m tests.followups.dying_tick AT STATEMENT`: a tick in a process of its own, killed at that statement."""

import os
import signal
import sys
from datetime import datetime
from itertools import count


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from followups.ticking.tick import tick

    at, place, seen = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), count()

    def dies(execute, sql, params, many, context):
        if next(seen) == place:
            # Not an exception: no cleaning up, no rollback of ours, the connection is simply gone.
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(dies):
        tick(at)


if __name__ == "__main__":
    main()
