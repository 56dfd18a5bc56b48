"""A plan with something for every part of its pack, read once: what a pack is made of needs no database any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.fields import PartialDate
from lambeth_plans.reports.blocks import Group, Picture, Section, flat
from lambeth_plans.reports.pack import Pack, PackTerms, pack_of
from objectives.models import Plan
from tests import factories
from tests.stage import held

PUBLISHED = timezone.datetime(2026, 3, 3, 18, 30, tzinfo=timezone.get_fixed_timezone(0))
BECAUSE = "Paragraph 3 of Schedule 12A: the affairs of a firm."
#: A word of each part that stands in no other, but where something else tells of the same record.
WORDS = {
    "summary": "The purpose of this report",
    "decisions": "Koala",
    "good": "Galah",
    "attention": "Quokka",
    "changed": "Emu",
    "indicators": "Numbat",
    "risks": "Wombat",
    "money": "Bilby",
    "contracts": "Dingo",
    "workforce": "Echidna",
    "ahead": "Possum",
}


@dataclass(frozen=True)
class Shelf:
    """The states that packs are made of here: of an empty plan, and of one with everything, now and ten days ago; each
    for whoever sees small counts and for whoever does not."""

    empty: PlanState
    full: dict[bool, tuple[PlanState, PlanState]]

    def pack(self, *exempt: str, members: bool = False, **terms) -> Pack:
        now, since = self.full[not members]
        return pack_of(now, since, terms=self.terms(*exempt, **terms), is_for_members=members)

    def bare(self) -> Pack:
        return pack_of(self.empty, None, terms=PackTerms())

    @staticmethod
    def terms(*exempt: str, **more) -> PackTerms:
        told = {
            "number": 3,
            "published_at": PUBLISHED,
            "note": "For the board.",
            "decisions_asked": "That the Koala be noted.\nThat it be fed.",
            "exempt_parts": exempt,
            "exempt_because": BECAUSE if exempt else "",
            "board": "Improvement Board",
            "meeting_date": date(2026, 3, 10),
            "since": "publication 2 (3 February 2026)",
        }
        return PackTerms(**(told | more))


@pytest.fixture(scope="module")
def shelf(django_db_setup, django_db_blocker) -> Shelf:
    with held(django_db_blocker), factories.written_by(User.objects.system()):
        council = factories.CouncilFactory(slug="packed", name="The Borough & Co")
        made = Shelf(plan_state(factories.PlanFactory(council=council, slug="bare")), {})
        plan = _plan(council)
        for sees in (True, False):
            then = plan_state(plan, timezone.now() - timedelta(days=5), sees_small_counts=sees)
            made.full[sees] = plan_state(plan, sees_small_counts=sees), then
            made.pack(members=not sees)
        made.bare()
        yield made


def _plan(council) -> Plan:
    """Ten days ago everything was there; since then ratings, a date and a figure changed."""
    day = timezone.localdate()
    soon = PartialDate.of(day + timedelta(days=30))
    plan = factories.PlanFactory(council=council, slug="packed-plan", title="A Plan", status="current")
    owner = factories.OfficerFactory(council=council, name="The Director", key="director")
    red, good, moved = (
        factories.ActivityFactory(plan=plan, key=key, ref=key.upper(), title=title, owner=owner, due_date=soon)
        for key, title in (("ka1", "Count the Quokka"), ("ka2", "Feed the Galah"), ("ka3", "Move the date"))
    )
    factories.ProgressUpdateFactory(activity=red, period="Apr 2025", rag="green", what_happened="All well.")
    factories.ProgressUpdateFactory(activity=good, period="Apr 2025", rag="amber", path_to_green="More seed.")
    _indicators(plan, owner, day)
    matrix = factories.RiskMatrixFactory(council=council, name="The matrix")
    risk = factories.RiskFactory(plan=plan, key="r1", ref="R1", title="Wombat digs", owner=owner, matrix=matrix)
    factories.RiskScoreFactory(risk=risk, likelihood=4, impact=5, scored_date="2025-04-01", matrix=matrix)
    total = factories.RiskFactory(plan=plan, key="r2", ref="R2", title="Told in total")
    factories.RiskScoreFactory(risk=total, score=12, likelihood=None, impact=None, matrix=None)
    factories.RiskFactory(plan=plan, key="r3", ref="R3", title="Not scored")
    saving = factories.SavingFactory(plan=plan, key="s1", ref="S1", title="=Bilby+1", owner=owner)
    factories.SavingYearFactory(saving=saving, period="2025/26", planned=Decimal(1000))
    house = factories.BudgetLineFactory(plan=plan, title="Bilby house", period="2025/26")
    factories.BudgetMonitorFactory(line=house, period="Sep 2025")
    staff = factories.WorkforceSnapshotFactory(plan=plan, title="Echidna keepers", headcount=10)
    factories.WorkforceBandFactory(snapshot=staff, label="Keepers", number=10)
    factories.TeamCaseloadFactory(snapshot=staff, team="Night watch")
    factories.ContractFactory(plan=plan, key="c1", title="Dingo fence", director=owner, end_date=soon)
    factories.MilestoneFactory(plan=plan, title="Possum counted", due_date=soon)
    for model in history.recorded_models():
        model.history.update(history_date=F("history_date") - timedelta(days=10))
    factories.ProgressUpdateFactory(
        activity=red, period="May 2025", rag="red", what_happened="They\nhid & bit <us>.", path_to_green="A net."
    )
    factories.ProgressUpdateFactory(activity=good, period="May 2025", rag="blue", what_happened="Fed.")
    later = PartialDate.of(day + timedelta(days=60))
    change = {"previous_due_date": soon, "new_due_date": later, "due_date_reason": "The Emu ran."}
    factories.ProgressUpdateFactory(activity=moved, period="May 2025", rag="not_started", **change)
    moved.refresh_from_db()
    moved.due_date = later
    history.save(moved, by=User.objects.system(), reason="It ran.")
    return Plan.objects.select_related("council").get(pk=plan.pk)


def _indicators(plan: Plan, owner, day: date) -> None:
    place = factories.PlanIndicatorFactory(plan=plan, code="N1", title="Share of Numbat", owner=owner)
    counted = factories.IndicatorFactory(
        council=plan.council, title="Numbat hurt", unit="number", decimals=0, counts_people=True
    )
    factories.PlanIndicatorFactory(plan=plan, indicator=counted, code="N2", order=1)
    month = periods.month_of(day - timedelta(days=400))
    for number in range(13):
        factories.OutturnFactory(indicator=place.indicator, period=month, value=Decimal(90 + number % 3))
        factories.TargetFactory(indicator=place.indicator, period=month, value=Decimal(95))
        month = periods.following(month)
    factories.OutturnFactory(indicator=counted, period=periods.month_of(day), value=Decimal(3))


def text_of_section(section: Section) -> str:
    """Everything that is printed of a part."""
    told = [section.title, section.because if section.is_exempt else ""]
    for block in (*section.blocks, *(each for each in section.blocks if isinstance(each, Group))):
        told.append(block.heading if isinstance(block, Group) else "")
    for block in flat(section.blocks):
        if isinstance(block, Picture):
            told += [block.chart.title, block.chart.description, repr(block.chart.rows)]
        else:
            told += [getattr(block, "lead", ""), getattr(block, "caption", "")]
            total = getattr(block, "total", None)
            told += [cell.words for row in (*block.rows, *([total] if total else ())) for cell in row.cells]
    return "\n".join(filter(None, told))


@pytest.fixture
def told() -> Callable[[Pack], str]:
    """Everything that is said in a pack, its workbook included."""

    def everything(pack: Pack) -> str:
        sheets = [repr(line.values) for sheet in pack.sheets for line in sheet.lines]
        return "\n".join([repr(pack.cover), *map(text_of_section, pack.sections), *sheets])

    return everything
