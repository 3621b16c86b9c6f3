"""One measurement on databases made for it, in a process of its own; prints its figures, one JSON object a line.

python -m benchmarks.one MODULE DATABASE SIZE MAIN_ADDRESS VAULT_ADDRESS
python -m benchmarks.one migrate MAIN_ADDRESS VAULT_ADDRESS
"""

import json
import signal
import sys
from importlib import import_module

from benchmarks.ground import Pair, installation, migrate
from tests.services import postgres


def main(arguments: list[str]) -> int:
    # Told to stop, it takes its folder of keys away on the way out.
    signal.signal(signal.SIGTERM, postgres.leave)
    what, *rest, main_address, vault_address = arguments
    with installation(Pair(main_address, vault_address)):
        if what == "migrate":
            migrate()
            return 0
        database, size = rest
        for found in import_module(what).measure(int(size), database):
            print(json.dumps(found.as_json()), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
