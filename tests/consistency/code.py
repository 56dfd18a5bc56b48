"""Rules for Python."""

import ast
import re

from tests.consistency.rules import (
    CODE,
    Finding,
    Rule,
    Source,
    called_name,
    imported_names,
    is_code,
    is_module,
    is_python,
    is_view_module,
    prose_constants,
)

LONGEST_FILE = 400
LONGEST_VIEW = 30

# The pure rules: numbers in, judgement out. Each is a module, or a package of that name.
PURE = (
    *("lambeth_plans/rag", "lambeth_plans/periods", "lambeth_plans/charts", "kpis/spc", "risks/scoring"),
    *("kpis/benchmarks", "kpis/direction", "kpis/due"),
)

# Who may write past lambeth_plans/history.py, and why that leaves the trail whole.
WRITES_ALLOWED = {
    "lambeth_plans/history.py": "is the door itself",
    "lambeth_plans/links.py": "links alone, for the history, which enters them with their records",
    "lambeth_plans/accounts/access.py": "groups and their permissions are copied from code, they have no history",
    "lambeth_plans/cycles/drafts.py": "a draft is no record: nothing of it may be in a history",
    "lambeth_plans/dashboards/published_search.py": "an index of what is published, made anew each time",
    "lambeth_plans/reports/kept.py": "files made of a publication: thrown away and made again, no record of anything",
    "lambeth_plans/accounts/models.py": "the product's own user comes first and has nobody to name but itself",
}

# Who may call a text safe for HTML.
SAFE_ALLOWED = {"lambeth_plans/templatetags/plans.py": "explains abbreviations in a text it has just escaped"}

# Who may speak SQL.
SQL_ALLOWED = {
    "lambeth_plans/health.py": "asks the database for a sign of life",
    "lambeth_plans/links.py": "reads all links of a record or a plan in one statement that is put together once",
    "lambeth_plans/sealing.py": "lets nobody write for the moment in which a plan is published",
    "lambeth_plans/staging.py": "writes a hundred thousand records with their history in a handful of statements",
}

QUERYSET_METHODS = {"all", "filter", "exclude", "select_for_update", "order_by", "distinct", "using", "get_queryset"}
LETTING_IN = {"create", "get_or_create", "update_or_create", "update"}
ALWAYS_A_WRITE = {"bulk_create", "bulk_update", "delete", "_raw_delete", "save_base"}


def drawers(source: Source) -> list[Finding]:
    name = source.path.rpartition("/")[2]
    odd = {"utils.py", "helpers.py", "common.py", "misc.py", "services.py", "selectors.py", "signals.py"}
    return [(1, f"{name} is a drawer for odds and ends: name the noun")] if name in odd else []


def length(source: Source) -> list[Finding]:
    lines = len(source.lines)
    return [(lines, f"{lines} lines; split it by noun below {LONGEST_FILE}")] if lines > LONGEST_FILE else []


def floats(source: Source) -> list[Finding]:
    return [
        (node.lineno, "money and figures are Decimal, not float")
        for node in source.nodes(ast.Name, ast.Attribute)
        if (node.id if isinstance(node, ast.Name) else node.attr) in {"float", "FloatField"}
    ]


def float_constants(source: Source) -> list[Finding]:
    return [
        (node.lineno, f"{node.value} is a float: write Decimal")
        for node in source.nodes(ast.Constant)
        if isinstance(node.value, float)
    ]


def is_about_money(path: str) -> bool:
    """Where amounts are kept, read, added up and told."""
    if is_code(path) and path.startswith("finance/"):
        return True
    name = path.rpartition("/")[2]
    return is_code(path) and name in {"money.py", "budgets.py", "my_budgets.py", "reconciliation.py", "finances.py"}


def colours(source: Source) -> list[Finding]:
    words = {"red", "amber", "green"}
    return [
        (node.lineno, f"{node.value!r} is spelled here; take it from lambeth_plans.rag")
        for node in prose_constants(source)
        if node.value.strip().lower() in words or re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", node.value)
    ]


def marked_safe(source: Source) -> list[Finding]:
    if source.path in SAFE_ALLOWED:
        return []
    return [
        (line, f"{name.rpartition('.')[2]} opens a door for scripts; use format_html")
        for line, name in imported_names(source)
        if name.endswith((".mark_safe", ".SafeString", ".SafeText"))
    ]


def is_queryset(node: ast.expr) -> bool:
    """Whether an expression reads like a queryset or a manager: `X.objects`, `X.filter(…)`, `plan.activity_set`."""
    if isinstance(node, ast.Attribute):
        return node.attr in {"objects", "_default_manager", "_base_manager"} or node.attr.endswith("_set")
    return isinstance(node, ast.Call) and called_name(node) in QUERYSET_METHODS


