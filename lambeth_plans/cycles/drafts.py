"""What is typed and not handed in yet: kept for the post that answers for an activity, and whoever deputises for it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities.actions import answering_post
from activities.models import Activity
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.cycles.models import DraftReport


class StaleDraft(Exception):
    """Somebody else has saved the same draft meanwhile: it is `current`. Nothing was written."""

    def __init__(self, activity: Activity, current: DraftReport) -> None:
        super().__init__(f"The draft on {activity} was changed by someone else.")
        self.activity, self.current = activity, current


def drafts_of(user: User, activities: Collection[int]) -> dict[int, DraftReport]:
    """The draft that somebody finds on each activity, by its primary key: of the posts they hold and of those they
    deputise for, the one that was saved last. One query."""
    posts = Q(user=user) | Q(deputies__user=user, deputies__left_date=None)
    held = Officer.objects.filter(posts, left_date=None).values("pk")
    drafts = DraftReport.objects.filter(activity__in=activities, officer__in=held).select_related("saved_by")
    return {draft.activity_id: draft for draft in drafts.order_by("saved_at", "pk")}


@transaction.atomic
def save_draft(*, activity: Activity, typed: Mapping[str, Any], number: int, by: User) -> DraftReport | None:
    """Keeps what somebody has typed about an activity in place of the draft they found, which had been saved `number`
    times (0: they found none). An empty `typed` clears it.

    Raises StaleDraft where the draft is another one by now; one that has gone meanwhile is made anew. None where it is
    cleared, or where they answer from no post.
    """
    Activity.objects.select_for_update().get(pk=activity.pk)  # a deputy may be saving the same one
    found = drafts_of(by, [activity.pk]).get(activity.pk)
    if found and found.number != number:
        raise StaleDraft(activity, found)
    if not typed:
        discard_drafts(numbers={activity.pk: number}, by=by)
        return None
    draft = found or DraftReport(activity=activity, officer=answering_post(activity=activity, user=by)[0], number=0)
    if draft.officer is None:
        return None
    draft.typed, draft.saved_by, draft.saved_at, draft.number = dict(typed), by, timezone.now(), draft.number + 1
    draft.save()
    return draft


def discard_drafts(*, numbers: Mapping[int, int], by: User) -> None:
    """Takes away the drafts that somebody found on these activities: they are handed in, or cleared. One that was saved
    again meanwhile stays, and is found again. `numbers` says how old each was, by the activity's primary key."""
    for activity, draft in drafts_of(by, list(numbers)).items():
        DraftReport.objects.filter(pk=draft.pk, number=numbers[activity]).delete()
