"""Savings, budgets, contracts and the workforce. Amounts are pounds; what a document prints stands beside them."""

from collections.abc import Iterable, Iterator

from ninja import Field, Schema

from activities.models import Activity
from finance.models import BudgetLine, Saving, WorkforceBand
from kpis.models import PlanIndicator
from lambeth_plans.api.items import Day, Figure, Item, Money, day, figure, identity, key, money, name, names, refs, said
from lambeth_plans.dashboards.facts import BudgetFigureFact, BudgetMonitorFact, SavingYearFact
from lambeth_plans.dashboards.state import PlanState


class SavingYear(Schema):
    """What a saving brings in a year. Null is not stated; 0.00 is stated. Once it is monitored, planned and
    over-delivered come to what is delivered, forecast (still to come), slipped and undeliverable."""

    year: str = Field(examples=["2019/20"])
    planned: Money | None
    planned_as_stated: str | None
    delivered: Money | None
    delivered_as_stated: str | None
    forecast: Money | None
    slipped: Money | None
    slipped_to: str | None = Field(description="The year that it slips to.", examples=["2020/21"])
    undeliverable: Money | None
    over_delivered: Money | None
    is_monitored: bool = Field(description="Whether somebody has said what became of the plan.")
    status: str | None = Field(examples=["At risk"])
    status_reason: str | None
    mitigated_by: str | None


class SavingItem(Item):
    title: str
    kind: str | None = Field(description="Cost avoidance is never added to cash.", examples=["Cost avoidance"])
    recurrence: str | None = Field(examples=["Recurrent"])
    details: str | None
    base_budget: Money | None
    base_budget_as_stated: str | None
    investment_made: Money | None
    investment_made_as_stated: str | None
    investment_needed: Money | None
    investment_needed_as_stated: str | None
    owner: str | None
    owner_key: str | None
    division: str | None
    objectives: list[str]
    activities: list[str]
    indicators: list[str] = Field(description="Those it may hurt.")
    years: list[SavingYear]


class Forecast(Schema):
    """What a line was expected to come to, as it was seen in a month; net, as the line's net expenditure is."""

    month: str = Field(examples=["Sep 2026"])
    forecast: Money
    variance: Money = Field(description="Forecast less budget: above nought it is a pressure.")
    actual_to_date: Money | None
    variance_reason: str | None
    recovery_action: str | None


class BudgetItem(Item):
    title: str
    division: str | None
    fund: str
    period: str
    employee_expenses: Money
    employee_expenses_as_stated: str | None
    other_expenditure: Money
    total_expenditure: Money
    grants_and_contributions: Money
    other_income: Money
    total_income: Money
    net_expenditure: Money
    forecasts: list[Forecast]


class BudgetFigureItem(Item):
    title: str
    kind: str
    parent_key: str | None = Field(description="The whole it is a part of.")
    period_as_stated: str | None
    amount: Money | None
    upper_amount: Money | None = Field(description="The upper end of a range.")
    amount_as_stated: str | None
    not_broken_down: Money | None = Field(description="What its parts leave over.")
    body: str | None
    note: str | None


class ContractItem(Item):
    title: str
    supplier: str | None
    annual_value: Money | None
    annual_value_as_stated: str | None
    start_date: Day | None
    start_date_as_stated: str | None
    end_date: Day | None
    end_date_as_stated: str | None
    review_date: Day | None
    review_date_as_stated: str | None
    notice_months: int | None = Field(description="The notice period.")
    notice_date: Day | None = Field(description="The last day for notice, where it is stated.")
    notice_date_as_stated: str | None
    last_day_for_notice: Day | None = Field(description="As it is stated, else the notice period before the end.")
    extension_options: str | None
    latest_end_date: Day | None = Field(description="Where it is extended as long as it may be.")
    is_still_in_use: bool | None = Field(description="After its end, as somebody said; null where nobody did.")
    alert: str | None = Field(
        description="What is warned of: its end or its last day for notice, whichever comes first and has not gone by.",
        examples=["Within 3 months"],
    )
    total_value: Money | None = Field(description="Over the whole contract.")
    total_value_as_stated: str | None
    irrecoverable_vat: Money | None
    process: str | None = Field(description="What it is the result of.", examples=["Published invitation to tender"])
    description: str | None
    supplier_is_small_or_medium: bool | None
    supplier_is_voluntary_or_community: bool | None
    supplier_registration_number: str | None
    status: str
    director: str | None
    director_key: str | None
    further_directors: list[str]
    director_as_stated: str | None
    division: str | None
    note: str | None


