"""What goes out comes in again and changes nothing, in both shapes, for every plan."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis import figures
from kpis.models import Outturn
from kpis.packing import Unpacked
from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.actions import confirm_batch, upload_figures
from lambeth_plans.imports.figures_export import long_lines, wide_lines
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.published import PUBLISHED_PLANS, load_published_plan
from lambeth_plans.spreadsheets.csv_files import neutral, restored, write_csv
from objectives.models import Plan
from tests import factories


def imported(plan, lines, by):
    content = write_csv(lines)
    return upload_figures(council=plan.council, file_name="a.csv", content=content, sheet="", reason="", by=by)


def test_figures_of_every_plan_come_back_without_a_change(db):
    for slug in PUBLISHED_PLANS:
        load_published_plan(slug, by=User.objects.system())
    example_borough.make(timezone.localdate())
    seen = 0
    for plan in Plan.objects.select_related("council"):
        analyst = factories.UserFactory(role="analyst", councils=[plan.council])
        for lines in (list(long_lines(plan)), list(wide_lines(plan))):
            batch = imported(plan, lines, analyst)
            if len(lines) == 1:
                assert batch.is_refused  # a plan without figures
                continue
            assert (batch.errors, batch.state) == ([], ImportBatch.State.UNCHANGED), plan
            seen += batch.unchanged_count
    assert seen > 700


@pytest.fixture
def measured(plan):
    indicator = factories.IndicatorFactory(council=plan.council, key="lc06", title="=Assessments", unit="")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    factories.OutturnFactory(
        indicator=indicator,
        period="2018/19",
        value=Decimal("-1234.5"),
        numerator=Decimal(3),
        denominator=Decimal(4),
        note="=1+1, “said” she",
    )
    factories.OutturnFactory(indicator=indicator, period="Apr 2019", value=None, reason="pending")
    factories.OutturnFactory(indicator=indicator, period="to 30 Jan 2018", value=Decimal(0))
    return indicator


def test_a_row_holds_all_that_a_figure_says(plan, measured):
    assert list(long_lines(plan))[1:] == [
        ["LC.06", "=Assessments", "to 30 Jan 2018", "0", "", "", "", "Final", ""],
        ["LC.06", "=Assessments", "2018/19", "−1,234.5", "3", "4", "=1+1, “said” she", "Final", ""],
        ["LC.06", "=Assessments", "Apr 2019", "Pending", "", "", "", "", ""],
    ]
    assert list(wide_lines(plan)) == [
        ["Indicator", "Title", "2018/19", "Apr 2019", "to 30 Jan 2018"],
        ["LC.06", "=Assessments", "−1,234.5", "Pending", "0"],
    ]


def test_both_shapes_can_be_had_from_the_list_of_indicators(client, plan, measured, onlooker):
    client.force_login(onlooker, "lambeth_plans.accounts.backends.RoleBackend")
    link = reverse("plan_figures", args=[plan.slug])
    listing = client.get(reverse("indicator_list", args=[plan.slug])).content.decode()
    for address, shape, lines in ((link, "long", long_lines(plan)), (f"{link}?shape=wide", "wide", wide_lines(plan))):
        assert f'href="{address}"' in listing
        answer = client.get(address)
        assert answer["Content-Disposition"] == f'attachment; filename="{plan.slug}-figures-{shape}.csv"'
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [list(map(restored, row)) for row in rows] == list(lines)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_of_a_closed_plan_nothing_is_told_that_came_after_it(plan, measured, administrator):
    factories.OutturnFactory(indicator=measured, period="2030/31", value=Decimal(1))
    plan.status = "closed"
    history.save(plan, by=administrator, reason="Over.")
    assert "2030/31" not in {line[2] for line in long_lines(plan)}


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_what_is_made_harmless_can_be_made_what_it_was(text):
    harmless = neutral(text)
    assert not harmless.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restored(harmless) == text


FIGURES = st.one_of(
    st.from_regex(r"[-−(]?£?[0-9]{1,4}(,[0-9]{3}){0,2}(\.[0-9]{0,7})?%?\)?", fullmatch=True),
    st.text(alphabet="0123456789.,-−£%() <c~x\u00a0", max_size=9),
    st.sampled_from(
        ["TBC", "pending", "New indicator", "N/A", "-", "[c]", "low", ":", "c. 40", "12–14", "1.234,5", "1e5"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9).map(str),
)


def typed(text):
    """A file in which somebody typed a figure."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["Indicator", "Period", "Value"], ["any", "2018/19", text]])
    return out.getvalue().encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=FIGURES)
def test_what_is_previewed_is_what_is_stored_is_what_is_exported(plan, analyst, text):
    with transaction.atomic():
        indicator = factories.IndicatorFactory(council=plan.council, key="any", unit="")
        factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
        batch = upload_figures(
            council=plan.council, file_name="a.csv", content=typed(text), sheet="", reason="", by=analyst
        )
        try:
            read = figures.parse(text)
        except ValueError:
            assert batch.is_refused
            assert not Outturn.objects.exists()
        else:
            if read is None:
                assert batch.state == ImportBatch.State.UNCHANGED
                transaction.set_rollback(True)
                return
            (row,) = Unpacked(batch.rows)
            assert row.action == "new"
            confirm_batch(batch=batch, by=analyst)
            stored = Outturn.objects.get()
            assert (row.new.value, row.new.reason) == (stored.value, stored.reason)
            assert stored.reason == read.reason
            assert stored.value == read.value
            again = figures.parse(list(long_lines(plan))[1][3])
            assert (again.value, again.reason) == (read.value, read.reason)
            assert imported(plan, list(wide_lines(plan)), analyst).state == ImportBatch.State.UNCHANGED
        transaction.set_rollback(True)
