"""The sheets of a plan's workbook: their order for readers, and the order in which their records can be created."""

from django.db import models

from activities import resources as activities
from finance import resources as finance
from kpis import resources as kpis
from lambeth_plans.accounts import resources as accounts
from lambeth_plans.accounts.record_sheets import RecordSheet
from objectives import resources as objectives
from risks import resources as risks

SHEETS: tuple[type[RecordSheet], ...] = (
    objectives.PLAN,
    accounts.COUNCIL,
    objectives.SECTIONS,
    objectives.ACHIEVEMENTS,
    objectives.EVENTS,
    objectives.MILESTONES,
    objectives.GOALS,
    objectives.OBJECTIVES,
    objectives.SOURCES,
    objectives.FINDINGS,
    activities.ACTIVITIES,
    activities.OUTPUTS,
    activities.PROGRESS,
    kpis.PLACES,
    kpis.INDICATORS,
    kpis.CODES,
    kpis.TARGETS,
    kpis.OUTTURNS,
    kpis.REBASES,
    kpis.RELATED,
    kpis.COMPARATORS,
    kpis.BENCHMARKS,
    risks.RISKS,
    risks.SCORES,
    risks.MITIGATIONS,
    risks.MATRICES,
    risks.STEPS,
    risks.BANDS,
    finance.BUDGET,
    finance.BUDGET_MONITORS,
    finance.BUDGET_FIGURES,
    finance.SAVINGS,
    finance.SAVING_YEARS,
    finance.SUPPLIERS,
    finance.CONTRACTS,
    finance.WORKFORCE,
    finance.WORKFORCE_BANDS,
    finance.CASELOADS,
    finance.PRINTED_TOTALS,
    accounts.PEOPLE,
    accounts.DIVISIONS,
    accounts.BOARDS,
    activities.EVIDENCE,
    objectives.CONSULTATIONS,
    objectives.NOTES,
)
BY_TITLE = {sheet.title.casefold(): sheet for sheet in SHEETS}
BY_MODEL = {sheet.model: sheet for sheet in SHEETS}


def _leads_to(sheet: type[RecordSheet], *, needed: bool) -> set[type[models.Model]]:
    """The other models a sheet's rows point at: all of them, or only those they cannot do without."""
    fields = [field for field in sheet.model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    found = {field.related_model for field in fields if not (needed and field.null)}
    return (found & set(BY_MODEL)) - {sheet.model}


def _creation_order() -> tuple[type[RecordSheet], ...]:
    left, found = list(SHEETS), []
    while left:
        placed = {sheet.model for sheet in found}
        ready = [sheet for sheet in left if _leads_to(sheet, needed=True) <= placed]
        whole = [sheet for sheet in ready if _leads_to(sheet, needed=False) <= placed]
        found.append((whole or ready)[0])
        left.remove(found[-1])
    return tuple(found)


#: A record's parents come before it; links that may be empty are filled in afterwards.
IN_CREATION_ORDER = _creation_order()


def scope_of(model: type[models.Model]) -> str:
    """The path from a record to what holds it: "plan", "council", or through its parent, "saving__plan"."""
    names = {field.name for field in model._meta.concrete_fields}
    if "plan" in names:
        return "plan"
    if "council" in names:
        return "council"
    parent = BY_MODEL[model].identity[0]
    return f"{parent}__{scope_of(BY_MODEL[model].fields[parent].links_to)}"