def untraced_writes(source: Source) -> list[Finding]:
    if source.path in WRITES_ALLOWED:
        return []
    found = []
    for call in source.nodes(ast.Call):
        name = called_name(call)
        if not isinstance(call.func, ast.Attribute):
            continue
        receiver = call.func.value
        if name in ALWAYS_A_WRITE or (name in LETTING_IN and is_queryset(receiver)):
            found.append((call.lineno, f".{name}( leaves no trace; write through lambeth_plans.history"))
    found += [
        (node.lineno, "the guard of Versioned is not to be switched off")
        for node in source.nodes(ast.Attribute)
        if node.attr == "_is_being_recorded"
    ]
    return found


def raw_sql(source: Source) -> list[Finding]:
    if source.path in SQL_ALLOWED:
        return []
    return [
        (call.lineno, f".{called_name(call)}( speaks SQL; ask through a queryset")
        for call in source.nodes(ast.Call)
        if isinstance(call.func, ast.Attribute) and called_name(call) in {"cursor", "raw", "RunSQL", "extra"}
    ]


def signals(source: Source) -> list[Finding]:
    found = []
    for line, name in imported_names(source):
        module, _, last = name.rpartition(".")
        roles = source.path == "lambeth_plans/accounts/apps.py" and last == "post_migrate"
        if (module.endswith("signals") or module == "django.dispatch") and not roles:
            found.append((line, f"{last}: the only signal is post_migrate, which syncs the roles"))
    return found


def impurity(source: Source) -> list[Finding]:
    pure = tuple(module.replace("/", ".") for module in PURE)
    found = []
    for line, name in imported_names(source):
        of_django = name.startswith("django.") and not name.startswith(("django.utils.text.", "django.utils.html."))
        ours = f"{name.partition('.')[0]}/" in CODE and not name.startswith(pure)
        if of_django or ours or name in {"django", "os", "random", "time"}:
            found.append((line, f"a rule is pure and does not import {name}"))
    clock = {"today", "now", "utcnow", "localdate"}
    found += [
        (call.lineno, f"a rule is told the date; it does not call {called_name(call)}()")
        for call in source.nodes(ast.Call)
        if called_name(call) in clock
    ]
    return found


def long_views(source: Source) -> list[Finding]:
    found = []
    for node in source.nodes(ast.FunctionDef):
        parameters = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if "request" in parameters[:2] and lines > LONGEST_VIEW:
            found.append((node.lineno, f"{node.name} has {lines} lines; move the work to an action or a queryset"))
    return found


def view_names(source: Source) -> list[Finding]:
    return [
        (node.lineno, f"{node.name}: a view is named by noun and verb, without View")
        for node in source.nodes(ast.FunctionDef, ast.ClassDef)
        if node.name.endswith(("_view", "View"))
    ]


def unfinished(source: Source) -> list[Finding]:
    found = [
        (number, "unfinished work belongs in an issue")
        for number, line in enumerate(source.lines, 1)
        if re.search(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HAC[K])\b", line)
    ]
    for node in source.nodes(ast.FunctionDef):
        if any(isinstance(line, ast.Pass) for line in node.body):
            found.append((node.lineno, f"{node.name} does nothing"))
    return found


def silent_skips(source: Source) -> list[Finding]:
    return [
        (call.lineno, "a test is never skipped: make it run, or fail and say what is missing")
        for call in source.nodes(ast.Call)
        if called_name(call) in {"skip", "skipif", "importorskip"}
    ]


def names_of_tests(source: Source) -> list[Finding]:
    return [
        (node.lineno, f"{node.name}: a test's name is a sentence")
        for node in source.nodes(ast.FunctionDef)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]


