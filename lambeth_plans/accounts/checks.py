"""Start-up checks: production refuses to run with demo accounts."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.database)
def no_demo_accounts_in_production(app_configs, databases, **kwargs):
    """Fails when a demo account can log in outside demo mode. Runs with the database checks (`migrate`, and
    `check --database default`); wsgi.py runs it too, so that a server does not start."""
    if settings.MODE != "production" or not databases:
        return []
    from django.db import connection

    from lambeth_plans.accounts.models import User

    if User._meta.db_table not in connection.introspection.table_names():
        return []
    names = list(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    if not names:
        return []
    return [
        Error(
            f"Demo accounts can log in: {', '.join(names)}.",
            hint="Production needs a database without demo accounts. Deactivate them or use another database.",
            id="accounts.E001",
        )
    ]
