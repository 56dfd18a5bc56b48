"""Writing figures: a whole batch of them, or one by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kpis.models import Indicator, Outturn
from kpis.proposals import FigureFacts, Proposal
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.periods import Period


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
