"""Loads the published plans from `fixtures/`, each once, with a history that begins with the plan's first day.

A plan that is already there is left alone, with everything people have changed in it.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.models import Council
from objectives.models import Plan

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
REASON = "Published plan loaded. The document gives no date: its history begins with the first day of the plan."


class PublishedPlanError(Exception):
    """A fixture does not fit what the database holds. Nothing was loaded; the message says what is in the way."""


@dataclass(frozen=True)
class PublishedPlan:
    """A plan of `fixtures/`. Its council's file (the council, divisions and officers) is shared by all its plans."""

    slug: str
    council: str

    @property
    def council_file(self) -> Path:
        return FIXTURES / f"{self.council}.json"

    @property
    def plan_file(self) -> Path:
        return FIXTURES / f"{self.slug}.json"


#: In the order in which they are loaded.
PUBLISHED_PLANS = {plan.slug: plan for plan in (PublishedPlan("lambeth-directorate-plan-2020-21", council="lambeth"),)}


@dataclass(frozen=True)
class LoadedPlan:
    """The plan, and how many records this call brought in: 0 where the plan was already there."""

    plan: Plan
    records: int


def load_published_plan(slug: str, *, by: history.Named) -> LoadedPlan:
    """Loads one published plan with one history row per record, all or nothing.

    Raises KeyError for a slug that is no published plan, and PublishedPlanError where a record of the fixture is
    already there: loading must never overwrite what a person has entered.
    """
    published = PUBLISHED_PLANS[slug]
    if found := Plan.objects.filter(slug=slug).first():
        return LoadedPlan(found, 0)
    with transaction.atomic():
        loaded: dict[type[history.Versioned], list[int]] = {}
        if not Council.objects.filter(slug=published.council).exists():
            loaded = _load(published.council_file)
        for model, pks in _load(published.plan_file).items():
            loaded[model] = loaded.get(model, []) + pks
        plan = Plan.objects.get(slug=slug)
        at = timezone.make_aware(datetime.combine(plan.start_date, time.min))
        for model, pks in loaded.items():
            history.record_loaded(model, pks, by=by, reason=REASON, at=at)
    return LoadedPlan(plan, sum(map(len, loaded.values())))


def _load(file: Path) -> dict[type[history.Versioned], list[int]]:
    """Loads one file and returns the primary keys it brought in, by model."""
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
