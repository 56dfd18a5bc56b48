from decimal import Decimal

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_every_note_leads_to_its_record(read, plan, objective, activity):
    place = factories.PlanIndicatorFactory(plan=plan, key="ei4", code="EI4")
    records = {
        "objective": objective,
        "activity": activity,
        "indicator": place,
        "risk": factories.RiskFactory(plan=plan),
        "saving": factories.SavingFactory(plan=plan),
        "contract": factories.ContractFactory(plan=plan),
        "budget_line": factories.BudgetLineFactory(plan=plan),
        "workforce": factories.WorkforceSnapshotFactory(plan=plan),
        "section": factories.SectionFactory(plan=plan),
    }
    for kind, record in records.items():
        factories.DataQualityNoteFactory(plan=plan, record_kind=kind, record_key=record.key)
    factories.DataQualityNoteFactory(plan=plan)
    response = read("data_quality")
    shown = {label: (str(found[0].name), found[0].url) for label, found in response.context["kinds"]}
    slug = plan.slug
    assert shown == {
        "Plan": (plan.title, reverse("plan_dashboard", args=[slug])),
        "Objective": ("OB1", reverse("objective_detail", args=[slug, "ob1"])),
        "Activity": ("KA1", reverse("activity_detail", args=[slug, "ka1"])),
        "Indicator": ("EI4", reverse("indicator_detail", args=[slug, "ei4"])),
        "Risk": (records["risk"].ref, reverse("risk_detail", args=[slug, records["risk"].key])),
        "Saving": (records["saving"].ref, reverse("saving_detail", args=[slug, records["saving"].key])),
        "Contract": (records["contract"].title, reverse("contract_detail", args=[slug, records["contract"].key])),
        "Budget line": (
            records["budget_line"].title,
            f"{reverse('budget', args=[slug])}#{records['budget_line'].key}",
        ),
        "Workforce": ("Workforce", f"{reverse('workforce', args=[slug])}#{records['workforce'].key}"),
        "Section": (records["section"].title, f"{reverse('narrative', args=[slug])}#{records['section'].key}"),
    }
    assert response.context["total"] == 10


def test_a_note_says_what_is_printed_what_was_understood_and_why(read, plan):
    factories.DataQualityNoteFactory(plan=plan, printed="CSOB2", understood="CSOB02", why="A nought is missing.")
    html = read("data_quality").content.decode()
    for words in ("“CSOB2”", "CSOB02", "A nought is missing."):
        assert words in html


def test_printed_totals_stand_beside_the_computed_ones(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan), planned=Decimal(2_859_000))
    factories.PrintedTotalFactory(
        plan=plan, label="2020/21 Saving", amount=Decimal(2_859_000), amount_as_stated="2,859"
    )
    factories.PrintedTotalFactory(plan=plan, register="workforce", record_key="gone", measure="headcount")
    html = read("data_quality").content.decode()
    assert "1 of the 2 totals the document prints here agree with the computed ones." in html
    assert "2,859" in html
    assert "nothing to add up" in html
    assert "cannot be compared" in html


@pytest.mark.parametrize(
    ("kind", "factory", "page", "anchor"),
    [
        ("finding", factories.FindingFactory, "finding_detail", ""),
        ("evidence", factories.EvidenceFactory, "evidence_detail", ""),
        ("milestone", factories.MilestoneFactory, "narrative", "#milestone-it"),
        ("consultation", factories.ConsultationFactory, "narrative", "#consultation-it"),
        ("budget_figure", factories.BudgetFigureFactory, "budget", "#budget-figure-it"),
        ("source", factories.SourceFactory, "finding_list", "#source-it"),
    ],
)
def test_a_note_leads_to_its_record_wherever_that_stands(read, plan, kind, factory, page, anchor):
    record = factory(plan=plan, key="it")
    factories.DataQualityNoteFactory(plan=plan, record_kind=kind, record_key=record.key)
    parts = [plan.slug, "it"] if page.endswith("_detail") else [plan.slug]
    assert f'href="{reverse(page, args=parts)}{anchor}"' in read("data_quality").content.decode()


def test_a_note_on_an_output_leads_to_it_on_the_page_of_its_activity(read, plan, activity):
    output = factories.OutputFactory(plan=plan, activity=activity, key="panel")
    factories.DataQualityNoteFactory(plan=plan, record_kind="output", record_key=output.key)
    url = reverse("activity_detail", args=[plan.slug, activity.key])
    assert f'href="{url}#output-panel"' in read("data_quality").content.decode()
