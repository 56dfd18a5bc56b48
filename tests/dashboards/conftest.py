"""A plan with something of every kind, in any amount, and somebody who reads it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from tests import factories


@pytest.fixture
def reader(client, onlooker):
    client.force_login(onlooker)
    return client


@pytest.fixture
def read(reader, plan):
    """`read("activity_list", rag="amber")`: the response of a page of the plan."""

    def read_page(name, **query):
        return reader.get(reverse(name, args=[plan.slug]), query)

    return read_page


@pytest.fixture
def queries(read):
    """How many queries a page of the plan takes, the person and their session included."""

    # Django asks SQLite once for each process whether it knows JSON.
    assert connection.features.supports_json_field

    def count(name, **query):
        with CaptureQueriesContext(connection) as captured:
            assert read(name, **query).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def fill(plan, post, other_post, objective, administrator):
    """`fill(10)` adds ten of everything, all linked and with recent changes."""
    matrix = factories.RiskMatrixFactory(council=plan.council)
    board = factories.BoardFactory(council=plan.council)
    soon = timezone.localdate() + timedelta(days=100)

    def add_findings(activity, event):
        source = factories.SourceFactory(plan=plan, event=event)
        whole = factories.FindingFactory(plan=plan, source=source)
        part = factories.FindingFactory(plan=plan, source=source, parent=whole)
        factories.OutputFactory(plan=plan, activity=activity)
        factories.EvidenceFactory(plan=plan, findings=[part], objectives=[objective], activities=[activity])
        activity.stage_as_stated = "Planned"
        links = {"findings": [part], "sources": [source], "boards": [board]}
        history.save(activity, by=administrator, reason="Read again.", links=links)

    def one(number):
        goal = factories.BoroughGoalFactory(council=plan.council, number=f"2.{number}")
        factories.ObjectiveFactory(plan=plan, goals=[goal])
        activity = factories.ActivityFactory(
            plan=plan,
            objective=objective,
            owner=post,
            goal=goal,
            further_owners=[other_post],
            lead_members=[other_post],
            further_goals=[goal],
            due_date="2020",
        )
        factories.ProgressUpdateFactory(activity=activity, rag="amber")
        activity.owner = other_post
        history.save(activity, by=administrator, reason="Moved.")
        place = factories.PlanIndicatorFactory(plan=plan, owner=post, goal=goal, activities=[activity])
        factories.OutturnFactory(indicator=place.indicator, period="Apr 2020")
        factories.OutturnFactory(indicator=place.indicator, period="May 2020", value=Decimal(80))
        factories.TargetFactory(indicator=place.indicator, period="May 2020")
        risk = factories.RiskFactory(plan=plan, owner=post, matrix=matrix, objectives=[objective])
        factories.RiskScoreFactory(risk=risk, likelihood=4, impact=5)
        factories.RiskScoreFactory(risk=risk, kind="target", score=8)
        factories.MitigationFactory(risk=risk, activity=activity)
        saving = factories.SavingFactory(plan=plan, owner=post, objectives=[objective])
        factories.SavingYearFactory(saving=saving)
        factories.PrintedTotalFactory(plan=plan, record_key=saving.key)
        factories.ContractFactory(plan=plan, director=post, end_date=soon, further_directors=[other_post])
        line = factories.BudgetLineFactory(plan=plan)
        factories.PrintedTotalFactory(plan=plan, register="budget", record_key=line.key, measure="net_expenditure")
        snapshot = factories.WorkforceSnapshotFactory(plan=plan)
        factories.WorkforceBandFactory(snapshot=snapshot)
        factories.PrintedTotalFactory(plan=plan, register="workforce", record_key=snapshot.key, measure="headcount")
        factories.BudgetFigureFactory(plan=plan, parent=factories.BudgetFigureFactory(plan=plan))
        factories.BenchmarkFactory(indicator=place.indicator)
        factories.RelatedIndicatorFactory(indicator=place.indicator)
        section = factories.SectionFactory(plan=plan, author=post)
        factories.AchievementFactory(plan=plan)
        event = factories.EventFactory(plan=plan)
        factories.MilestoneFactory(plan=plan, event=event, objective=objective)
        factories.ConsultationFactory(plan=plan, officer=post)
        add_findings(activity, event)
        for kind, record in (("activity", activity), ("section", section), ("budget_line", line), ("risk", risk)):
            factories.DataQualityNoteFactory(plan=plan, record_kind=kind, record_key=record.key)

    def add(count):
        for number in range(count):
            one(number)

    return add
