"""How fast a plan of 5,000 activities goes out as a workbook and comes back in, beside plain openpyxl as the floor.

`make bench` runs it, or `python bench/plan_workbook.py [ACTIVITIES]`. Each step is a process of its own, so that its
peak memory is its own; the floor writes and reads the same cells in the same run, with nothing around them.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SLUG, USERNAME = "large-plan", "bench"
#: In order: what it does, which database it works on.
STEPS = {"make": "full", "export": "full", "write": "full", "read": "full", "preview": "empty", "commit": "empty"}


def start_django(folder: Path, database: str) -> None:
    os.environ |= {
        "LAMBETH_PLANS_MODE": "test",
        "DATABASE_URL": f"sqlite:///{folder / database}.sqlite3",
        "DJANGO_SETTINGS_MODULE": "lambeth_plans.settings",
        "UPLOAD_LIMIT_BYTES": str(50 * 1024 * 1024),
    }
    sys.path.insert(0, str(PROJECT))
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    if not (folder / f"{database}.sqlite3").exists():
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables, without the past
        call_command("migrate", run_syncdb=True, verbosity=0)
        from lambeth_plans.accounts.models import User

        User.objects.create_user(USERNAME, role="administrator", name="The bench")


def make(folder: Path, activities: int) -> int:
    from activities.models import Activity, Output
    from lambeth_plans import history
    from lambeth_plans.accounts.models import Council, Officer, User
    from lambeth_plans.fields import PartialDate
    from objectives.models import Objective, Plan

    by = User.objects.get(username=USERNAME)
    council = history.save(Council(slug="bench", name="Bench", is_invented=True), by=by)
    fields = {"title": "A large plan", "start_date": "2026-04-01", "end_date": "2030-03-31"}
    plan = history.save(Plan(slug=SLUG, council=council, **fields), by=by)
    objective = history.save(Objective(plan=plan, key="ob1", ref="1", title="Keep children safe"), by=by)
    officers = [Officer(council=council, key=f"head-{n}", name=f"Head {n}") for n in range(50)]
    officers = history.create_all(officers, by=by)
    made = [
        Activity(
            plan=plan,
            key=f"a{n}",
            order=n,
            ref=f"1.{n}",
            title=f"Activity {n} that says in one sentence of some length what will be done about it",
            objective=objective,
            owner=officers[n % 50],
            owner_as_stated=f"Head {n % 50}",
            intended_outcome=f"Outcome {n}: families get help earlier, and fewer children come into care." * 2,
            due_date=PartialDate(f"20{26 + n % 4}-{n % 12 + 1:02d}"),
        )
        for n in range(activities)
    ]
    made = history.create_all(made, by=by)
    outputs = [
        Output(plan=plan, key=f"o{n}", order=n, activity=made[n // 2], title=f"Output {n}: a written procedure")
        for n in range(2 * activities)
    ]
    history.create_all(outputs, by=by)
    return 3 * activities


def export(folder: Path, activities: int) -> int:
    from django.core.management import call_command

    call_command("export_plan", SLUG, str(folder / "plan.xlsx"), stdout=open(os.devnull, "w"))  # noqa: SIM115
    return 3 * activities


def write(folder: Path, activities: int) -> int:
    """The floor: the same cells, read from the workbook, written plainly."""
    import openpyxl

    source = openpyxl.load_workbook(folder / "plan.xlsx", read_only=True)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in source.worksheets}
    began = time.perf_counter()
    book = openpyxl.Workbook(write_only=True)
    for title, lines in rows.items():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.save(folder / "floor.xlsx")
    say("(of which writing alone)", 3 * activities, time.perf_counter() - began)
    return 3 * activities


def read(folder: Path, activities: int) -> int:
    import openpyxl

    book = openpyxl.load_workbook(folder / "plan.xlsx", read_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            continue
    return 3 * activities


def preview(folder: Path, activities: int) -> int:
    return _import(folder, activities)


def commit(folder: Path, activities: int) -> int:
    return _import(folder, activities, "--commit")


def _import(folder: Path, activities: int, *options: str) -> int:
    from django.core.management import call_command

    with open(os.devnull, "w") as nowhere:
        call_command("import_plan", str(folder / "plan.xlsx"), "--by", USERNAME, *options, stdout=nowhere)
    return 3 * activities


def say(what: str, rows: int, seconds: float) -> None:
    """Tells the clock's time, the processor's (the machine may be busy with other things), and the peak of memory."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(usage.ru_utime + usage.ru_stime for usage in used)
    peak = max(usage.ru_maxrss for usage in used) / 1024
    line = f"{what:<28}{rows:>8,} rows{seconds:>8.1f} s{rows / seconds:>9,.0f} rows/s"
    sys.stdout.write(f"{line}{processor:>9.1f} s of processor, start-up included{peak:>7.0f} MB\n")
    sys.stdout.flush()


WORDS = {
    "make": "make the plan",
    "export": "export_plan",
    "write": "floor: plain openpyxl write",
    "read": "floor: plain openpyxl read",
    "preview": "import_plan (preview)",
    "commit": "import_plan --commit",
}


def run_step(step: str, folder: Path, activities: int) -> None:
    start_django(folder, STEPS[step])
    work: Callable[[Path, int], int] = globals()[step]
    began = time.perf_counter()
    rows = work(folder, activities)
    say(WORDS[step], rows, time.perf_counter() - began)


def main() -> None:
    if len(sys.argv) == 4:
        run_step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
        return
    activities = int(sys.argv[1]) if len(sys.argv) == 2 else 5_000
    with tempfile.TemporaryDirectory(prefix="lambeth-plans-bench-") as folder:
        for step in STEPS:
            subprocess.run([sys.executable, __file__, step, folder, str(activities)], check=True)  # noqa: S603
            if step == "export":
                size = (Path(folder) / "plan.xlsx").stat().st_size
                sys.stdout.write(f"the workbook has {size / 1024:,.0f} kB\n")


if __name__ == "__main__":
    main()
