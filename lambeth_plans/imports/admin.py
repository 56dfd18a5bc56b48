"""Imports in Django's admin: what was uploaded, by whom, and what became of it. Only read."""

from django.contrib import admin

from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.imports.models import ColumnMapping, ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("number", "council", "file_name", "made_by_name", "made_at", "state")
    list_select_related = ("council",)
    search_fields = ("number", "file_name", "made_by_name")
    exclude = ("rows", "errors", "marked", "content")


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    list_display = ("council", "kind", "sheet", "chosen_by_name", "chosen_at")
    list_select_related = ("council",)
    search_fields = ("kind", "sheet", "chosen_by_name")
