"""The rows of "My updates": every activity a person answers for, with its round, its last report and a form."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from activities.forms import ProgressForm
from activities.known import what_is_known
from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.drafts import drafts_of
from lambeth_plans.cycles.models import DraftReport, ReportingRound, Submission
from lambeth_plans.cycles.rounds import RoundState, is_closed, is_late, month_asked, rounds_in_hand, state_of
from lambeth_plans.dashboards.linked_reds import linked_reds
from lambeth_plans.dashboards.monthly import MonthlyRow, Section, sections_of
from lambeth_plans.dashboards.my_budgets import BudgetRow
from lambeth_plans.dashboards.my_risks import RiskRow
from lambeth_plans.dashboards.my_savings import SavingRow
from lambeth_plans.forms import FilterForm, FormError
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag
from objectives.models import Plan

#: The registers that ask something of a director every month, in the order in which they stand below the activities.
MONTHLY: tuple[type[MonthlyRow], ...] = (RiskRow, SavingRow, BudgetRow)

EVERY_PLAN = "*"  #: the filter's word for those under way and those that have ended; no plan's slug has a star


@dataclass(eq=False)
class Row:
    """One activity on the sheet. `current` and `change` are set where somebody else changed it meanwhile, and
    `other_draft` where somebody else saved its draft. `draft_number` is that of the draft the page was opened on;
    `is_kept` tells that this draft is what stands in the form."""

    activity: Activity
    month: Period
    last: ProgressUpdate | None
    form: ProgressForm
    reporting_round: ReportingRound | None = None
    is_overdue: bool = False
    submission: Submission | None = None
    draft: DraftReport | None = None
    draft_number: int = 0
    is_draft: bool = False
    is_kept: bool = False
    current: Activity | None = None
    change: Any = None
    other_draft: DraftReport | None = None

    @property
    def is_returned(self) -> bool:
        return bool(self.submission and self.submission.is_returned)

    @property
    def is_done(self) -> bool:
        return bool(self.last and self.last.period == self.month) and not self.is_returned

    @property
    def is_asked(self) -> bool:
        """Whether a report is asked for: a round asks for none on what was complete before it."""
        was_complete = self.last and self.last.rag is Rag.BLUE and self.last.period != self.month
        return not (self.reporting_round and was_complete)

    @property
    def is_late(self) -> bool:
        return self.is_overdue and self.is_asked and not self.is_done

    @property
    def holds_text(self) -> bool:
        """Whether something is typed in it that is not saved: then it is always shown."""
        return self.is_draft or self.form.is_bound

    @property
    def is_open(self) -> bool:
        return self.holds_text or not self.is_done

    @property
    def error_lines(self) -> list[FormError]:
        lines = list(self.form.error_lines()) if self.form.is_bound else []
        if self.change:
            who = f"{self.change.actor} changed it while you were writing"
            lines.append(FormError(f"{self.form.error_prefix}: {who}.", f"#{self.form.prefix}"))
        if self.other_draft:
            who = f"{self.other_draft.saved_by} saved its draft while you were writing"
            lines.append(FormError(f"{self.form.error_prefix}: {who}.", f"#{self.form.prefix}"))
        return lines


@dataclass
class PlanGroup:
    """The rows of one plan that the filter lets through; `done` of `total` count the activities that are asked for, and
    are 0 where it has none."""

    plan: Plan
    month: Period
    reporting_round: ReportingRound | None
    state: RoundState | None
    done: int
    total: int
    rows: list[Row] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


class SheetFilter(FilterForm):
    """`ended` are the plans that are put aside until somebody asks for them: what is due this month comes first."""

    plan = forms.ChoiceField(required=False)
    not_reported = forms.BooleanField(label="Not yet reported only", required=False)

    def __init__(self, data: QueryDict, *, plans: list[Plan], returned: Collection[int] = ()) -> None:
        super().__init__(data)
        under_way = [plan for plan in plans if not plan.is_closed or plan.pk in returned]
        self.ended = [plan for plan in plans if plan not in under_way] if under_way else []
        every = [("", "Current plans"), (EVERY_PLAN, "All plans")] if self.ended else [("", "All plans")]
        self.fields["plan"].choices = [*every, *((plan.slug, plan.title) for plan in plans)]

    @property
    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}

    def puts_aside(self, plan: Plan) -> bool:
        return plan in self.ended and self.chosen.get("plan") not in (plan.slug, EVERY_PLAN)

    def _is_elsewhere(self, plan: Plan) -> bool:
        chosen = self.chosen.get("plan")
        return self.puts_aside(plan) or bool(chosen and chosen not in (plan.slug, EVERY_PLAN))

    def lets_through(self, row: Row) -> bool:
        """An unknown plan in the address narrows nothing, and nothing hides a row that holds unsaved text."""
        if row.holds_text:
            return True
        if self._is_elsewhere(row.activity.plan):
            return False
        return not ((row.is_done or not row.is_asked) and self.chosen.get("not_reported"))

    def lets_record_through(self, row: MonthlyRow) -> bool:
        if row.is_typed or row.is_kept:
            return True
        if self._is_elsewhere(row.plan):
            return False
        return not (row.is_done and self.chosen.get("not_reported"))


def prefix_of(activity: Activity) -> str:
    """What the names of its fields begin with ("cska08-p3"), so that no form is ever taken for another's.

    The plan tells apart what two plans call by the same key.
    """
    return f"{activity.key}-p{activity.plan_id}"


def sheet_rows(user: User, today: date, data: QueryDict | None = None) -> list[Row]:
    """Everything a person answers for, by plan, with what they have typed; what was returned to them comes first. A
    fixed number of queries."""
    activities = list(
        Activity.objects.answerable_to(user)
        .reportable()
        .select_related("plan__council", "owner")
        .order_by("plan__council__is_invented", "plan__council__name", "-plan__start_date", "plan_id", "order", "key")
    )
    pks = [activity.pk for activity in activities]
    last = {each.activity_id: each for each in ProgressUpdate.objects.filter(activity__in=pks).latest_of_each()}
    known = what_is_known(activities, linked_reds=linked_reds(activities), today=today)
    rounds = rounds_in_hand({activity.plan_id for activity in activities}, today)
    submissions = _submissions(rounds, pks)
    drafts = drafts_of(user, pks)
    rows = []
    for activity in activities:
        reporting_round, draft = rounds.get(activity.plan_id), drafts.get(activity.pk)
        of_activity = {
            "activity": activity,
            "last": last.get(activity.pk),
            "known": known[activity.pk],
            "prefix": prefix_of(activity),
            "asks_late": is_closed(reporting_round, today),
        }
        form = ProgressForm(data, **of_activity)
        if not form.is_touched:
            typed = draft.typed if draft and data is None else None  # what was emptied stays empty
            form = ProgressForm(**of_activity, initial=typed)
        rows.append(
            Row(
                activity,
                month_asked(activity.plan, reporting_round, today),
                form.last,
                form,
                reporting_round,
                is_late(reporting_round, today),
                submissions.get(activity.pk),
                draft,
                draft_number(data, f"{form.prefix}-draft") if data is not None else draft.number if draft else 0,
                is_draft=bool(draft and data is None),
                is_kept=bool(draft and data is None),
            )
        )
    return _returned_first(rows)


def draft_number(data: QueryDict, name: str) -> int:
    """Which draft a page was opened on, as posted; 0 for none."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _submissions(rounds: dict[int, ReportingRound], activities: list[int]) -> dict[int, Submission]:
    if not rounds:
        return {}
    found = Submission.objects.filter(
        reporting_round__in=[each.pk for each in rounds.values()], activity__in=activities
    )
    return {each.activity_id: each for each in found}


