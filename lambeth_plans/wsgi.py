"""The WSGI application that gunicorn serves; see docs/running.md."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lambeth_plans.settings")

application = get_wsgi_application()
