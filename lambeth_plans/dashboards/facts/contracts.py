"""The contracts register, and where each contract stands on the day shown."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.ending import ALERTS, TOLD, Ending, Stage
from lambeth_plans.dashboards.facts.spine import NoteFact, OfficerFact, printed_if_other
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import plain


class ContractStatus(StrEnum):
    """Where a contract stands on the day shown."""

    def __new__(cls, value: str, words: str) -> "ContractStatus":
        member = str.__new__(cls, value)
        member._value_, member.words = value, words
        return member

    ENDED_IN_USE = "ended-in-use", "Ended, still in use"
    ENDED = "ended", "Ended"
    ENDS_SOON = "ends-soon", "Ends or needs notice within 12 months"
    NOTICE_GONE = "notice-gone", "Last day for notice has gone by"
    RUNNING = "running", "Running"
    NOT_STARTED = "not-started", "Not started"
    NO_END_DATE = "no-end-date", "End date not stated"


def _amount_printed(amount: Decimal | None, as_stated: str) -> str:
    return printed_if_other(as_stated, "" if amount is None else f"£{plain(amount)}")


@dataclass(frozen=True)
class ContractFact:
    id: int
    key: str
    ref: str
    title: str
    supplier: str
    annual_value: Decimal | None
    annual_value_as_stated: str
    start_date: PartialDate | None
    start_date_as_stated: str
    end_date: PartialDate | None
    end_date_as_stated: str
    review_date: PartialDate | None
    review_date_as_stated: str
    notice_months: int | None
    notice_date: PartialDate | None
    notice_date_as_stated: str
    extension_options: str
    latest_end_date: PartialDate | None
    is_still_in_use: bool | None  # as somebody said; None where nobody did
    total_value: Decimal | None
    total_value_as_stated: str
    irrecoverable_vat: Decimal | None
    process: str  # in words
    description: str
    supplier_is_small_or_medium: bool | None
    supplier_is_voluntary_or_community: bool | None
    supplier_registration_number: str
    director: OfficerFact | None
    further_directors: tuple[OfficerFact, ...]
    director_as_stated: str
    division_id: int | None
    note: str
    has_started: bool  # also where no start is stated
    ending: Ending  # on the day shown
    days_left: int | None  # to the last day the end date may mean, from the day shown; None where none is stated
    is_of_closed_plan: bool
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.title

    @property
    def annual_value_printed(self) -> str:
        return _amount_printed(self.annual_value, self.annual_value_as_stated)

    @property
    def total_value_printed(self) -> str:
        return _amount_printed(self.total_value, self.total_value_as_stated)

    @property
    def end_date_printed(self) -> str:
        return printed_if_other(self.end_date_as_stated, str(self.end_date or ""))

    @property
    def start_date_printed(self) -> str:
        return printed_if_other(self.start_date_as_stated, str(self.start_date or ""))

    @property
    def review_date_printed(self) -> str:
        return printed_if_other(self.review_date_as_stated, str(self.review_date or ""))

    @property
    def notice_date_printed(self) -> str:
        return printed_if_other(self.notice_date_as_stated, str(self.notice_date or ""))

    @property
    def has_ended(self) -> bool:
        return self.ending.stage is Stage.ENDED

    @property
    def is_expired_and_in_use(self) -> bool:
        return self.has_ended and self.is_still_in_use is True

    @property
    def is_to_be_asked(self) -> bool:
        """Whether it has ended and nobody said if it is still in use; nothing is asked of a closed plan."""
        return self.has_ended and self.is_still_in_use is None and not self.is_of_closed_plan

    @property
    def alert(self) -> Stage | None:
        """What is warned of on the day shown, or that it is too late for notice; nothing of a closed plan is about to
        expire."""
        stage = self.ending.stage
        return stage if stage in TOLD and not self.is_of_closed_plan else None

    @property
    def ends_soon(self) -> bool:
        """Whether its end or its last day for notice is within twelve months of the day shown."""
        return self.alert in ALERTS

    @property
    def deadline_order(self) -> tuple[date, int]:
        """What its warnings count to, then the plan's order; without a day it comes last."""
        return (self.ending.deadline.day if self.ending.deadline else date.max, self.id)

    @property
    def deadline_words(self) -> str:
        """ "ends 31 March 2027" or "notice by 31 December 2026", whichever its warnings count to."""
        deadline = self.ending.deadline
        if deadline is None or not deadline.is_notice:
            return f"ends {self.end_date}" if self.end_date else "end date not stated"
        return f"notice {'was' if self.ending.is_notice_gone else 'by'} {self.ending.notice_words}"

    @property
    def status(self) -> ContractStatus:
        if self.is_expired_and_in_use:
            return ContractStatus.ENDED_IN_USE
        if self.has_ended:
            return ContractStatus.ENDED
        if self.ends_soon:
            return ContractStatus.ENDS_SOON
        if self.alert is Stage.NOTICE_GONE:
            return ContractStatus.NOTICE_GONE
        if not self.has_started:
            return ContractStatus.NOT_STARTED
        return ContractStatus.NO_END_DATE if self.days_left is None else ContractStatus.RUNNING
