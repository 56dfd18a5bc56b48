"""Setting up plans and their objectives. Each action is atomic, names who makes it, and leaves its history."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model

from lambeth_plans import history
from lambeth_plans.accounts.actions import Links, free_key, in_one_order
from lambeth_plans.accounts.models import Council, User
from objectives.models import Objective, Plan, PlanRecord


@transaction.atomic
def save_plan(*, plan: Plan, by: User, reason: str, links: Links | None = None) -> Plan:
    """Creates or changes a plan, with its divisions and boards where `links` name them. A new one gets its address from
    the council and the title.

    Raises PermissionDenied for a council that `by` does not belong to.
    """
    if not Council.objects.visible_to(by).filter(pk=plan.council_id).exists():
        raise PermissionDenied("Only plans of one's own councils can be set up.")
    if not plan.slug:
        Council.objects.select_for_update().get(pk=plan.council_id)
        stem = f"{plan.council.slug}-{plan.title}"
        taken = set(Plan.objects.values_list("slug", flat=True)) | {"new"}
        plan.slug = free_key(stem, taken, otherwise="plan")
    return history.save(plan, by=by, reason=reason, links=links)


#: Where a plan may go from each state; a council may have several current plans. Closing is taken back for a mistake.
MOVES: dict[str, tuple[str, ...]] = {
    Plan.Status.DRAFT: (Plan.Status.CURRENT,),
    Plan.Status.CURRENT: (Plan.Status.CLOSED, Plan.Status.SUPERSEDED),
    Plan.Status.CLOSED: (Plan.Status.SUPERSEDED, Plan.Status.CURRENT),
    Plan.Status.SUPERSEDED: (),
}


@transaction.atomic
def change_status(*, plan: Plan, status: str, by: User, reason: str) -> Plan:
    """Takes a plan from one state of its life to the next: draft, current, closed, superseded.

    Raises ValidationError where that is no step from the state it is in, and StaleRecord where somebody else has
    changed the plan since it was read.
    """
    current = Plan.objects.select_for_update().get(pk=plan.pk)
    if status not in MOVES[current.status]:
        raise ValidationError(f"A plan that is {current.status} does not become {status}.")
    plan.status = status
    return history.save(plan, by=by, reason=reason)


def number_new(
    plan: Plan, model: type[PlanRecord], records: Iterable[PlanRecord], *, reserved: Iterable[str] = ()
) -> None:
    """Gives new rows of a plan their key, made from reference or title and none of the reserved, and their place
    after the others.

    Locks the plan, so that two people who add rows at the same moment do not meet.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    present = model._default_manager.filter(plan=plan)
    taken = {*present.values_list("key", flat=True), *reserved}
    last = max(present.values_list("order", flat=True), default=0)
    for record in records:
        if not record.key:
            last += 1
            name = getattr(record, "ref", "") or record.title
            record.key, record.order = free_key(name, taken, otherwise=model._meta.model_name), last


@transaction.atomic
def save_objectives(
    *, plan: Plan, objectives: Sequence[tuple[Objective, dict[str, Iterable[Model]]]], by: User, reason: str
) -> list[Objective]:
    """Saves changed and new objectives of a plan together, or none of them; new ones come last."""
    number_new(plan, Objective, [objective for objective, _ in objectives])
    return [history.save(objective, by=by, reason=reason, links=links) for objective, links in in_one_order(objectives)]
