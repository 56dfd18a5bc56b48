"""How gunicorn serves Lambeth Plans: `gunicorn --config deploy/gunicorn.conf.py lambeth_plans.wsgi`."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", os.cpu_count() or 2))
# Threads, because browsers open connections ahead of need, and each would hold a worker that has none.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", 4))
# An import of 100,000 rows takes seconds; nothing takes a minute.
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker starts afresh now and then, at different times, so that memory cannot creep up for months.
max_requests = 5_000
max_requests_jitter = 500
# Nobody steers the server through a socket; systemd does.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None