def _returned_first(rows: list[Row]) -> list[Row]:
    """Plans of which something was returned come first, and in each of them what was returned; ended ones come last."""
    places = {plan: place for place, plan in enumerate(dict.fromkeys(row.activity.plan_id for row in rows))}
    returned = {row.activity.plan_id for row in rows if row.is_returned}

    def order(row: Row) -> tuple[bool, bool, int, bool]:
        plan = row.activity.plan
        return plan.pk not in returned, plan.is_closed, places[plan.pk], not row.is_returned

    return sorted(rows, key=order)


def monthly_rows(user: User, today: date, data: QueryDict | None = None) -> list[MonthlyRow]:
    """What a person answers for besides activities, register by register. A fixed number of queries."""
    return [row for register in MONTHLY for row in register.rows(user, today, data)]


def plan_groups(
    rows: list[Row], sheet_filter: SheetFilter, today: date, monthly: list[MonthlyRow] = ()
) -> list[PlanGroup]:
    groups = []
    for plan, of_plan in groupby(rows, key=lambda row: row.activity.plan):
        all_rows = list(of_plan)
        its_round = all_rows[0].reporting_round
        state = state_of(its_round, today) if its_round else None
        done, total = counted(all_rows)
        shown = [row for row in all_rows if sheet_filter.lets_through(row)]
        groups.append(PlanGroup(plan, all_rows[0].month, its_round, state, done, total, shown))
    known = {group.plan.pk for group in groups}
    for plan in {row.plan.pk: row.plan for row in monthly if row.plan.pk not in known}.values():
        groups.append(PlanGroup(plan, month_asked(plan, None, today), None, None, 0, 0))
    for group in groups:
        group.sections = sections_of(monthly, group.plan, sheet_filter.lets_record_through)
    return groups


def counted(rows: list[Row]) -> tuple[int, int]:
    """How many are done of how many that are asked for."""
    asked = [row for row in rows if row.is_asked]
    return sum(row.is_done for row in asked), len(asked)