RULES = (
    Rule(
        "no file is a drawer for odds and ends",
        is_python,
        drawers,
        bad=(Source("kpis/utils.py", ""), Source("tests/helpers.py", "")),
        good=(Source("kpis/spc.py", ""),),
    ),
    Rule(
        "no file is longer than a person can hold in mind",
        is_python,
        length,
        bad=(Source("kpis/models.py", "a = 1\n" * 401),),
        good=(Source("kpis/models.py", "a = 1\n" * 400),),
    ),
    Rule(
        "money and figures are never floats",
        lambda path: is_code(path) and not is_module(path, "lambeth_plans/charts"),
        floats,
        bad=(
            Source("finance/a.py", "total = float(amount)"),
            Source("finance/a.py", "def a(b: float): ..."),
            Source("finance/a.py", "amount = models.FloatField()"),
        ),
        good=(Source("finance/a.py", "'a float of 3'"),),
    ),
    Rule(
        "no amount meets a float",
        is_about_money,
        float_constants,
        bad=(Source("finance/a.py", "half = amount * 0.5"), Source("lambeth_plans/dashboards/money.py", "a = 1e3")),
        good=(Source("finance/a.py", "half = amount / 2"),),
    ),
    Rule(
        "only rag.py spells a colour",
        lambda path: is_code(path) and path != "lambeth_plans/rag.py",
        colours,
        bad=(Source("kpis/a.py", "if rag == 'Amber': a()"), Source("kpis/a.py", "fill = '#d4351c'")),
        good=(Source("kpis/a.py", "'''Red'''\nhelp = 'Needed when Amber or Red.'"),),
    ),
    Rule(
        "nothing is marked safe by hand",
        is_code,
        marked_safe,
        bad=(Source("kpis/a.py", "from django.utils.safestring import mark_safe"),),
        good=(Source("kpis/a.py", "from django.utils.html import format_html"),),
    ),
    Rule(
        "records are written through the history",
        is_code,
        untraced_writes,
        bad=(
            Source("kpis/a.py", "Outturn.objects.create(value=1)"),
            Source("kpis/a.py", "Outturn.objects.filter(pk=1).update(value=1)"),
            Source("kpis/a.py", "plan.activity_set.update(value=1)"),
            Source("kpis/a.py", "Outturn.objects.bulk_create(rows)"),
            Source("kpis/a.py", "outturn.delete()"),
            Source("kpis/a.py", "outturn._is_being_recorded = True"),
        ),
        good=(Source("kpis/a.py", "context.update(a=1)\nhistory.remove(outturn, by=by, reason=why)"),),
    ),
    Rule(
        "nobody speaks SQL by hand",
        is_code,
        raw_sql,
        bad=(Source("kpis/a.py", "connection.cursor()"), Source("kpis/a.py", "Outturn.objects.raw('SELECT 1')")),
        good=(Source("kpis/a.py", "Outturn.objects.filter(pk=1)"),),
    ),
    Rule(
        "there is one signal and it syncs the roles",
        is_code,
        signals,
        bad=(
            Source("kpis/apps.py", "from django.db.models.signals import post_save"),
            Source("kpis/apps.py", "from django.db.models.signals import post_migrate"),
            Source("kpis/models.py", "from django.dispatch import receiver"),
        ),
        good=(Source("lambeth_plans/accounts/apps.py", "from django.db.models.signals import post_migrate"),),
    ),
    Rule(
        "rules know no database, clock or settings",
        lambda path: is_module(path, *PURE),
        impurity,
        bad=(
            Source("lambeth_plans/rag.py", "from django.db import models"),
            Source("lambeth_plans/rag.py", "from django.conf import settings"),
            Source("lambeth_plans/charts/bars.py", "from kpis.models import Outturn"),
            Source("lambeth_plans/periods.py", "from datetime import date\ndate.today()"),
        ),
        good=(
            Source("lambeth_plans/rag.py", "from decimal import Decimal"),
            Source(
                "lambeth_plans/charts.py", "from lambeth_plans.rag import Rag\nfrom django.utils.text import slugify"
            ),
        ),
    ),
    Rule(
        "a view is short",
        is_view_module,
        long_views,
        bad=(Source("kpis/views.py", "def outturn_edit(request):\n" + "    a = 1\n" * 30),),
        good=(Source("kpis/views.py", "def outturn_edit(request):\n" + "    a = 1\n" * 29),),
    ),
    Rule(
        "a view is named by noun and verb",
        is_view_module,
        view_names,
        bad=(
            Source("kpis/views.py", "def outturn_view(request): ..."),
            Source("kpis/views.py", "class OutturnView: ..."),
        ),
        good=(Source("kpis/views.py", "def outturn_edit(request): ..."),),
    ),
    Rule(
        "nothing is left unfinished",
        is_python,
        unfinished,
        bad=(
            Source("kpis/a.py", "# TO" + "DO: tolerance"),
            Source("kpis/a.py", "def a():\n    '''Later.'''\n    pass"),
        ),
        good=(Source("kpis/a.py", "def run_validators(self, value):\n    '''Says why nothing is to do.'''"),),
    ),
    Rule(
        "no test is skipped",
        lambda path: is_python(path) and path.startswith("tests/") and not path.startswith("tests/consistency/"),
        silent_skips,
        bad=(Source("tests/test_a.py", "@pytest.mark.skipif(True)\ndef test_a(): ..."),),
        good=(Source("tests/test_a.py", "pytest.fail('No Chromium here.')"),),
    ),
    Rule(
        "a test's name is a sentence",
        lambda path: is_python(path) and path.startswith("tests/"),
        names_of_tests,
        bad=(Source("tests/test_a.py", "def test_scoring(): ..."),),
        good=(Source("tests/test_a.py", "def test_director_cannot_report_for_another_division(): ..."),),
    ),
)
