"""The digest of a publication: one number that says whether anything of it has moved since.

It is the SHA-256 of every record of the plan and of its council as the history has them at that moment, in one order
and one spelling. Whoever changes, adds or takes away a row of history that belongs to it changes the digest. A column
that a later version of the product adds is left out where old rows say nothing in it: where it is empty, holds the
default they were given (ADDED), or a mark that an upgrade sets by itself (MARKS). So an upgrade changes no digest.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey, QuerySet

from kpis.models import Indicator, PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Council
from lambeth_plans.history import Versioned
from lambeth_plans.moments import Sealed
from objectives.models import Plan

#: What is not part of any plan: log-ins, uploads, and the publications themselves.
APART = ("accounts.User", "accounts.ApiToken", "imports", "cycles")
#: The order in which the models are written down: that of the first digests, which still have to come out the same.
#: Models that came later follow in the order of their names.
ORDER = (
    "objectives.Plan",
    "objectives.BoroughGoal",
    "objectives.Objective",
    "objectives.Section",
    "objectives.Achievement",
    "objectives.Event",
    "objectives.Milestone",
    "objectives.Source",
    "objectives.Finding",
    "objectives.Consultation",
    "objectives.DataQualityNote",
    "activities.Activity",
    "activities.Output",
    "activities.Evidence",
    "activities.ProgressUpdate",
    "kpis.Indicator",
    "kpis.IndicatorCode",
    "kpis.PlanIndicator",
    "kpis.RelatedIndicator",
    "kpis.Target",
    "kpis.Outturn",
    "kpis.Rebase",
    "kpis.ComparatorGroup",
    "kpis.Benchmark",
    "risks.RiskMatrix",
    "risks.RiskStep",
    "risks.RiskBand",
    "risks.Risk",
    "risks.RiskScore",
    "risks.Mitigation",
    "finance.BudgetLine",
    "finance.BudgetFigure",
    "finance.Saving",
    "finance.SavingYear",
    "finance.Supplier",
    "finance.Contract",
    "finance.WorkforceSnapshot",
    "finance.WorkforceBand",
    "finance.PrintedTotal",
    "accounts.Council",
    "accounts.Division",
    "accounts.Officer",
    "accounts.Board",
)
#: What says nothing, and what every row has beside the record's own columns.
EMPTY: tuple[Any, ...] = (None, "", False, [], {})
#: Columns that came when there were publications already, with a default that is not empty, by model. A value that
#: equals it says nothing, and never will: a default that is changed later stays here as it was.
ADDED: dict[str, dict[str, Any]] = {"risks.RiskMatrix": {"escalate_after": 3}}
#: Columns that the product keeps for itself, and writes into old rows too.
MARKS: dict[str, tuple[str, ...]] = {"finance.SavingYear": ("is_from_before",)}


def published_models() -> list[type[Versioned]]:
    """Every model whose records belong to a plan or to its council, in the order of a digest."""
    models = [
        model
        for model in history.recorded_models()
        if model._meta.label not in APART and model._meta.app_label not in APART
    ]
    places = {label: place for place, label in enumerate(ORDER)}
    return sorted(models, key=lambda model: (places.get(model._meta.label, len(ORDER)), model._meta.label))


def digest_of(plan: Plan, moment: Sealed) -> str:
    """64 hexadecimal digits. One query for each published model."""
    sha256 = hashlib.sha256()
    for model in published_models():
        for line in _lines(model, plan, moment):
            sha256.update(line.encode())
            sha256.update(b"\\n")
    return sha256.hexdigest()


def _lines(model: type[Versioned], plan: Plan, moment: Sealed) -> Iterator[str]:
    label = model._meta.label
    tracked = (field.attname for field in history.entry_model(model).tracked_fields)
    names = sorted(name for name in tracked if name not in MARKS.get(label, ()))
    silent = {name: (*EMPTY, default) for name, default in ADDED.get(label, {}).items()}
    for row in _rows_of(model, plan, moment).order_by("id").iterator():
        stated = {name: value for name in names if (value := getattr(row, name)) not in silent.get(name, EMPTY)}
        what = [label, row.history_id, stated, row.links, row.actor, row.history_change_reason or ""]
        yield json.dumps(what, cls=DjangoJSONEncoder, sort_keys=True, default=str)


def _rows_of(model: type[Versioned], plan: Plan, moment: Sealed) -> QuerySet:
    """The records of a model that belong to a plan, or else to its council, at a moment."""
    rows = history.rows(model, moment)
    if model in (Plan, Council):
        return rows.filter(id=plan.pk if model is Plan else plan.council_id)
    if model is Indicator:
        return rows.filter(id__in=_measured(plan, moment))
    links = {field.name: field.related_model for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}
    if "plan" in links:
        return rows.filter(plan_id=plan.pk)
    if "council" in links:
        return rows.filter(council_id=plan.council_id)
    if links.get("indicator") is Indicator:
        return rows.filter(indicator_id__in=_measured(plan, moment))
    for name, parent in links.items():
        columns = {field.name for field in parent._meta.concrete_fields}
        if columns & {"plan", "council"}:
            return rows.filter(**{f"{name}_id__in": _rows_of(parent, plan, moment).order_by().values("id")})
    raise ValueError(f"{model._meta.label} belongs neither to a plan nor to a council.")


def _measured(plan: Plan, moment: Sealed) -> QuerySet:
    return history.rows(PlanIndicator, moment).filter(plan_id=plan.pk).order_by().values("indicator_id")
