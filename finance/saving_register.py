"""Which columns the register of savings has."""

from collections.abc import Iterator

from finance.models import Saving
from finance.resources import SAVING_YEARS, SAVINGS
from lambeth_plans import periods
from lambeth_plans.accounts.record_sheets import Values
from lambeth_plans.accounts.register_sheets import (
    Register,
    RegisterColumn,
    RegisterRow,
    Said,
    rows_of_parts,
    says_of_leading,
    says_of_main,
    says_of_part,
)
from lambeth_plans.accounts.register_widgets import (
    AmountWidget,
    LeadingWidget,
    Lookup,
    NameWidget,
    PeriodWidget,
    RecordsWidget,
    RegisterWidget,
    WordsWidget,
)
from lambeth_plans.accounts.resources import DIVISIONS, PEOPLE
from lambeth_plans.rag import SavingStatus
from lambeth_plans.spreadsheets import Cell

KINDS = {
    **dict.fromkeys(("cash", "cashable saving"), Saving.Kind.CASHABLE.value),
    **dict.fromkeys(("cost-avoidance", "avoidance", "avoided cost"), Saving.Kind.COST_AVOIDANCE.value),
}
RECURRENCES = {
    **dict.fromkeys(("recurring", "ongoing"), Saving.Recurrence.RECURRENT.value),
    **dict.fromkeys(("one off", "once", "non-recurrent"), Saving.Recurrence.ONE_OFF.value),
}
#: By their colours too: methods.md, 4.6.
STATUSES = {each.rag.value: each.value for each in SavingStatus} | {
    "delivered": SavingStatus.SECURED.value,
    "undeliverable": SavingStatus.NOT_DELIVERABLE.value,
}


class YearWordsWidget(RegisterWidget):
    """A year as councils write it, kept as its label."""

    @property
    def hint(self) -> str:
        return "A later year, like 2021/22, or after 31 Mar 2021."

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        return {self.name: periods.parse(text.replace("–", "-")).label}


class SavingsRegister(Register):
    """One year of one saving in each row; what belongs to the saving itself stands on each of its rows, or on one."""

    slug, label, noun = "savings", "Savings", "saving"

    ref = RegisterColumn("Reference", RegisterWidget(SAVINGS, "ref"), "ref; saving reference; proposal reference")
    title = RegisterColumn("Title", RegisterWidget(SAVINGS, "title"), "saving; proposal; saving title")
    details = RegisterColumn("Details", RegisterWidget(SAVINGS, "details"), "description; saving details")
    owner = RegisterColumn("Owner", NameWidget(SAVINGS, "owner", PEOPLE), "lead; responsible officer")
    division = RegisterColumn("Division", NameWidget(SAVINGS, "division", DIVISIONS), "department; service")
    kind = RegisterColumn(
        "Cash or cost avoidance", WordsWidget(SAVINGS, "kind", KINDS), "kind; cashable; type of saving"
    )
    recurrence = RegisterColumn(
        "Recurrent or one-off", WordsWidget(SAVINGS, "recurrence", RECURRENCES), "recurrence; recurring; one-off"
    )
    base_budget = RegisterColumn("Base budget", AmountWidget(SAVINGS, "base_budget", "base_budget_as_stated"), "budget")
    base_budget_as_stated = RegisterColumn("Base budget as printed", RegisterWidget(SAVINGS, "base_budget_as_stated"))
    investment_made = RegisterColumn(
        "Investment made", AmountWidget(SAVINGS, "investment_made", "investment_made_as_stated"), "investment so far"
    )
    investment_made_as_stated = RegisterColumn(
        "Investment made as printed", RegisterWidget(SAVINGS, "investment_made_as_stated")
    )
    investment_needed = RegisterColumn(
        "Investment needed", AmountWidget(SAVINGS, "investment_needed", "investment_needed_as_stated"), "investment"
    )
    investment_needed_as_stated = RegisterColumn(
        "Investment needed as printed", RegisterWidget(SAVINGS, "investment_needed_as_stated")
    )
    objectives = RegisterColumn("Objectives", RecordsWidget(SAVINGS, "objectives"), "objective; linked objectives")
    activities = RegisterColumn(
        "What delivers it",
        RecordsWidget(SAVINGS, "activities"),
        "activities; activity; delivered by; linked activities",
    )
    indicators = RegisterColumn(
        "Indicators it may hurt", RecordsWidget(SAVINGS, "indicators"), "indicators; indicator; kpis; linked indicators"
    )
    risks = RegisterColumn("Risks", LeadingWidget(Saving, "risks"), "risk; risks that may hurt it; linked risks")
    period = RegisterColumn("Year", PeriodWidget(SAVING_YEARS, "period"), "period; financial year")
    planned = RegisterColumn(
        "Planned", AmountWidget(SAVING_YEARS, "planned", "planned_as_stated"), "target; planned saving"
    )
    planned_as_stated = RegisterColumn("Planned as printed", RegisterWidget(SAVING_YEARS, "planned_as_stated"))
    delivered = RegisterColumn(
        "Delivered", AmountWidget(SAVING_YEARS, "delivered", "delivered_as_stated"), "achieved; delivered saving"
    )
    delivered_as_stated = RegisterColumn("Delivered as printed", RegisterWidget(SAVING_YEARS, "delivered_as_stated"))
    forecast = RegisterColumn("Forecast", AmountWidget(SAVING_YEARS, "forecast"), "expected; still to come")
    slipped = RegisterColumn("Slipped", AmountWidget(SAVING_YEARS, "slipped"), "slippage")
    slipped_to = RegisterColumn("Slipped to", YearWordsWidget(SAVING_YEARS, "slipped_to"), "slips to; slipped to year")
    undeliverable = RegisterColumn("Undeliverable", AmountWidget(SAVING_YEARS, "undeliverable"), "not deliverable")
    over_delivered = RegisterColumn(
        "Over-delivered", AmountWidget(SAVING_YEARS, "over_delivered"), "over delivered; over-delivery; overachieved"
    )
    mitigated_by = RegisterColumn("Mitigated by", RegisterWidget(SAVING_YEARS, "mitigated_by"), "mitigation")
    status = RegisterColumn("Status", WordsWidget(SAVING_YEARS, "status", STATUSES), "saving status; rag")
    status_reason = RegisterColumn(
        "Reason for the status", RegisterWidget(SAVING_YEARS, "status_reason"), "reason; why; comment"
    )
    key = RegisterColumn("Key", RegisterWidget(SAVINGS, "key"))

    required = ("title",)

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        saving = says_of_main(row, SAVINGS, cls.of(SAVINGS), may_repeat=True)
        if saving is None:
            return
        yield from says_of_leading(row, "risks", saving)
        yield from says_of_part(
            row,
            SAVING_YEARS,
            saving,
            "saving",
            "period",
            lacks_when="An amount is of a year. Write which, like 2019/20.",
        )

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        return rows_of_parts(cls, lookup, SAVINGS, SAVING_YEARS, "saving")
