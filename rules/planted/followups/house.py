# Planted: other doors to the world, the clock and chance.
# ruleid: house-reaches-the-network
import requests

# ruleid: house-chance-that-can-be-guessed
import random

import secrets

# ruleid: house-debugging-left-on
DEBUG = True


def now():
    # ruleid: house-reads-the-wall-clock
    return datetime.now(tz=UTC)


def tell(what):
    # ruleid: house-prints
    print(what)


def carry_on(work):
    # ruleid: house-swallows-faults
    try:
        work()
    except Exception:
        pass


def carry_on_and_tell(work):
    try:
        work()
    except Exception:
        log.exception("the work failed")
