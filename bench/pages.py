"""How fast the pages of judged indicators are, as ratios to the raw SQL that they need.

    python bench/pages.py [--rounds 5] [--only sqlite|postgresql]

An indicator page with 120 points (goal: 5 times its SQL) and a list of 200 indicators with 36 points each and their
sparklines (goal: 8 times); a plan on a page, of a plan with twenty records of every kind (told without a goal: it
holds many judgements and few rows). *Raw SQL*: every statement the page asked, run again on a bare cursor with all
rows fetched, nothing made of them. The two take turns on one database in one process; medians are told. Exits 1 where
a goal is missed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
INDICATORS, MONTHS, LONG = 200, 36, 120
PAIRS = 10
GOALS = {"indicator page, 120 points": 5, "list of 200 indicators": 8}
BACKEND = "lambeth_plans.accounts.backends.RoleBackend"


def start_django() -> None:
    os.environ.setdefault("LAMBETH_PLANS_MODE", "test")
    os.environ.setdefault("SECRET_KEY", "known-to-everybody-and-only-for-the-bench-of-lambeth-plans")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lambeth_plans.settings"
    import django

    django.setup()


def make() -> None:
    """A plan of 200 indicators, one of them with 120 months, all with targets; one group of ten neighbours."""
    from decimal import Decimal
    from random import Random

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from kpis.models import Outturn, Target
    from lambeth_plans import history, periods
    from lambeth_plans.accounts.models import User
    from tests import factories

    chance, by = Random(1), User.objects.system()  # noqa: S311 - no secret hangs on it
    with factories.written_by(by):
        council = factories.CouncilFactory(slug="bench")
        user = factories.UserFactory(username="bench", role="analyst", councils=[council])
        plan = factories.PlanFactory(council=council, slug="bench")
        owner = factories.OfficerFactory(council=council)
        group = factories.ComparatorGroupFactory(council=council, members=[f"Area {n}" for n in range(10)])
        outturns, targets = [], []
        for number in range(INDICATORS):
            indicator = factories.IndicatorFactory(council=council, key=f"in{number}", frequency="month")
            factories.PlanIndicatorFactory(
                plan=plan,
                indicator=indicator,
                key=f"in{number}",
                order=number,
                owner=owner,
                group=f"Group {number % 8}",
            )
            first = periods.month(2016, 4) if number == 0 else periods.month(2023, 4)
            for _ in range(LONG if number == 0 else MONTHS):
                outturns.append(
                    Outturn(indicator=indicator, period=first, value=Decimal(chance.randint(700, 900)) / 10)
                )
                targets.append(
                    Target(indicator=indicator, period=first, value=Decimal(82), amber=Decimal(5), rule_kind="points")
                )
                first = periods.following(first)
        for area in range(10):
            for year in (2022, 2023, 2024):
                factories.BenchmarkFactory(
                    indicator_id=outturns[0].indicator_id,
                    group=group,
                    area=f"Area {area}",
                    period=periods.financial_year(year),
                    value=Decimal(chance.randint(700, 900)) / 10,
                )
        history.create_all(outturns, by=by, reason="For the bench.")
        history.create_all(targets, by=by, reason="For the bench.")
    assert user.pk
    from tests.stage import set_stage

    set_stage("whole", times=PAIRS)


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Medians in seconds by page: `page` and `sql`, and how many statements it asks."""
    from django.db import connection
    from django.test import Client

    from lambeth_plans.accounts.models import User

    addresses = {
        "indicator page, 120 points": ("bench", "/plans/bench/indicators/in0/"),
        "list of 200 indicators": ("bench", "/plans/bench/indicators/?show=all"),
        "plan on a page": ("whole-analyst", "/plans/whole-plan/on-a-page/"),
    }
    told = {}
    for name, (who, address) in addresses.items():
        client = Client()
        client.force_login(User.objects.get(username=who), BACKEND)
        assert client.get(address).status_code == 200  # templates are compiled before
        statements = statements_of(client, address)
        times: dict[str, list[float]] = {"page": [], "sql": []}
        for _ in range(rounds + 1):
            began = time.perf_counter()
            client.get(address)
            times["page"].append(time.perf_counter() - began)
            began = time.perf_counter()
            for sql, parameters in statements:
                with connection.cursor() as cursor:
                    cursor.execute(sql, parameters)
                    if cursor.description:
                        cursor.fetchall()
            times["sql"].append(time.perf_counter() - began)
        told[name] = {what: statistics.median(each[1:]) for what, each in times.items()}
        told[name]["statements"] = len(statements)
    return told


def statements_of(client, address: str) -> list[tuple]:
    """What a page asks, with its parameters."""
    from django.db import connection

    found = []

    def note(execute, sql, parameters, many, context):
        found.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        client.get(address)
    return found


def run(url: str, rounds: int) -> dict[str, dict[str, float]]:
    environment = os.environ | {"DATABASE_URL": url}
    for part in ("make", f"measure:{rounds}"):
        ended = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, __file__, part], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return json.loads(ended.stdout.splitlines()[-1])


def main() -> bool:
    from tests.postgres import throw_away_postgres

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="lambeth-plans-bench-") as folder:
        if options.only != "postgresql":
            results["SQLite"] = run(f"sqlite:///{folder}/pages.sqlite3", options.rounds)
        if options.only != "sqlite":
            with throw_away_postgres() as url:
                results["PostgreSQL"] = run(url, options.rounds)
    sys.stdout.write("| database, page | page | raw SQL | ratio | goal | statements |\n|---|---|---|---|---|---|\n")
    holds = True
    for database, pages in results.items():
        for name, found in pages.items():
            ratio = found["page"] / found["sql"]
            goal = GOALS.get(name)
            holds = holds and (goal is None or ratio <= goal)
            page, sql = (found[what] * 1000 for what in ("page", "sql"))
            sys.stdout.write(
                f"| {database}, {name} | {page:.0f} ms | {sql:.1f} ms | {ratio:.1f} | {goal or '–'} | "
                f"{found['statements']:.0f} |\n"
            )
    return holds


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "make":
        start_django()
        make()
    elif len(sys.argv) > 1 and sys.argv[1].startswith("measure:"):
        start_django()
        sys.stdout.write(json.dumps(measure(int(sys.argv[1].partition(":")[2]))) + "\n")
    else:
        sys.exit(not main())
