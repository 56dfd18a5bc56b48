"""What the settings promise. Each mode is tried in a process of its own, the way a server would start."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lambeth_plans.settings import DEFAULT_SECRET_KEY

PROJECT = Path(__file__).resolve().parent.parent
GOOD_PRODUCTION = {
    "LAMBETH_PLANS_MODE": "production",
    "SECRET_KEY": "a-long-text-that-nobody-else-knows-0123456789-abcdefghij",
    "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3",
    "ALLOWED_HOSTS": "plans.example.org",
}


def run_python(code: str, environment: dict[str, str | None]) -> subprocess.CompletedProcess:
    """Run code in the project's folder; a variable that is None is unset."""
    merged = {**os.environ, "DJANGO_SETTINGS_MODULE": "lambeth_plans.settings", **environment}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=PROJECT,
        env={name: value for name, value in merged.items() if value is not None},
        capture_output=True,
        text=True,
    )


def settings_of(environment: dict[str, str | None], *names: str) -> dict:
    code = f"import json, lambeth_plans.settings as s; print(json.dumps({{n: getattr(s, n) for n in {names!r}}}))"
    ended = run_python(code, environment)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def answer_of(path: str, environment: dict[str, str | None], **request: object) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of a GET from an application started with these settings."""
    code = f"""
        import json, logging, django
        django.setup()
        logging.disable()
        from django.test import Client
        answer = Client(raise_request_exception=False).get({path!r}, **{request!r})
        print(json.dumps([answer.status_code, dict(answer.headers), answer.content.decode()]))
    """
    ended = run_python(code, environment)
    assert ended.returncode == 0, ended.stderr
    return tuple(json.loads(ended.stdout))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": DEFAULT_SECRET_KEY}, "Set SECRET_KEY"),
        ({"DEBUG": "true"}, "DEBUG cannot be on"),
        ({"DATABASE_URL": None}, "Set DATABASE_URL"),
        ({"LAMBETH_PLANS_MODE": "staging"}, "must be production, demo or test"),
    ],
)
@pytest.mark.once
def test_production_refuses_to_start_unsafely(change, told):
    ended = run_python("import lambeth_plans.settings", GOOD_PRODUCTION | change)
    assert ended.returncode != 0
    assert told in ended.stderr


@pytest.mark.once
def test_production_is_the_mode_when_nothing_is_said():
    found = settings_of({**GOOD_PRODUCTION, "LAMBETH_PLANS_MODE": None}, "MODE", "DEBUG")
    assert found == {"MODE": "production", "DEBUG": False}


@pytest.mark.once
def test_production_sends_everything_but_the_health_check_over_tls():
    status, headers, _ = answer_of("/accounts/login/", GOOD_PRODUCTION, HTTP_HOST="plans.example.org")
    assert (status, headers["Location"]) == (301, "https://plans.example.org/accounts/login/")
    status, headers, _ = answer_of("/healthz", GOOD_PRODUCTION, HTTP_HOST="plans.example.org", secure=True)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.once
def test_production_keeps_a_pool_of_healthy_postgres_connections():
    url = "postgres://plans:secret@db.example.org:5432/plans"
    database = settings_of({**GOOD_PRODUCTION, "DATABASE_URL": url}, "DATABASES")["DATABASES"]["default"]
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["pool"]["max_size"] == 8
    assert "statement_timeout=30000" in database["OPTIONS"]["options"]
    assert "lock_timeout=10000" in database["OPTIONS"]["options"]


@pytest.mark.once
def test_sqlite_lets_people_read_while_one_writes(tmp_path):
    code = """
        import json, django
        django.setup()
        from django.db import connection, transaction
        from django.test.utils import CaptureQueriesContext
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            with connection.cursor() as cursor:
                found = [cursor.execute(f"PRAGMA {name}").fetchone()[0]
                         for name in ("journal_mode", "busy_timeout", "foreign_keys")]
        print(json.dumps([*found, queries[0]["sql"]]))
    """
    ended = run_python(code, {"LAMBETH_PLANS_MODE": "demo", "DATABASE_URL": f"sqlite:///{tmp_path}/plans.sqlite3"})
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == ["wal", 30_000, 1, "BEGIN IMMEDIATE"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_lock_for_ever():
    asked = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone()[0] == {"sqlite": 30_000, "postgresql": "10s"}[connection.vendor]
    with CaptureQueriesContext(connection) as queries, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert queries[0]["sql"] == {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}[connection.vendor]


@pytest.mark.django_db
def test_health_check_answers_anybody_and_is_never_kept(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite3", "postgres://nobody@127.0.0.1:1/none"])
@pytest.mark.once
def test_health_check_says_when_the_database_is_gone_and_not_why(url):
    status, headers, text = answer_of("/healthz", {"DATABASE_URL": url})
    assert (status, json.loads(text)) == (503, {"status": "unavailable"})
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
