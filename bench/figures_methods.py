"""What `bench/figures_import.py` measures: the file, the database it comes into, and each way of bringing it in.

    python bench/figures_methods.py make ROWS OTHERS | run METHOD FILE

works on the database in DATABASE_URL; `run` answers with one line of JSON.
"""

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
PERIODS = [f"{month} {year}" for year in range(2011, 2020) for month in
           ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")][:100]  # fmt: skip
HEADINGS = ("Indicator", "Title", "Period", "Value", "Note")
TARGETS = 12  # of each indicator, for the last months
LIMIT = 2_000_000


# The file


def lines(rows: int) -> Iterator[tuple[int, str, str, str]]:
    """Number of the indicator, period, held value ("" where the figure is new) and value in the file."""
    chance = random.Random(4)  # noqa: S311 - figures, not secrets
    for number in range(rows):
        held = round(chance.uniform(10, 90), 1)
        kind = number % 20
        value = round(held + 0.7, 1) if kind in (1, 2, 3) else held
        yield number // 100, PERIODS[number % 100], "" if kind == 0 else str(held), str(value)


def file_of(rows: int) -> list[tuple[str, ...]]:
    return [
        HEADINGS,
        *(
            (f"B.{which:04d}", f"Indicator {which} of the bench", period, value, "")
            for which, period, _, value in lines(rows)
        ),
    ]


def as_csv(rows: int) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(file_of(rows))
    return out.getvalue().encode()


def as_xlsx(rows: int) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()  # with shared texts, as spreadsheet programs write them
    page = workbook.active
    for line in file_of(rows):
        page.append(
            [float(cell) if number == 3 and cell[0].isdigit() else cell or None for number, cell in enumerate(line)]
        )
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


# The database


def start_django() -> None:
    os.environ |= {
        "LAMBETH_PLANS_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "lambeth_plans.settings",
        "UPLOAD_LIMIT_ROWS": str(LIMIT),
    }
    import django

    django.setup()


def make(rows: int, others: int) -> None:
    """A council with its indicators, the figures that the file is held against, and as many others as asked for."""
    start_django()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables, without the past
    call_command("migrate", run_syncdb=True, verbosity=0)
    from kpis.models import Target
    from lambeth_plans import history
    from lambeth_plans.accounts.models import Council, User

    by = User.objects.create_user("bench", role="analyst", name="The bench")
    council = history.save(Council(slug="bench", name="Bench", is_invented=True), by=by)
    elsewhere = history.save(Council(slug="elsewhere", name="Elsewhere", is_invented=True), by=by)
    history.save(by, by=by, links={"councils": [council]})
    made, further = _indicators(council, rows // 100, by), _indicators(elsewhere, others // 100, by)
    targets = []
    for indicator in made:
        for period in PERIODS[-TARGETS:]:
            targets.append(Target(indicator=indicator, value=60, amber=5, rule_kind="points"))
            targets[-1].period = period
    history.create_all(targets, by=by)
    _figures([(made[which].pk, period, held) for which, period, held, _ in lines(rows) if held], by)
    _figures([(indicator.pk, period, "50") for indicator in further for period in PERIODS], by)
    _plan(council, made[:50], by)
    _settle()


def _indicators(council: Any, number: int, by: Any) -> list[Any]:
    from kpis.models import Indicator, IndicatorCode
    from lambeth_plans import history

    shared = {"unit": "%", "decimals": 1, "polarity": "higher", "polarity_standing": "stated", "frequency": "month"}
    made = [
        Indicator(council=council, key=f"b-{n}", title=f"Indicator {n} of the bench", **shared) for n in range(number)
    ]
    made = history.create_all(made, by=by)
    codes = [IndicatorCode(council=council, indicator=each, code=f"B.{n:04d}") for n, each in enumerate(made)]
    for code in codes:
        code.clean()
    history.create_all(codes, by=by)
    return made


def _figures(held: list[tuple[int, str, str]], by: Any) -> None:
    from django.db import connection

    from kpis.models import Outturn
    from lambeth_plans import periods, staging

    days = connection.ops.adapt_datefield_value
    known = {text: periods.parse(text) for text in PERIODS}
    places = {text: ("month", days(period.start), days(period.end)) for text, period in known.items()}
    names = ("indicator_id", "period_kind", "period_start", "period_end", "value", "value_as_stated", "reason",
             "status", "note")  # fmt: skip
    rows = [(None, 0, pk, *places[period], value, value, "", "", "", "") for pk, period, value in held]
    staging.merge(Outturn, names, rows, unique=names[:3], by=by)


def _plan(council: Any, indicators: list[Any], by: Any) -> None:
    """A plan whose page somebody reads while the figures come in."""
    from kpis.models import PlanIndicator
    from lambeth_plans import history
    from objectives.models import Plan

    plan = Plan(slug="bench", council=council, title="A plan", start_date="2011-04-01", end_date="2030-03-31")
    plan = history.save(plan, by=by)
    history.create_all(
        [PlanIndicator(plan=plan, indicator=each, key=each.key, title=each.title) for each in indicators], by=by
    )


def _settle() -> None:
    """Statistics for the planner, and all of it on the disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# The methods


def ours(file: Path) -> dict[str, float]:
    """The product itself: read, validated, previewed, confirmed with base versions checked and full history."""

    from lambeth_plans.accounts.models import Council, User
    from lambeth_plans.imports.actions import confirm_batch, upload_figures

    by, council = User.objects.get(username="bench"), Council.objects.get(slug="bench")
    began = time.perf_counter()
    batch = upload_figures(
        council=council, file_name=file.name, content=file.read_bytes(), sheet="", reason="Bench", by=by
    )
    previewed = time.perf_counter()
    batch = confirm_batch(batch=batch, by=by)
    ended = time.perf_counter()
    assert batch.is_applied, batch.errors[:3]
    return {"seconds": ended - began, "preview": previewed - began, "confirm": ended - previewed}


def statements(file: Path) -> dict[str, float]:
    """How many SQL statements ours takes, BEGIN and COMMIT too (counting slows it down, so it is a run of its own)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as told:
        found = ours(file)
    copies = connection.vendor == "postgresql"  # COPY goes past the counter
    who_and_where = 2  # asked for before the clock starts
    return found | {"statements": len(told) + copies - who_and_where}


def floor(file: Path) -> dict[str, float]:
    """Reads, stages, upserts, writes history; checks nothing."""
    from django.db import connection, transaction
    from django.utils import timezone

    from kpis.models import IndicatorCode
    from lambeth_plans import periods

    connection.ensure_connection()
    began = time.perf_counter()
    with file.open(newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        known = dict(IndicatorCode.objects.values_list("code", "indicator"))
        starts = {text: periods.parse(text) for text in PERIODS}
        days = {text: (str(period.start), str(period.end)) for text, period in starts.items()}
        staged = [(known[row[0]], *days[row[2]], row[3], row[4]) for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        _floor_in_sql(cursor, connection.vendor, staged, timezone.now())
    return {"seconds": time.perf_counter() - began}


def _floor_in_sql(cursor: object, vendor: str, staged: list[tuple], now: object) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE floor_rows "
        "(indicator_id bigint, period_start date, period_end date, value decimal, note text)"
    )
    if vendor == "postgresql":
        with cursor.copy("COPY floor_rows FROM STDIN") as copy:
            for row in staged:
                copy.write_row(row)
    else:
        cursor.executemany("INSERT INTO floor_rows VALUES (%s, %s, %s, %s, %s)", staged)
    distinct = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    same = "o.indicator_id = f.indicator_id AND o.period_kind = 'month' AND o.period_start = f.period_start"
    cursor.execute(
        "CREATE TEMPORARY TABLE floor_changes AS SELECT f.*, o.id AS held FROM floor_rows f"  # noqa: S608
        f" LEFT JOIN kpis_outturn o ON {same} WHERE o.value {distinct} f.value"
    )
    cursor.execute(
        "INSERT INTO kpis_outturn (indicator_id, period_kind, period_start, period_end, value, value_as_stated, reason,"
        " status, note, version) SELECT indicator_id, 'month', period_start, period_end, value, value, '', '', note, 1"
        " FROM floor_changes WHERE true ON CONFLICT (indicator_id, period_kind, period_start) DO UPDATE SET"
        " value = excluded.value, value_as_stated = excluded.value_as_stated, note = excluded.note,"
        " version = kpis_outturn.version + 1"
    )
    cursor.execute(
        "INSERT INTO kpis_historicaloutturn (id, version, period_kind, period_start, period_end, value,"  # noqa: S608
        " value_as_stated, reason, numerator, denominator, status, note, indicator_id, actor, recorded_at, batch,"
        " links, history_date, history_type, history_change_reason, history_user_id)"
        " SELECT o.id, o.version, o.period_kind, o.period_start, o.period_end, o.value, o.value_as_stated, o.reason,"
        " o.numerator, o.denominator, o.status, o.note, o.indicator_id, 'Bench', %s, 'floor', '{}', %s,"
        " CASE WHEN f.held IS NULL THEN '+' ELSE '~' END, 'Floor', NULL"
        f" FROM floor_changes f JOIN kpis_outturn o ON {same}",
        [now, now],
    )
    cursor.execute("DROP TABLE floor_changes")
    cursor.execute("DROP TABLE floor_rows")


def peer(file: Path) -> dict[str, float]:
    """django-import-export with its defaults: a dry run, then the import."""
    import tablib
    from import_export import fields, resources, widgets

    from kpis.models import Indicator, Outturn
    from lambeth_plans import history

    class ByCode(widgets.ForeignKeyWidget):
        def get_queryset(self, value, row, *args, **kwargs):
            return Indicator.objects.filter(codes__code=value, council__slug="bench")

        def clean(self, value, row=None, **kwargs):
            return self.get_queryset(value, row).get()

    class OutturnResource(resources.ModelResource):
        indicator = fields.Field("indicator", "Indicator", widget=ByCode(Indicator))
        period_start = fields.Field("period_start", "Start", widget=widgets.DateWidget())
        value = fields.Field("value", "Value", widget=widgets.DecimalWidget())
        note = fields.Field("note", "Note")

        class Meta:
            model = Outturn
            import_id_fields = ("indicator", "period_start")
            fields = ("indicator", "period_start", "value", "note")

        def before_save_instance(self, instance, row, **kwargs):
            from lambeth_plans import periods

            instance.period = periods.month_of(instance.period_start)
            # The records refuse to be saved past their history; the peer knows none.
            instance._is_being_recorded = True

    from lambeth_plans import periods

    assert history
    began = time.perf_counter()
    with file.open(newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        data = tablib.Dataset(headers=("Indicator", "Start", "Value", "Note"))
        for code, _, period, value, note in rows:
            data.append((code, periods.parse(period).start.isoformat(), value, note))
    for dry in (True, False):
        result = OutturnResource().import_data(data, dry_run=dry, raise_errors=True)
        assert not result.has_errors()
    return {"seconds": time.perf_counter() - began}


def read_openpyxl(file: Path) -> dict[str, float]:
    """Reading the workbook with openpyxl, a row at a time, with nothing done about it."""
    import openpyxl

    began = time.perf_counter()
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    counted = sum(1 for _ in workbook.active.iter_rows(values_only=True))
    assert counted > 1
    return {"seconds": time.perf_counter() - began}


METHODS: dict[str, tuple[Callable[[Path], dict[str, float]], str]] = {
    "floor": (floor, "csv"),
    "ours, CSV": (ours, "csv"),
    "ours, xlsx": (ours, "xlsx"),
    "openpyxl": (read_openpyxl, "xlsx"),
    "peer": (peer, "csv"),
    "statements": (statements, "csv"),
}


def page(file: Path) -> dict[str, float]:
    """The slowest page that a colleague is served while a process of its own brings the file in."""
    from django.test import Client

    from lambeth_plans.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="bench"), "lambeth_plans.accounts.backends.RoleBackend")
    address = "/plans/bench/indicators/"
    assert client.get(address).status_code == 200  # templates are compiled before
    importing = subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, __file__, "run", "ours, CSV", str(file)], stdout=subprocess.DEVNULL
    )
    slowest = 0.0
    while importing.poll() is None:
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        slowest = max(slowest, time.perf_counter() - began)
    assert importing.returncode == 0
    return {"seconds": slowest}


METHODS["page"] = (page, "csv")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), int(sys.argv[3]))
    else:
        start_django()
        from django.db import connection

        connection.ensure_connection()
        found = METHODS[sys.argv[2]][0](Path(sys.argv[3]))
        peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        sys.stdout.write(json.dumps(found | {"peak": max(peaks)}) + "\n")
