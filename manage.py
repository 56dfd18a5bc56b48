#!/usr/bin/env python
"""Django's command line. Reads `var/demo.env` when `make demo` has written one and nothing else is set."""

import os
import sys
from pathlib import Path

DEMO_SETTINGS = Path(__file__).resolve().parent / "var" / "demo.env"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lambeth_plans.settings")
    if "LAMBETH_PLANS_ENV" not in os.environ and "SECRET_KEY" not in os.environ and DEMO_SETTINGS.exists():
        os.environ["LAMBETH_PLANS_ENV"] = str(DEMO_SETTINGS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
