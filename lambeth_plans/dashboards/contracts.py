"""The contracts register: what ends when, what is asked about, and the file the Transparency Code asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format

from finance.ending import TOLD, Stage
from finance.transparency import PublishedContract, published_lines
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Span, Timeline, TimelineEntry, TimelineLook, months_shown, timeline
from lambeth_plans.dashboards.facts import ContractFact
from lambeth_plans.dashboards.filters import ContractFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.timeline import day_in_words
from lambeth_plans.spreadsheets.csv_files import write_csv

#: So many contracts are drawn; of more, those that come first.
MOST_ROWS = 80
IN_USE, ENDED, TO_COME = "Ended, still in use", "Ended", "Had not ended"


@dataclass(frozen=True)
class Endings:
    """The lines over the register, of contracts in the order of what their warnings count to. `unknown` has every one
    without an end date, also where a day for notice is known."""

    in_use: list[ContractFact]
    asked: list[ContractFact]
    alerts: list[tuple[Stage, list[ContractFact]]]
    unknown: list[ContractFact]
    assumed: list[ContractFact]


def endings_of(contracts: Sequence[ContractFact]) -> Endings:
    ordered = sorted(contracts, key=lambda contract: contract.deadline_order)
    found = [(stage, [contract for contract in ordered if contract.alert is stage]) for stage in TOLD]
    return Endings(
        in_use=[contract for contract in ordered if contract.is_expired_and_in_use],
        asked=[contract for contract in ordered if contract.is_to_be_asked],
        alerts=[(stage, those) for stage, those in found if those],
        unknown=[contract for contract in contracts if contract.end_date is None],
        assumed=[contract for contract in ordered if contract.ending.assumed and not contract.has_ended],
    )


def drawn(contracts: Sequence[ContractFact], state: PlanState) -> Timeline:
    """Each contract's end over months, with the notice period before it, the most pressing first."""
    dated = [contract for contract in contracts if contract.end_date or contract.ending.notice_day]
    order = {name: place for place, name in enumerate((IN_USE, *(stage.words for stage in Stage), TO_COME))}
    grouped = sorted(dated, key=lambda contract: (order[_group(contract)], contract.deadline_order))
    nearest = [*(c for c in grouped if not c.has_ended), *(c for c in grouped if c.has_ended)][:MOST_ROWS]
    shown = [contract for contract in grouped if contract in nearest]
    entries = [_entry(contract) for contract in shown]
    dates = [span for entry in entries for span in (entry.due, entry.lead) if span]
    first, last = months_shown(dates, state.as_of, state.plan.start_date, state.plan.end_date)
    left_out = len(dated) - len(shown)
    undated = len(contracts) - len(dated)
    told = [f"{len(shown)} with a date, read at {date_format(state.as_of, 'j F Y')}"]
    told += [f"{left_out} that end last are left out"] if left_out else []
    told += [f"{undated} without a date stand in the list below"] if undated else []
    return timeline(
        title="When contracts end, and until when notice can be given",
        source=state.plan.source_document or state.plan.title,
        description=f"{'; '.join(told)}.",
        entries=entries,
        day=state.as_of,
        day_text=day_in_words(state),
        first=first,
        last=last,
        second="Last day for notice",
        lead_words="From the last day for notice to the end",
    )


def _group(contract: ContractFact) -> str:
    if contract.is_expired_and_in_use:
        return IN_USE
    if contract.has_ended:
        return ENDED
    return TO_COME if contract.is_of_closed_plan else contract.ending.stage.words


def _entry(contract: ContractFact) -> TimelineEntry:
    """What it ends with; where only a day for notice is known, that day."""
    ending = contract.ending
    due = contract.end_date or contract.notice_date
    span = Span(due.earliest, due.latest, str(due) if contract.end_date else "not stated")
    notice = ending.notice_day if contract.end_date else None
    return TimelineEntry(
        group=_group(contract),
        name=f"{contract.ref} {contract.title}".strip(),
        due=span,
        look=TimelineLook.PAST if contract.has_ended else TimelineLook.TO_COME,
        words=_words(contract),
        note="still in use" if contract.is_expired_and_in_use else "" if contract.end_date else "notice only",
        lead=Span(notice, due.earliest, ending.notice_words) if notice and notice < due.earliest else None,
        second=ending.notice_words or "not stated",
    )


def _words(contract: ContractFact) -> str:
    """Beside its dates: whether it is over, and how long it may be extended."""
    if contract.has_ended:
        return "ended, still in use" if contract.is_expired_and_in_use else "ended"
    said = ["may have ended" if contract.ending.may_have_ended else "to come"]
    if contract.latest_end_date:
        said.append(f"may be extended to {contract.latest_end_date}")
    return "; ".join(said)


@reads()
def contract_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = ContractFilter(request.GET or None, state.contracts)
    contracts = form.narrowed()
    stated = [contract.annual_value for contract in contracts if contract.annual_value is not None]
    context = plan_context(
        state,
        "contract_list",
        ("Contracts", ""),
        form=form,
        page=Paginator(contracts, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(contracts, state.contracts, "contracts"),
        stated=len(stated),
        total=sum(stated, Decimal(0)),
        endings=endings_of(contracts),
        figure=drawn(contracts, state),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
    )
    return render(request, "dashboards/contract_list.html", context)


@reads()
def contract_publication(request: HttpRequest, plan: str) -> HttpResponse:
    """The register in the columns of the Transparency Code, as the reader sees the plan: members what is published."""
    state = visible_state(request, plan)
    content = write_csv(published_lines(published(state)))
    disposition = f'attachment; filename="{state.plan.slug}-contracts-published.csv"'
    return HttpResponse(content, "text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def published(state: PlanState) -> list[PublishedContract]:
    """What is published of each contract: no director, no note, nothing that the Code does not ask for."""
    return [
        PublishedContract(
            ref=contract.ref,
            title=contract.title,
            department=division.name if (division := state.divisions.get(contract.division_id)) else "",
            description=contract.description,
            supplier=contract.supplier,
            total_value=contract.total_value,
            annual_value=contract.annual_value,
            irrecoverable_vat=contract.irrecoverable_vat,
            start_date=contract.start_date,
            end_date=contract.end_date,
            review_date=contract.review_date,
            process=contract.process,
            is_small_or_medium=contract.supplier_is_small_or_medium,
            is_voluntary_or_community=contract.supplier_is_voluntary_or_community,
            registration_number=contract.supplier_registration_number,
            total_value_as_stated=contract.total_value_as_stated,
            annual_value_as_stated=contract.annual_value_as_stated,
            start_date_as_stated=contract.start_date_as_stated,
            end_date_as_stated=contract.end_date_as_stated,
            review_date_as_stated=contract.review_date_as_stated,
        )
        for contract in state.contracts
    ]
