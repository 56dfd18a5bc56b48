"""Changing a snapshot of the workforce: what it says as a whole adds up, or it says why it does not."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from finance.models import TeamCaseload, WorkforceBand, WorkforceSnapshot
from finance.reconciling import bands_disagree
from lambeth_plans import history
from lambeth_plans.accounts.models import User


def check_headcount(snapshot: WorkforceSnapshot, bands: Iterable[WorkforceBand]) -> None:
    """Raises ValidationError where bands do not come to the headcount and the snapshot does not say why."""
    numbers = [band.number for band in bands]
    if message := bands_disagree(headcount=snapshot.headcount, bands=numbers, why=snapshot.difference_reason):
        raise ValidationError(message)


@transaction.atomic
def revise_workforce(
    *,
    snapshot: WorkforceSnapshot,
    bands: Sequence[WorkforceBand] = (),
    caseloads: Sequence[TeamCaseload] = (),
    by: User,
    reason: str,
) -> WorkforceSnapshot:
    """Saves a snapshot with those of its bands and caseloads that were changed or added, all or none; each carries the
    version it was opened on.

    Raises StaleRecord where somebody else changed one of them, and ValidationError where the bands, with those that are
    not named here, do not come to the headcount.
    """
    if snapshot.pk:
        WorkforceSnapshot.objects.select_for_update().get(pk=snapshot.pk)
    changed = {band.pk for band in bands if band.pk}
    others = WorkforceBand.objects.filter(snapshot=snapshot).exclude(pk__in=changed) if snapshot.pk else ()
    check_headcount(snapshot, [*others, *bands])
    history.save(snapshot, by=by, reason=reason)
    for part in (*bands, *caseloads):
        part.snapshot = snapshot
        history.save(part, by=by, reason=reason)
    return snapshot


@transaction.atomic
def save_band(*, band: WorkforceBand, by: User, reason: str) -> WorkforceBand:
    """Saves one band by itself. Raises ValidationError where the others do not make up the headcount with it."""
    snapshot = WorkforceSnapshot.objects.select_for_update().get(pk=band.snapshot_id)
    check_headcount(snapshot, [*WorkforceBand.objects.filter(snapshot=snapshot).exclude(pk=band.pk), band])
    if band.pk:
        _check_left(band)
    return history.save(band, by=by, reason=reason)


def _check_left(band: WorkforceBand) -> None:
    """A band that moves to another snapshot leaves the one it was in."""
    before = WorkforceBand.objects.select_related("snapshot").get(pk=band.pk)
    if before.snapshot_id != band.snapshot_id:
        check_headcount(before.snapshot, WorkforceBand.objects.filter(snapshot=before.snapshot_id).exclude(pk=band.pk))
