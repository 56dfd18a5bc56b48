"""Budgets, savings, contracts and the workforce in Django's admin."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Model

from finance.budget_actions import forecast_budget, revise_budget_line
from finance.models import (
    BudgetFigure,
    BudgetLine,
    BudgetMonitor,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    Supplier,
    TeamCaseload,
    WorkforceBand,
    WorkforceSnapshot,
)
from finance.workforce_actions import revise_workforce, save_band
from lambeth_plans.accounts.admin import RecordAdmin
from lambeth_plans.accounts.models import User
from objectives.admin import PlanRecordAdmin


@admin.register(Saving)
class SavingAdmin(PlanRecordAdmin):
    search_fields = ("ref", "title")


@admin.register(SavingYear)
class SavingYearAdmin(RecordAdmin):
    council_path = "saving__plan__council"
    list_display = ("saving", "period_start", "planned", "delivered", "forecast", "status")
    list_select_related = ("saving",)
    search_fields = ("saving__ref", "saving__title")


@admin.register(Supplier)
class SupplierAdmin(RecordAdmin):
    list_display = ("name", "council")
    list_select_related = ("council",)
    search_fields = ("name",)


@admin.register(PrintedTotal)
class PrintedTotalAdmin(PlanRecordAdmin):
    search_fields = ("label",)


@admin.register(WorkforceBand)
class WorkforceBandAdmin(RecordAdmin):
    council_path = "snapshot__plan__council"
    list_display = ("label", "number", "snapshot")
    list_select_related = ("snapshot",)

    def write(self, obj: WorkforceBand, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        save_band(band=obj, by=by, reason=reason)


@admin.register(WorkforceSnapshot)
class WorkforceSnapshotAdmin(PlanRecordAdmin):
    def write(self, obj: WorkforceSnapshot, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        revise_workforce(snapshot=obj, by=by, reason=reason)


@admin.register(TeamCaseload)
class TeamCaseloadAdmin(RecordAdmin):
    council_path = "snapshot__plan__council"
    list_display = ("team", "target", "actual", "snapshot")
    list_select_related = ("snapshot",)


@admin.register(BudgetLine)
class BudgetLineAdmin(PlanRecordAdmin):
    def write(self, obj: BudgetLine, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        revise_budget_line(line=obj, by=by, reason=reason)


@admin.register(BudgetMonitor)
class BudgetMonitorAdmin(RecordAdmin):
    council_path = "line__plan__council"
    list_display = ("line", "period_start", "forecast")
    list_select_related = ("line",)

    def write(self, obj: BudgetMonitor, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        forecast_budget(monitors=[obj], by=by, reason=reason)


admin.site.register((BudgetFigure, Contract), PlanRecordAdmin)
