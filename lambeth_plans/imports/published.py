"""Loads the published plans from `fixtures/`, each once, with a history that begins with the day of the document.

A document without a date is taken to be of the plan's first day: what stood in it before it was written, nobody knows.

A plan that is already there is left alone, with everything people have changed in it. What several plans of a council
share (its officers, an indicator with one code in two plans) stands in the council's file; of that only what is not
there yet is loaded, and its history begins with the council's earliest document.
"""

import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from objectives.models import Plan

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
REASON = "Published plan loaded. Its history begins with the date of the document."
REASON_WITHOUT_DATE = (
    "Published plan loaded. The document gives no date: its history begins with the first day of the plan."
)


COMPLETED = "Filled in from the document: a later release has a place for it."


class PublishedPlanError(Exception):
    """A fixture does not fit what the database holds. Nothing was loaded; the message says what is in the way."""


@dataclass(frozen=True)
class PublishedPlan:
    """A plan of `fixtures/`. Its council's file is shared by all its plans."""

    slug: str
    council: str

    @property
    def council_file(self) -> Path:
        return FIXTURES / f"{self.council}.json"

    @property
    def plan_file(self) -> Path:
        return FIXTURES / f"{self.slug}.json"


#: In the order in which they are loaded: the earliest first.
PUBLISHED_PLANS = {
    plan.slug: plan
    for plan in (
        PublishedPlan("lambeth-service-plan-2007-10", council="lambeth"),
        PublishedPlan("lambeth-improvement-programme-2016", council="lambeth"),
        PublishedPlan("lewisham-roadmap-2018", council="lewisham"),
        PublishedPlan("lambeth-directorate-plan-2020-21", council="lambeth"),
        PublishedPlan("lambeth-roadmap-to-excellence-2023-26", council="lambeth"),
    )
}


@dataclass(frozen=True)
class LoadedPlan:
    """The plan, and how many records this call brought in: 0 where the plan was already there."""

    plan: Plan
    records: int


def load_published_plan(slug: str, *, by: history.Named) -> LoadedPlan:
    """Loads one published plan with one history row per record, all or nothing.

    Raises KeyError for a slug that is no published plan, and PublishedPlanError where a record of the plan's fixture
    is already there: loading must never overwrite what a person has entered.
    """
    published = PUBLISHED_PLANS[slug]
    if found := Plan.objects.filter(slug=slug).first():
        return LoadedPlan(_complete(found, published, by), 0)
    with transaction.atomic():
        shared = _load_missing(published.council_file)
        of_plan = _load(published.plan_file)
        plan = Plan.objects.get(slug=slug)
        earliest = min(first_day_of(each) for each in PUBLISHED_PLANS.values() if each.council == published.council)
        reason = REASON if plan.published_date else REASON_WITHOUT_DATE
        for loaded, day in ((shared, earliest), (of_plan, first_day_of(published))):
            at = timezone.make_aware(datetime.combine(day, time.min))
            for model, pks in loaded.items():
                history.record_loaded(model, pks, by=by, reason=reason, at=at)
    return LoadedPlan(plan, sum(map(len, (*shared.values(), *of_plan.values()))))


def first_day_of(published: PublishedPlan) -> date:
    """The day from which a published plan's history tells: its document's, or the plan's first where it has none."""
    fields = _plan_fields(published)
    return PartialDate(fields.get("published_date") or fields["start_date"]).earliest


def _plan_fields(published: PublishedPlan) -> dict:
    records = json.loads(published.plan_file.read_text())
    return next(record["fields"] for record in records if record["model"] == Plan._meta.label_lower)


@transaction.atomic
def _complete(plan: Plan, published: PublishedPlan, by: history.Named) -> Plan:
    """Fills in what the product learnt to hold only after it had loaded this plan: fields that are empty and have
    been empty in every row of its history. What people emptied stays empty."""
    printed, trail = _plan_fields(published), list(plan.history.all())
    links = {}
    for field in Plan._meta.concrete_fields:
        held = [getattr(plan, field.attname), *(getattr(entry, field.attname) for entry in trail)]
        if field.name in printed and not field.is_relation and not any(held):
            setattr(plan, field.name, field.to_python(printed[field.name]))
    for field in history.link_fields(Plan):
        if field.name in printed and not any(entry.links.get(field.name) for entry in trail):
            links[field.name] = [
                field.related_model._default_manager.get_by_natural_key(*key) for key in printed[field.name]
            ]
    return history.save(plan, by=by, reason=COMPLETED, links=links)


def _load_missing(file: Path) -> dict[type[history.Versioned], list[int]]:
    """Loads those records of a council's file that are not there yet; people may have changed the others."""
    missing = [record for record in json.loads(file.read_text()) if not _is_there(record)]
    if not missing:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / file.name
        part.write_text(json.dumps(missing))
        return _load(part)


def _is_there(record: dict) -> bool:
    """Whether a record with the same natural key stands in the database."""
    model = apps.get_model(record["model"])
    fields = record["fields"]
    names = {"accounts.council": ["slug"], "kpis.indicatorcode": ["council", "normalised"]}
    key = [fields[name] for name in names.get(record["model"], ["council", "key"])]
    flat = [part for value in key for part in (value if isinstance(value, list) else [value])]
    try:
        model._default_manager.get_by_natural_key(*flat)
    except model.DoesNotExist:
        return False
    return True


def _load(file: Path) -> dict[type[history.Versioned], list[int]]:
    """Loads one file, whose records must all be new, and returns the primary keys it brought in, by model."""
    expected = Counter(record["model"] for record in json.loads(file.read_text()))
    recorded = [model for model in history.recorded_models() if model._meta.label_lower in expected]
    before = {model: _pks(model) for model in recorded}
    call_command("loaddata", str(file), verbosity=0)
    loaded = {model: sorted(_pks(model) - before[model]) for model in recorded}
    # A record with the natural key of one that exists would have overwritten it: it brings no new row.
    for label, number in expected.items():
        found = {model._meta.label_lower: len(pks) for model, pks in loaded.items()}.get(label)
        if found != number:
            raise PublishedPlanError(
                f"{file.name} holds {number} records of {label}, but {found or 0} of them are new. Nothing was loaded."
            )
    return loaded


def _pks(model: type[models.Model]) -> set[int]:
    return set(model._default_manager.values_list("pk", flat=True))