class Band(Schema):
    """One part of the headcount; its share is computed."""

    kind: str
    label: str
    number: int
    share: Figure | None = Field(description="Percent of the headcount.")
    share_as_stated: str | None


class WorkforceItem(Item):
    title: str
    snapshot_date: Day
    headcount: int | None
    counted: int = Field(description="The bands added up.")
    average_sickness_days: Figure | None
    turnover: Figure | None = Field(description="Percent.")
    turnover_as_stated: str | None
    difference_reason: str | None = Field(description="Why the bands do not add up to the headcount.")
    bands: list[Band]


class CaseloadItem(Item):
    """Cases for each worker of a team, on average, on the day of a snapshot of the workforce."""

    title: str = Field(description="The snapshot’s.")
    snapshot_date: Day
    team: str
    target: Figure | None
    actual: Figure | None


def _division(state: PlanState, pk: int | None) -> str | None:
    division = state.divisions.get(pk) if pk else None
    return division.name if division else None


def savings(state: PlanState) -> Iterator[SavingItem]:
    activities, indicators = state.names(Activity), state.names(PlanIndicator)
    for saving in state.savings:
        yield SavingItem(
            **identity(state, "saving", saving),
            title=saving.title,
            kind=said(saving.kind_words),
            recurrence=said(saving.recurrence_words),
            details=said(saving.details),
            base_budget=money(saving.base_budget),
            base_budget_as_stated=said(saving.base_budget_as_stated),
            investment_made=money(saving.investment_made),
            investment_made_as_stated=said(saving.investment_made_as_stated),
            investment_needed=money(saving.investment_needed),
            investment_needed_as_stated=said(saving.investment_needed_as_stated),
            owner=name(saving.owner),
            owner_key=key(saving.owner),
            division=_division(state, saving.division_id),
            objectives=refs(state.objectives.get(pk) for pk in state.linked(Saving, "objectives", saving.id)),
            activities=refs(activities.get(pk) for pk in state.linked(Saving, "activities", saving.id)),
            indicators=refs(indicators.get(pk) for pk in state.linked(Saving, "indicators", saving.id)),
            years=list(map(_year, saving.years)),
        )


def _year(year: SavingYearFact) -> SavingYear:
    return SavingYear(
        year=year.period.label,
        planned=money(year.planned),
        planned_as_stated=said(year.planned_as_stated),
        delivered=money(year.delivered),
        delivered_as_stated=said(year.delivered_as_stated),
        forecast=money(year.forecast),
        slipped=money(year.slipped),
        slipped_to=said(year.slipped_to),
        undeliverable=money(year.undeliverable),
        over_delivered=money(year.over_delivered),
        is_monitored=year.is_monitored,
        status=said(year.status.word if year.status else ""),
        status_reason=said(year.status_reason),
        mitigated_by=said(year.mitigated_by),
    )


def budgets(state: PlanState) -> Iterator[BudgetItem]:
    funds = dict(BudgetLine.Fund.choices)
    for line in state.budget_lines:
        yield BudgetItem(
            **identity(state, "budget_line", line),
            title=line.title,
            division=_division(state, line.division_id),
            fund=funds[line.fund],
            period=line.period.label,
            employee_expenses=money(line.employee_expenses),
            employee_expenses_as_stated=said(line.employee_expenses_as_stated),
            other_expenditure=money(line.other_expenditure),
            total_expenditure=money(line.total_expenditure),
            grants_and_contributions=money(line.grants_and_contributions),
            other_income=money(line.other_income),
            total_income=money(line.total_income),
            net_expenditure=money(line.net_expenditure),
            forecasts=list(map(_forecast, line.monitors)),
        )


def _forecast(monitor: BudgetMonitorFact) -> Forecast:
    return Forecast(
        month=monitor.month.label,
        forecast=money(monitor.forecast),
        variance=money(monitor.variance),
        actual_to_date=money(monitor.actual_to_date),
        variance_reason=said(monitor.variance_reason),
        recovery_action=said(monitor.recovery_action),
    )


