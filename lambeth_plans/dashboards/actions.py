"""Publishing a plan: the one way in which the council's members get to see what has changed in it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import SYSTEM_USERNAME, User
from lambeth_plans.cycles.digest import digest_of, published_models
from lambeth_plans.cycles.models import Meeting, Publication
from lambeth_plans.dashboards.published_search import make_searchable
from lambeth_plans.moments import Sealed
from lambeth_plans.sealing import seal
from objectives.models import Plan


class NotTheLatest(Exception):
    """Somebody has published the plan since the page was opened; nothing was published. `latest` is theirs."""

    def __init__(self, latest: Publication) -> None:
        super().__init__(f"{latest} was made by {latest.published_by_name} meanwhile.")
        self.latest = latest


@transaction.atomic
def publish(
    *,
    plan: Plan,
    after: int,
    meeting: Meeting | None = None,
    note: str = "",
    corrects: Publication | None = None,
    decisions_asked: str = "",
    exempt_parts: Iterable[str] = (),
    exempt_because: str = "",
    at: datetime | None = None,
    by: User,
) -> Publication:
    """Publishes the plan as it stands at this moment, and makes its search anew.

    `after` is the number of the latest publication that the publisher knows of, 0 for none. `at` is for an invented
    history only: a moment before this one.

    Raises NotTheLatest where there is a newer one, NeverQuiet where somebody is saving all the time, and
    PermissionDenied for somebody who may not publish plans of this council.
    """
    is_theirs = may(by, Permission.PUBLISH) and Plan.objects.visible_to(by).filter(pk=plan.pk).exists()
    if by.username != SYSTEM_USERNAME and not is_theirs:
        raise PermissionDenied("Only those who may publish can publish a plan of their councils.")
    # Without its key, which whoever adds a record to the plan shares: they are kept out for a moment only, by `seal`.
    plans = Plan.objects.select_related("council").select_for_update(of=("self",), no_key=True)
    locked = plans.get(pk=plan.pk)
    latest = Publication.objects.filter(plan=locked).order_by("-number").first()
    if latest and latest.number != after:
        raise NotTheLatest(latest)
    moment = seal(published_models())
    if at:
        moment = Sealed.of(min(at, moment), moment.marks)
    publication = Publication(
        plan=locked,
        number=latest.number + 1 if latest else 1,
        published_at=moment,
        published_by=by,
        published_by_name=by.get_full_name(),
        meeting=meeting,
        board_name=meeting.board.name if meeting else "",
        meeting_date=meeting.meeting_date if meeting else None,
        meeting_place=meeting.place if meeting else "",
        note=note,
        corrects=corrects,
        corrects_number=corrects.number if corrects else None,
        decisions_asked=decisions_asked,
        exempt_parts=list(exempt_parts),
        exempt_because=exempt_because,
        marks=dict(moment.marks),
        digest=digest_of(locked, moment),
    )
    history.save(publication, by=by, reason=note or (f"Published for {meeting}." if meeting else "Published."))
    make_searchable(publication)
    return publication


def has_moved(publication: Publication) -> bool:
    """Whether anything of a publication is not as it was. One query for each published model."""
    return digest_of(publication.plan, publication.moment) != publication.digest
