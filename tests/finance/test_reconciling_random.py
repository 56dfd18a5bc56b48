"""Whatever analysts type, import and mend in the admin, in whatever order: bands add up or somebody says why, and no
forecast differs from its budget without a word."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.models import BudgetLine, BudgetMonitor, WorkforceBand, WorkforceSnapshot
from lambeth_plans.dashboards.data_quality import unexplained
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.registers.register_list import REGISTERS
from tests import factories
from tests.environment import SOAK

pytestmark = [pytest.mark.campaign, pytest.mark.django_db]

people, why = st.sampled_from([0, 1, 4, 5, 9, 10]), st.sampled_from(["", "Two hold two posts."])
forecasts = st.sampled_from(["1000000", "1050000", "990000"])
doors = st.sampled_from(["form", "admin", "import"])
counts = st.tuples(st.just("count"), doors, people, people, people, why)
guesses = st.tuples(st.just("forecast"), doors, forecasts, why, why)
budgets = st.tuples(st.just("budget"), doors, st.sampled_from(["400000", "450000"]))


class Office:
    """An analyst and an administrator at work on one plan."""

    def __init__(self, plan, analyst, administrator):
        self.plan, self.analyst = plan, analyst
        self.forms, self.admin = Client(), Client()
        self.forms.force_login(analyst)
        self.admin.force_login(administrator)
        self.snapshot = factories.WorkforceSnapshotFactory(
            plan=plan, key="staff", title="Staff", snapshot_date=PartialDate("2020-03"), headcount=9
        )
        for order, (kind, number) in enumerate((("agency", 4), ("grade", 5)), start=1):
            factories.WorkforceBandFactory(snapshot=self.snapshot, order=order, kind=kind, label=kind, number=number)
        self.line = factories.BudgetLineFactory(plan=plan, key="care", title="Care", period="2020/21")
        self.monitor = factories.BudgetMonitorFactory(line=self.line, period="Sep 2020")
        self.changed_budget = False

    def do(self, noun, door, *told):
        getattr(self, f"{noun}_by_{door}")(*told)

    def bring(self, register, *lines):
        batch = upload_register(
            register=REGISTERS[register],
            council=self.plan.council,
            plan=self.plan,
            file_name="a.csv",
            content="\n".join(lines).encode(),
            by=self.analyst,
        )
        if batch.state == ImportBatch.State.PREVIEWED:
            confirm_register(batch=batch, by=self.analyst)

    def mend(self, record, **typed):
        model = type(record)._meta
        path = reverse(f"admin:finance_{model.model_name}_change", args=[record.pk])
        form = self.admin.get(path).context["adminform"].form
        standing = {bound.html_name: bound.value() for bound in form}
        posted = {name: value for name, value in (standing | typed).items() if value is not None}
        assert self.admin.post(path, posted | {"change_reason": "Mended."}).status_code in (200, 302)

    def count_by_form(self, headcount, agency, grade, reason):
        posted = {"title": "Staff", "snapshot_date": "March 2020", "headcount": headcount, "difference_reason": reason}
        posted["version"] = WorkforceSnapshot.objects.get().version
        for band, number in zip(WorkforceBand.objects.order_by("order"), (agency, grade), strict=True):
            row = {"version": band.version, "kind": band.kind, "label": band.label, "number": number}
            posted |= {f"band-{band.order}-{name}": value for name, value in row.items()}
        path = "/plans/borough-plan/workforce/staff/edit/"
        assert self.forms.post(path, posted | {"reason": "Counted."}).status_code in (200, 302)

    def count_by_admin(self, headcount, agency, grade, reason):
        self.mend(WorkforceSnapshot.objects.get(), headcount=headcount, difference_reason=reason)
        for band, number in zip(WorkforceBand.objects.order_by("order"), (agency, grade), strict=True):
            self.mend(band, number=number)

    def count_by_import(self, headcount, agency, grade, reason):
        head = "Snapshot,Date,Headcount,Agency,Band kind,Number,Why the bands do not add up"
        self.bring("workforce", head, f"Staff,2020-03,{headcount},{agency},grade,{grade},{reason or 'clear'}")

    def forecast_by_form(self, forecast, reason, action):
        monitor = BudgetMonitor.objects.get()
        row = {"version": monitor.version, "forecast": forecast, "variance_reason": reason, "recovery_action": action}
        posted = {f"month-2020-09-{name}": value for name, value in row.items()} | {"reason": "Seen."}
        assert self.forms.post("/plans/borough-plan/budget/care/forecasts/", posted).status_code in (200, 302)

    def forecast_by_admin(self, forecast, reason, action):
        monitor = BudgetMonitor.objects.get()
        self.mend(monitor, forecast=forecast, variance_reason=reason, recovery_action=action)

    def forecast_by_import(self, forecast, reason, action):
        head = "Line,Year,Month,Forecast,Reason for variance,Recovery action"
        self.bring("budget", head, f"Care,2020/21,Sep 2020,{forecast},{reason or 'clear'},{action or 'clear'}")

    def budget_by_form(self, amount):
        self.changed_budget = True
        line = BudgetLine.objects.get()
        posted = {"title": "Care", "division": "", "fund": "general", "employee_expenses": "800000"}
        posted |= {"other_expenditure": amount, "grants_and_contributions": "150000", "other_income": "50000"}
        posted |= {"version": line.version, "reason": "A virement."}
        assert self.forms.post("/plans/borough-plan/budget/care/edit/", posted).status_code == 302

    def budget_by_admin(self, amount):
        self.changed_budget = True
        self.mend(BudgetLine.objects.get(), other_expenditure=amount)

    def budget_by_import(self, amount):
        self.changed_budget = True  # no row of the file is a forecast, so that one is told of and not refused
        self.bring("budget", "Line,Year,Non-employee", f"Care,2020/21,{amount}")

    def holds(self):
        """What is true at any time, and that what a later change of the budget leaves behind is told."""
        snapshot, line, monitor = WorkforceSnapshot.objects.get(), BudgetLine.objects.get(), BudgetMonitor.objects.get()
        counted = sum(WorkforceBand.objects.values_list("number", flat=True))
        assert counted == snapshot.headcount or snapshot.difference_reason
        variance = monitor.forecast - line.net_expenditure
        assert isinstance(variance, Decimal)
        lacks = (variance and not monitor.variance_reason) or (variance > 0 and not monitor.recovery_action)
        assert not lacks or self.changed_budget
        assert bool(unexplained(plan_state(self.plan))) == bool(lacks)


@settings(max_examples=200 if SOAK else 8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(counts | guesses | budgets, min_size=2, max_size=6))
@example([("forecast", "form", "1000000", "", ""), ("budget", "import", "450000")])
def test_no_sequence_of_edits_breaks_a_sum_in_silence(plan, analyst, administrator, told):
    with transaction.atomic():
        office = Office(plan, analyst, administrator)
        for each in told:
            office.do(*each)
            office.holds()
        transaction.set_rollback(True)
