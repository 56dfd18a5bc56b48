"""Writing figures: a whole batch of them, or one by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from kpis import figures
from kpis.models import Indicator, Outturn
from kpis.proposals import FigureFacts, Proposal
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.periods import Period

#: What a figure says, beside which figure it is.
CONTENT = ("value", "value_as_stated", "reason", "numerator", "denominator", "note", "status")


def _fill(outturn: Outturn, facts: FigureFacts, stated: str) -> None:
    """Puts facts into a figure; what was written stands beside what was understood for as long as that holds."""
    if (outturn.value, outturn.reason) != (facts.value, facts.reason):
        outturn.value_as_stated = stated
    for name, held in vars(facts).items():
        setattr(outturn, name, held)


@transaction.atomic
def apply_figures(
    council: Council,
    proposals: Iterable[Proposal],
    *,
    held: Mapping[Any, Outturn],
    by: User,
    reason: str,
    at: datetime,
    batch: str,
) -> None:
    """Writes what the proposals say, in a number of statements that does not depend on theirs.

    `held` are the figures as `proposals.held_figures` found them under the council's lock. Raises StaleRecord where
    one was changed since.
    """
    indicators = {indicator.key: indicator for indicator in Indicator.objects.filter(council=council)}
    new, changed = [], []
    for proposal in proposals:
        if proposal.action == "unchanged":
            continue
        outturn = held.get((proposal.indicator, proposal.period.kind.value, proposal.period.start))
        if outturn is None:
            outturn = Outturn(indicator=indicators[proposal.indicator])
            outturn.period = proposal.period
            new.append(outturn)
        else:
            changed.append(outturn)
        _fill(outturn, proposal.new, proposal.stated)
    history.create_all(new, by=by, reason=reason, at=at, batch=batch)
    history.change_all(changed, by=by, reason=reason, at=at, batch=batch)


@dataclass(frozen=True)
class LaterChange:
    """A figure that was changed after a batch had brought it in: what the batch made of it, what it is now (no figure
    where it was removed since), who changed it last and when."""

    proposal: Proposal
    now: FigureFacts
    actor: str
    changed_at: datetime | None

    @property
    def now_words(self) -> str:
        return figures.words(self.now.value, self.now.reason, self.proposal.unit)


def later_changes(
    council: Council, proposals: Iterable[Proposal], *, held: Mapping[Any, Outturn], batch: str
) -> list[LaterChange]:
    """Which of a batch's figures somebody changed, removed or entered anew since. `held` are those of now; two queries.

    What was changed and changed back, as by an import that was itself undone, is not among them: nothing is lost.
    """
    entries = Outturn.history.model.objects.filter(indicator__council=council).order_by("history_id")
    made: dict[Any, Any] = {}
    for entry in entries.filter(batch=batch).exclude(history_type="-").select_related("indicator"):
        made.setdefault((entry.indicator.key, entry.period_kind, entry.period_start), entry)
    blocked = []
    for proposal in proposals:
        place = (proposal.indicator, proposal.period.kind.value, proposal.period.start)
        if proposal.action == "unchanged":
            continue
        outturn, brought = held.get(place), made.get(place)
        if outturn is None or brought is None or outturn.pk != brought.id or _differs(outturn, brought):
            blocked.append((proposal, outturn, outturn.pk if outturn else brought.id if brought else None))
    last = {entry.id: entry for entry in entries.filter(id__in=[pk for *_, pk in blocked if pk])} if blocked else {}
    found = []
    for proposal, outturn, pk in blocked:
        entry = last.get(pk)
        told = (entry.actor, entry.history_date) if entry else ("somebody", None)
        found.append(LaterChange(proposal, FigureFacts.of(outturn), *told))
    return found


def _differs(outturn: Outturn, entry: Any) -> bool:
    return any(getattr(outturn, name) != getattr(entry, name) for name in CONTENT)


@transaction.atomic
def take_back_figures(
    proposals: Iterable[Proposal], *, held: Mapping[Any, Outturn], by: User, reason: str, at: datetime, batch: str
) -> None:
    """Makes of a batch's figures what they were before it: new ones are removed, changed ones are as they were, with
    what was written there then. `held` are the figures of now, none of them changed since the batch. Raises
    StaleRecord where one was changed meanwhile."""
    entries = Outturn.history.model.objects
    changed_by_batch = entries.filter(batch=batch, history_type="~").values("id")
    before = {(entry.id, entry.version): entry for entry in entries.filter(id__in=changed_by_batch)}
    added, restored = [], []
    for proposal in proposals:
        if proposal.action == "unchanged":
            continue
        outturn = held[proposal.indicator, proposal.period.kind.value, proposal.period.start]
        if proposal.action == "new":
            added.append(outturn)
            continue
        was = before[outturn.pk, proposal.version]
        for name in CONTENT:
            setattr(outturn, name, getattr(was, name))
        restored.append(outturn)
    history.remove_all(added, by=by, reason=reason, at=at, batch=batch)
    history.change_all(restored, by=by, reason=reason, at=at, batch=batch)


@transaction.atomic
def record_figure(
    *,
    indicator: Indicator,
    period: Period,
    outturn: Outturn | None,
    facts: FigureFacts,
    stated: str,
    status: str,
    by: User,
    reason: str,
) -> Outturn:
    """Adds one figure (`outturn` None), or changes one that carries the version its form was opened on.

    Raises StaleRecord where somebody else added or changed it meanwhile.
    """
    # The lock that an import takes: a figure cannot appear between its check and its writing.
    Council.objects.select_for_update().get(pk=indicator.council_id)
    if outturn is None:
        there = Outturn.objects.filter(indicator=indicator, period_kind=period.kind.value, period_start=period.start)
        if present := there.first():
            raise history.StaleRecord(present)
        outturn = Outturn(indicator=indicator)
        outturn.period = period
    _fill(outturn, facts, stated)
    outturn.status = status
    return history.save(outturn, by=by, reason=reason)
