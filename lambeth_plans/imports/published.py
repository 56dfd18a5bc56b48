"""Loads the published plans from `fixtures/`, each once, with a history that begins with the day of the document.

A document without a date is taken to be of the plan's first day: what stood in it before it was written, nobody knows.

A plan that is already there is left alone, with everything people have changed in it. What several plans of a council
share (its officers, an indicator with one code in two plans) stands in the council's file; of that only what is not
there yet is loaded, and its history begins with the council's earliest document.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.fixture_records import Printed, is_there, newcomers_of
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
    shared = [record for record in _records(published.council_file) if not is_there(record)]
    of_plan = _records(published.plan_file)
    fields = _plan_fields(published)
    earliest = min(first_day_of(each) for each in PUBLISHED_PLANS.values() if each.council == published.council)
    reason = REASON if fields.get("published_date") else REASON_WITHOUT_DATE
    with transaction.atomic():
        for records, day in ((shared, earliest), (of_plan, first_day_of(published))):
            at = timezone.make_aware(datetime.combine(day, time.min))
            try:
                with transaction.atomic():
                    history.create_linked(newcomers_of(records), by=by, reason=reason, at=at)
            except IntegrityError as error:
                raise PublishedPlanError(_in_the_way(published, records)) from error
    return LoadedPlan(Plan.objects.get(slug=slug), len(shared) + len(of_plan))


def _records(file: Path) -> list[Printed]:
    return json.loads(file.read_text())


def _in_the_way(published: PublishedPlan, records: list[Printed]) -> str:
    """What of a fixture is there already: only a council's records can be, for its plan is not."""
    of_council = [record for record in records if "council" in record["fields"]]
    taken = Counter(record["model"] for record in of_council if is_there(record))
    number = Counter(record["model"] for record in records)
    told = "; ".join(
        f"{number[label]} records of {label}, but {number[label] - count} of them are new"
        for label, count in taken.items()
    )
    return (
        f"{published.plan_file.name} holds {told or 'records that break a rule of the database'}. Nothing was loaded."
    )


def first_day_of(published: PublishedPlan) -> date:
    """The day from which a published plan's history tells: its document's, or the plan's first where it has none."""
    fields = _plan_fields(published)
    return PartialDate(fields.get("published_date") or fields["start_date"]).earliest


def _plan_fields(published: PublishedPlan) -> dict:
    return next(
        record["fields"] for record in _records(published.plan_file) if record["model"] == Plan._meta.label_lower
    )


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
