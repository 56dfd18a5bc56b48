"""Registers go out and come in again: nothing changes."""

from datetime import date

import pytest
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.published import load_published_plan
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.registers.export import register_lines
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Plan
from tests import factories
from tests.environment import is_in_full
from tests.imports.registers import bring, told

#: Which registers the plans hold anything of; the others have headings only.
LAMBETH, PROGRAMME = "lambeth-directorate-plan-2020-21", "lambeth-improvement-programme-2016"
SERVICE, LEWISHAM, EXAMPLE = "lambeth-service-plan-2007-10", "lewisham-roadmap-2018", example_borough.SLUG
#: Two of the plans hold something of every register, which is enough on the second database.
IN_USE = (LAMBETH, PROGRAMME, SERVICE, LEWISHAM, EXAMPLE) if is_in_full() else (LEWISHAM, EXAMPLE)
#: Registers that name records of others, in the order in which they can come in.
NAMING = ("savings", "contracts", "risks")
#: Their columns with such records.
LINKS = {
    "savings": {"Objectives", "What delivers it", "Indicators it may hurt", "Risks"},
    "contracts": {"Objectives it serves", "Savings tied to it"},
    "risks": {"Objectives", "Indicators", "Savings", "Contracts", "Controls in place", "Further actions"},
}
HELD = {
    "contracts": (LAMBETH, EXAMPLE),
    "risks": (LAMBETH, PROGRAMME, LEWISHAM, EXAMPLE),
    "savings": (LAMBETH, LEWISHAM, EXAMPLE),
    "budget": (LAMBETH, EXAMPLE),
    "workforce": (LAMBETH, EXAMPLE),
    "targets": (PROGRAMME, SERVICE, LEWISHAM, EXAMPLE),
    "benchmarks": (LEWISHAM, EXAMPLE),
}


@pytest.fixture(scope="module")
def analyst_of_all(django_db_setup, django_db_blocker):
    """The published plans that hold registers, side by side, and an analyst of all councils."""
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in IN_USE[:-1]:
            load_published_plan(slug, by=User.objects.system())
        example_borough.make(date(2026, 3, 31))
        yield factories.UserFactory(username="all", role="analyst", councils=list(Council.objects.all()))
        transaction.set_rollback(True)


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_that_comes_back_changes_nothing(analyst_of_all, db, register):
    for slug in set(HELD[register]) & set(IN_USE):
        plan = Plan.objects.select_related("council").get(slug=slug)
        lines = list(register_lines(REGISTERS[register], plan))
        assert len(lines) > 1
        batch = bring(register, write_csv(lines), plan, analyst_of_all)
        assert told(batch) == []
        assert (batch.state, batch.rows["rows"]) == (ImportBatch.State.UNCHANGED, [])
        assert batch.unchanged_count >= len(lines) - 1


def with_what_registers_name(plan, council):
    """An empty plan with the objectives, activities and indicators of another one: registers name them only."""
    empty = factories.PlanFactory(council=council, slug="empty")
    for factory, rows in (
        (factories.ObjectiveFactory, plan.objective_set.all()),
        (factories.ActivityFactory, plan.activity_set.all()),
    ):
        for row in rows:
            further = {"objective": None} if factory is factories.ActivityFactory else {}
            factory(plan=empty, key=row.key, ref=row.ref, title=row.title, order=row.order, **further)
    for row in plan.planindicator_set.all():
        names = {"key": row.key, "code": row.code, "title": row.title, "order": row.order}
        factories.PlanIndicatorFactory(plan=empty, indicator=row.indicator, **names)
    return empty


def test_an_empty_plan_that_takes_the_registers_in_gives_the_same_out(analyst_of_all, db):
    """Every cell is read here: there is no record yet that says the same."""
    plan = Plan.objects.select_related("council").get(slug=EXAMPLE)
    empty = with_what_registers_name(plan, plan.council)
    hurt = {"indicators": plan.planindicator_set.all()[:2], "activities": plan.activity_set.all()[:2]}
    history.save(plan.saving_set.first(), by=analyst_of_all, links=hurt)
    of_plan = {slug: register for slug, register in REGISTERS.items() if register.is_of_plan}
    lines = {slug: list(register_lines(register, plan)) for slug, register in of_plan.items()}
    at = lines["savings"][0].index("Risks")  # they come later, and say the same from their side
    without_risks = [lines["savings"][0], *([*line[:at], "", *line[at + 1 :]] for line in lines["savings"][1:])]
    assert without_risks != lines["savings"]
    for slug in sorted(of_plan, key=lambda slug: NAMING.index(slug) if slug in NAMING else -1):
        file = without_risks if slug == "savings" else lines[slug]
        batch = bring(slug, write_csv(file), empty, analyst_of_all)
        assert told(batch) == []
        confirm_register(batch=batch, by=analyst_of_all)
    for slug, register in of_plan.items():
        assert list(register_lines(register, empty)) == lines[slug]
        heads, *rows = lines[slug]
        filled = {head for at, head in enumerate(heads) if any(row[at] for row in rows)}
        assert LINKS.get(slug, set()) <= filled
