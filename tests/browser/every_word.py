"""Settings as in config, with a second log beside the one that is kept: every word at DEBUG, before a filter blanks it.

Statements to the database are in it too, with their values. `EVERY_WORD` names the file.
"""

import logging
import os

from django.db.backends.signals import connection_created

from config.settings import *  # noqa: F403
from config.settings import LOGGING as KEPT


class Everything(logging.FileHandler):
    """Writes each record whole: its sentence, and whatever else somebody hung on it."""

    def format(self, record: logging.LogRecord) -> str:
        said = f"{record.process} {record.name} {record.getMessage()}"
        # The sentence of a statement has its values already.
        return said if record.name == "django.db.backends" else f"{said} {record.__dict__}"


def tell_statements(connection: object, **kwargs: object) -> None:
    """Have the statements logged without DEBUG, which would change what is served."""
    connection.force_debug_cursor = True


connection_created.connect(tell_statements)

LOGGING = {
    **KEPT,
    "handlers": {
        **KEPT["handlers"],
        "every_word": {"()": Everything, "filename": os.environ["EVERY_WORD"], "encoding": "utf-8"},
    },
    # First, because the filter of the log that is kept changes the record itself.
    "root": {"handlers": ["every_word", *KEPT["root"]["handlers"]], "level": "DEBUG"},
    "loggers": {
        **KEPT["loggers"],
        # What is kept stays as it is set for people; statements go to the second log only.
        "django.db.backends": {"level": "DEBUG", "handlers": ["every_word"], "propagate": False},
    },
}
