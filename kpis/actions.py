"""Writing figures: a whole batch of them, or one by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from kpis import figures, rule_changes
from kpis.held import FigureFacts, HeldFigure, Place, place_of
from kpis.models import Indicator, Outturn, Target
from kpis.packing import NEW_FACTS, PK, STATED, VERSION, WHEN, WHICH, WHY, Packed, Proposal, Rows
from lambeth_plans import history, staging
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.periods import Period

#: What a figure says, beside which figure it is.
CONTENT = ("value", "value_as_stated", "reason", "numerator", "denominator", "note", "status")
#: Of so many figures that stand in the way of an undo it is told who changed them.
MOST_NAMED = 500
#: Which figure it is.
UNIQUE = ("indicator_id", "period_kind", "period_start")


def _fill(outturn: Outturn, facts: FigureFacts, stated: str) -> None:
    """Puts facts into a figure; what was written stands beside what was understood for as long as that holds."""
    if (outturn.value, outturn.reason) != (facts.value, facts.reason):
        outturn.value_as_stated = stated
    for name, held in facts._asdict().items():
        setattr(outturn, name, held)


#: The columns that an import writes, in order.
WRITTEN = ("indicator_id", "period_kind", "period_start", "period_end", *CONTENT)


def _row(which: Sequence[Any], facts: Sequence[Any], stated: str) -> tuple[Any, ...]:
    """A figure as the database takes it, in the order of WRITTEN."""
    value, reason, numerator, denominator, note, status = facts
    return (*which, value, stated, reason, numerator, denominator, note, status)


def _whiches(packed: Packed) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Which figure a packed row is about, as the database takes it."""
    adapt = connection.ops.adapt_datefield_value
    pks = [known[0] for known in packed["indicators"]]
    periods = [figures.period_of_code(code) for code in packed["periods"]]
    days = [(period.kind.value, adapt(period.start), adapt(period.end)) for period in periods]
    return lambda row: (pks[row[WHICH]], *days[row[WHEN]])


def apply_figures(moving: Rows, *, by: User, reason: str, at: datetime, batch: str) -> None:
    """Writes the rows of a batch that change anything, in a number of statements that does not depend on theirs.
    Raises StaleRecord where a figure was changed since it was read, and IntegrityError where a new one is there
    meanwhile.
    """
    which = _whiches(moving.unpacked.packed)
    rows = [(row[PK], row[VERSION], *_row(which(row), row[NEW_FACTS], row[STATED]), row[WHY]) for row in moving.packed]
    staging.merge(Outturn, WRITTEN, rows, unique=UNIQUE, by=by, reason=reason, at=at, batch=batch)


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
    council: Council, proposals: Iterable[Proposal], *, held: Mapping[Place, HeldFigure], batch: str
) -> list[LaterChange]:
    """Which of a batch's figures somebody changed, removed or entered anew since. `held` are those of now; two queries.

    What was changed and changed back, as by an import that was itself undone, is not among them: nothing is lost.
    """
    entries = Outturn.history.model.objects.filter(indicator__council=council).order_by("history_id")
    made: dict[Place, Any] = {}
    for entry in entries.filter(batch=batch).exclude(history_type="-"):
        made.setdefault(place_of(entry), entry)
    blocked = []
    for proposal in proposals:
        found, brought = held.get(proposal.place), made.get(proposal.place)
        if found is None or brought is None or found.pk != brought.id or _differs(found, brought):
            blocked.append((proposal, found, found.pk if found else brought.id if brought else None))
    pks = [pk for *_, pk in blocked[:MOST_NAMED] if pk]
    last = {entry.id: entry for entry in entries.filter(id__in=pks)} if blocked else {}
    later = []
    for proposal, found, pk in blocked:
        entry = last.get(pk)
        told = (entry.actor, entry.history_date) if entry else ("somebody", None)
        later.append(LaterChange(proposal, found.facts if found else FigureFacts(), *told))
    return later


def _differs(found: HeldFigure, entry: Any) -> bool:
    return (found.stated, found.facts) != (entry.value_as_stated, FigureFacts.of(entry))


@transaction.atomic
def take_back_figures(
    moving: Rows, *, held: Mapping[Place, HeldFigure], by: User, reason: str, at: datetime, batch: str
) -> None:
    """Makes of a batch's figures what they were before it: new ones are removed, changed ones are as they were, with
    what was written there then. `held` are the figures of now, none of them changed since the batch. Raises
    StaleRecord where one was changed meanwhile."""
    entries = Outturn.history.model.objects
    changed_by_batch = entries.filter(batch=batch, history_type="~").values("id")
    before = {(entry.id, entry.version): entry for entry in entries.filter(id__in=changed_by_batch)}
    which = _whiches(moving.unpacked.packed)
    restored, added = [], []
    for row, proposal in zip(moving.packed, moving, strict=True):
        found = held[proposal.place]
        if not row[VERSION]:
            added.append(Outturn(pk=found.pk, version=found.version))
            continue
        was = before[found.pk, row[VERSION]]
        facts = [str(part) if isinstance(part, Decimal) else part for part in FigureFacts.of(was)]
        restored.append((found.pk, found.version, *_row(which(row), facts, was.value_as_stated), ""))
    staging.merge(Outturn, WRITTEN, restored, unique=UNIQUE, by=by, reason=reason, at=at, batch=batch)
    history.remove_all(added, by=by, reason=reason, at=at, batch=batch)


@transaction.atomic
def record_figure(
    *,
    indicator: Indicator,
    period: Period,
    outturn: Outturn | None,
    facts: FigureFacts,
    stated: str,
    by: User,
    reason: str,
    is_published: bool | None = None,
) -> Outturn:
    """Adds one figure (`outturn` None), or changes one that carries the version its form was opened on. Whether it is
    published elsewhere stays as it is where `is_published` is None.

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
    if is_published is not None:
        outturn.is_published = is_published
    return history.save(outturn, by=by, reason=reason)


@transaction.atomic
def set_targets(*, indicator: Indicator, wanted: Mapping[Period, Target], seen: str, by: User, reason: str) -> int:
    """Gives some periods of an indicator another target and rule; every other period keeps its own. How many changed.

    `seen` is the fingerprint of the preview: raises StaleRecord where a figure or a target has moved since. Another
    number takes the place of what a document prints, so that is no longer said of it.
    """
    Council.objects.select_for_update().get(pk=indicator.council_id)
    held = {target.period: target for target in Target.objects.filter(indicator=indicator)}
    outturns = list(Outturn.objects.filter(indicator=indicator))
    if rule_changes.fingerprint(outturns, held, wanted) != seen:
        raise history.StaleRecord(indicator)
    changed = 0
    for period, new in sorted(wanted.items()):
        target = held.get(period) or Target(indicator=indicator, period=period)
        if target.pk and rule_changes.content_of(target) == rule_changes.content_of(new):
            continue
        if target.value != new.value:
            target.value_as_stated = ""
        for name in rule_changes.CONTENT:
            setattr(target, name, getattr(new, name))
        target.full_clean()
        history.save(target, by=by, reason=reason)
        changed += 1
    return changed
