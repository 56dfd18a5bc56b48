"""How long the pack of a publication takes, beside its raw SQL, and how long publishing takes.

    python bench/pack.py [--rounds 3]

Example Borough, published twice, on SQLite: the pack as a page, as Word and as a workbook, each made anew, and the two
files again as they are kept once somebody has had them made. *Raw SQL*: every statement that was asked, run again on a
bare cursor with all rows fetched. The two take turns in one process; medians are told.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.pages import BACKEND, start_django, statements_of

SLUG = "example-borough"
#: What is told of it, its page, and the kind of file to have made before.
PAGES = (
    ("page", "pack_page", ""),
    ("Word", "pack_word", ""),
    ("workbook", "pack_workbook", ""),
    ("Word, kept", "pack_word", "word"),
    ("workbook, kept", "pack_workbook", "workbook"),
)


def make() -> float:
    """Example Borough, published twice; how many seconds the second publication took."""
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from lambeth_plans.accounts.models import User
    from lambeth_plans.dashboards.actions import publish
    from lambeth_plans.imports import example_borough
    from objectives.models import Plan
    from tests import factories

    example_borough.make(timezone.localdate())
    plan = Plan.objects.get(slug=SLUG)
    factories.UserFactory(username="bench", role="analyst", councils=[plan.council])
    publish(plan=plan, after=0, by=User.objects.system())
    began = time.perf_counter()
    publish(plan=plan, after=1, by=User.objects.system())
    return time.perf_counter() - began


def measure(rounds: int) -> list[str]:
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from lambeth_plans.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="bench"), BACKEND)
    lines = []
    for name, page, kind in PAGES:
        address = reverse(page, args=[SLUG, 2])
        if kind:
            client.post(reverse("pack_make", args=[SLUG, 2, kind]))
        assert client.get(address).status_code == 200  # templates are compiled before
        statements = statements_of(client, address)
        pack, raw = [], []
        for _ in range(rounds):
            began = time.perf_counter()
            client.get(address)
            pack.append(time.perf_counter() - began)
            began = time.perf_counter()
            for sql, parameters in statements:
                with connection.cursor() as cursor:
                    cursor.execute(sql, parameters)
                    if cursor.description:
                        cursor.fetchall()
            raw.append(time.perf_counter() - began)
        took, asked = statistics.median(pack), statistics.median(raw)
        ratio = f"{took / asked:.1f} times its SQL"
        lines.append(
            f"{name:<15}{took * 1000:8.1f} ms {asked * 1000:8.1f} ms of SQL   {ratio}, {len(statements)} statements"
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the pack of a publication.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="lambeth-plans-bench-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        start_django()
        publishing = make()
        lines = measure(rounds)
        sys.stdout.write(f"The pack of Example Borough on SQLite, medians of {rounds} rounds\n" + "\n".join(lines))
        sys.stdout.write(f"\nPublishing it (seal, digest, search) took {publishing * 1000:.0f} ms.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
