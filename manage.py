#!/usr/bin/env python3
"""Runs Django's commands. Says what to install where Python or Django is not there yet.

Until it has said so, it keeps to syntax that old Pythons can read.
"""

import os
import sys

_SET_UP = (
    "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . "
    "&& .venv/bin/python manage.py demo"
)


def _missing() -> str:
    """What this Python lacks to run On Record, or an empty string."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is just whom this is for
        return "On Record needs Python 3.11 or newer; this is Python " + sys.version.split()[0]
    try:
        import django  # noqa: F401 - asked for here only to see whether it is there
    except ModuleNotFoundError:
        return "On Record needs Django, which " + sys.executable + " does not have"
    return ""


def main() -> None:
    missing = _missing()
    if missing:
        sys.exit(missing + ". To set everything up and see the demo, run:\n\n    " + _SET_UP + "\n")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # it names the variable: a traceback would only hide it


if __name__ == "__main__":
    main()
