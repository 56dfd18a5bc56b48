"""Rows that are read together are the records that are read alone, field by field."""

from decimal import Decimal

import pytest
from django.db.models import F

from activities.models import Activity, ProgressUpdate
from kpis.models import ComparatorGroup, Indicator, Outturn, PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Officer
from lambeth_plans.together import read_together
from tests import factories

pytestmark = pytest.mark.django_db


def told(rows):
    """Each row by its primary key, with the value of each of its columns."""
    return {row.pk: [getattr(row, field.attname) for field in row._meta.concrete_fields] for row in rows}


def test_every_kind_of_column_comes_back_as_it_is_read_alone(plan, post, administrator):
    factories.ComparatorGroupFactory(council=plan.council, members=["Lewisham", "“Hackney”"])
    activity = factories.ActivityFactory(plan=plan, owner=post, due_date="March 2021", original_due_date="2020")
    factories.ProgressUpdateFactory(activity=activity)
    place = factories.PlanIndicatorFactory(plan=plan, indicator__is_cumulative=True, activities=[activity])
    outturn = factories.OutturnFactory(indicator=place.indicator, value=Decimal("-0.5"), numerator=Decimal(3))
    outturn.value = None
    outturn.reason = "suppressed"
    history.save(outturn, by=administrator, reason="Too small.")
    questions = [
        ComparatorGroup.objects.all(),
        Activity.objects.all(),
        ProgressUpdate.objects.all(),
        Indicator.objects.all(),
        Officer.objects.all(),
        Outturn.history.all(),
        PlanIndicator.history.all(),
    ]
    together = read_together(*questions)
    assert all(together)
    assert list(map(told, together)) == list(map(told, questions))


def test_what_a_queryset_is_annotated_with_is_an_attribute_of_its_rows(plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    [rows] = read_together(PlanIndicator.objects.annotate(name_of_plan=F("plan__title")).order_by("key"))
    assert [(row.pk, row.name_of_plan) for row in rows] == [(place.pk, plan.title)]


def test_all_of_it_is_one_query(django_assert_num_queries, plan):
    factories.PlanIndicatorFactory(plan=plan)
    with django_assert_num_queries(1):
        read_together(PlanIndicator.objects.all(), ComparatorGroup.objects.all(), Outturn.history.all())