def budget_figures(state: PlanState) -> Iterator[BudgetFigureItem]:
    """Each whole, followed by its parts."""
    yield from _figures(state, state.budget_figures, None)


def _figures(
    state: PlanState, figures: Iterable[BudgetFigureFact], whole: BudgetFigureFact | None
) -> Iterator[BudgetFigureItem]:
    for amount in figures:
        yield BudgetFigureItem(
            **identity(state, "budget_figure", amount),
            title=amount.title,
            kind=amount.kind,
            parent_key=key(whole),
            period_as_stated=said(amount.period_as_stated),
            amount=money(amount.amount),
            upper_amount=money(amount.upper_amount),
            amount_as_stated=said(amount.amount_as_stated),
            not_broken_down=money(amount.not_broken_down),
            body=said(amount.body),
            note=said(amount.note),
        )
        yield from _figures(state, amount.parts, amount)


def contracts(state: PlanState) -> Iterator[ContractItem]:
    for contract in state.contracts:
        yield ContractItem(
            **identity(state, "contract", contract),
            title=contract.title,
            supplier=said(contract.supplier),
            annual_value=money(contract.annual_value),
            annual_value_as_stated=said(contract.annual_value_as_stated),
            start_date=day(contract.start_date),
            start_date_as_stated=said(contract.start_date_as_stated),
            end_date=day(contract.end_date),
            end_date_as_stated=said(contract.end_date_as_stated),
            review_date=day(contract.review_date),
            review_date_as_stated=said(contract.review_date_as_stated),
            notice_months=contract.notice_months,
            notice_date=day(contract.notice_date),
            notice_date_as_stated=said(contract.notice_date_as_stated),
            last_day_for_notice=notice.isoformat() if (notice := contract.ending.notice_day) else None,
            extension_options=said(contract.extension_options),
            latest_end_date=day(contract.latest_end_date),
            is_still_in_use=contract.is_still_in_use,
            alert=contract.alert.words if contract.alert else None,
            total_value=money(contract.total_value),
            total_value_as_stated=said(contract.total_value_as_stated),
            irrecoverable_vat=money(contract.irrecoverable_vat),
            process=said(contract.process),
            description=said(contract.description),
            supplier_is_small_or_medium=contract.supplier_is_small_or_medium,
            supplier_is_voluntary_or_community=contract.supplier_is_voluntary_or_community,
            supplier_registration_number=said(contract.supplier_registration_number),
            status=contract.status.words,
            director=name(contract.director),
            director_key=key(contract.director),
            further_directors=names(contract.further_directors),
            director_as_stated=said(contract.director_as_stated),
            division=_division(state, contract.division_id),
            note=said(contract.note),
        )


def workforce(state: PlanState) -> Iterator[WorkforceItem]:
    kinds = dict(WorkforceBand.Kind.choices)
    for snapshot in state.workforce:
        bands = [
            Band(
                kind=kinds[band.kind],
                label=band.label,
                number=band.number,
                share=figure(band.share),
                share_as_stated=said(band.share_as_stated),
            )
            for band in snapshot.bands
        ]
        yield WorkforceItem(
            **identity(state, "workforce", snapshot),
            title=snapshot.title,
            snapshot_date=snapshot.snapshot_date.iso,
            headcount=snapshot.headcount,
            counted=snapshot.counted,
            average_sickness_days=figure(snapshot.average_sickness_days),
            turnover=figure(snapshot.turnover),
            turnover_as_stated=said(snapshot.turnover_as_stated),
            difference_reason=said(snapshot.difference_reason),
            bands=bands,
        )


def caseloads(state: PlanState) -> Iterator[CaseloadItem]:
    for snapshot in state.workforce:
        for number, caseload in enumerate(snapshot.caseloads, start=1):
            whose = identity(state, "workforce", snapshot)
            yield CaseloadItem(
                **whose | {"key": f"{snapshot.key}-{number}"},
                title=snapshot.title,
                snapshot_date=snapshot.snapshot_date.iso,
                team=caseload.team,
                target=figure(caseload.target),
                actual=figure(caseload.actual),
            )
