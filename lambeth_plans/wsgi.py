"""The WSGI application that gunicorn serves; see docs/running.md."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lambeth_plans.settings")

application = get_wsgi_application()


def refuse_unsafe_start() -> None:
    """Raises SystemCheckError when the database holds demo accounts in production. A database that is down at the
    start is not a reason to stay down: /healthz says 503 until it is back."""
    from django.core.checks import run_checks
    from django.core.management.base import SystemCheckError
    from django.db import OperationalError

    try:
        errors = [error for error in run_checks(databases=["default"]) if error.is_serious()]
    except OperationalError:
        return
    if errors:
        raise SystemCheckError("\n".join(str(error) for error in errors))


refuse_unsafe_start()
