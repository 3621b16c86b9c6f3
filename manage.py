#!/usr/bin/env python
"""Recontact's commands: `python manage.py help` lists them."""

import os
import sys


def main() -> None:
    """Run one command. Settings that are missing or wrong are answered with a sentence, not with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from environs import EnvError

    try:
        execute_from_command_line(sys.argv)
    except EnvError as wrong:
        sentence = str(wrong).rstrip(".")
        sys.stderr.write(f"{sentence}. Nothing was done. README.md, “For real”, lists what has to be set.\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
