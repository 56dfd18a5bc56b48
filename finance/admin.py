"""Budgets, savings, contracts and the workforce in Django's admin."""

from django.contrib import admin

from finance.models import (
    BudgetFigure,
    BudgetLine,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    Supplier,
    WorkforceBand,
    WorkforceSnapshot,
)
from lambeth_plans.accounts.admin import RecordAdmin
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


admin.site.register((BudgetFigure, BudgetLine, Contract, WorkforceSnapshot), PlanRecordAdmin)
