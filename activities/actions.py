"""Reporting progress and keeping evidence: the one way each is written."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model, Q
from django.utils import timezone

from activities.challenge import Floor, is_rosier
from activities.file_kinds import FileKind
from activities.known import what_is_known
from activities.models import Activity, Evidence, EvidenceContent, EvidenceFile, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.fields import PartialDate
from lambeth_plans.history import StaleRecord
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag
from objectives.actions import number_new
from objectives.models import Plan


class Reported(NamedTuple):
    """A report that was written, and what it changes in a sentence: "CSKA08 is now Amber (was Green)." """

    update: ProgressUpdate
    sentence: str


class StaleReports(Exception):
    """Somebody else changed some of the activities meanwhile; `currents` are those as they are now."""

    def __init__(self, currents: list[Activity]) -> None:
        super().__init__(", ".join(str(current) for current in currents))
        self.currents = currents


class Unexplained(Exception):
    """A rating is better than what is known allows, and no reason is given. Nothing was written."""

    def __init__(self, activity: Activity, floor: Floor) -> None:
        super().__init__(f"{activity}: {floor.because}")
        self.activity, self.floor = activity, floor


@transaction.atomic
def report_progress(
    *,
    activity: Activity,
    rag: Rag,
    forecast_rag: Rag | None,
    what_happened: str,
    is_unchanged: bool,
    path_to_green: str,
    new_due_date: PartialDate | None,
    due_date_reason: str,
    rosier_reason: str,
    linked_reds: Sequence[str],
    version: int,
    today: date,
    by: User,
    month: Period | None = None,
) -> Reported:
    """Appends a report for a month, or the plan's reporting month, as its next revision, and moves the due date if
    asked.

    `version` is the activity's when the form was opened. Raises StaleRecord with the activity as it is now when
    somebody has changed it since, or when its plan has been superseded; nothing is then written.

    `linked_reds` names the Red indicators it aims at. Raises Unexplained for a rating rosier than its floor without a
    `rosier_reason`; the report keeps the floor, its grounds as they stood, and the reason where one was needed.
    """
    locked = Activity.objects.select_related("plan").select_for_update(of=("self",)).get(pk=activity.pk)
    if locked.version != version or locked.plan.status == Plan.Status.SUPERSEDED:
        raise StaleRecord(locked)
    known = what_is_known([locked], linked_reds={locked.pk: linked_reds}, today=today)[locked.pk]
    floor = known.moved_to(new_due_date).floor(rag)
    needs_reason = is_rosier(rag, floor.rag)
    if needs_reason and not rosier_reason:
        raise Unexplained(locked, floor)
    reports = ProgressUpdate.objects.filter(activity=locked)
    last = reports.order_by("period_start", "revision").last()
    month = month or locked.plan.reporting_month(today)
    last_of_month = reports.filter(period_start=month.start).order_by("revision").last()
    # The clock is read under the lock, so that the trail is in the order in which things happened.
    now = timezone.now()
    update = ProgressUpdate(
        activity=locked,
        period=month,
        revision=last_of_month.revision + 1 if last_of_month else 1,
        rag=rag,
        forecast_rag=forecast_rag or "",
        what_happened=what_happened,
        is_unchanged=is_unchanged,
        path_to_green=path_to_green,
        previous_due_date=locked.due_date if new_due_date else None,
        new_due_date=new_due_date,
        due_date_reason=due_date_reason,
        floor=floor.rag or "",
        floor_because=floor.because,
        rosier_reason=rosier_reason if needs_reason else "",
        reported_by=by,
        reported_by_name=reporting_name(activity=locked, user=by),
        reported_at=now,
    )
    sentence = consequence(activity=locked, update=update, was=last.rag if last else None)
    locked.last_reported_at = now
    if new_due_date:
        locked.due_date = new_due_date
        locked.keep_first_due_date()
    reason = due_date_reason or f"Progress reported for {month.long_label}."
    history.save(locked, by=by, reason=reason, at=now)
    history.save(update, by=by, reason=what_happened or "No change since the last report.", at=now)
    return Reported(update, sentence)


@transaction.atomic
def report_all(*, reports: Iterable[tuple[Activity, Mapping[str, Any]]], today: date, by: User) -> list[Reported]:
    """Writes several reports, all or none. `reports` pairs each activity with report_progress's other arguments.

    Raises StaleReports with every activity that somebody else has changed, and Unexplained with the first whose
    rating needs a reason; nothing is then written.
    """
    reported, stale = [], []
    # In one order for everybody, so that two sheets saved at once cannot wait for each other.
    for activity, answers in sorted(reports, key=lambda report: report[0].pk):
        try:
            reported.append(report_progress(activity=activity, **answers, today=today, by=by))
        except StaleRecord as error:
            stale.append(error.current)
    if stale:
        raise StaleReports(stale)
    return reported


def reporting_name(*, activity: Activity, user: User) -> str:
    """Who reports, as it is printed: the post they answer from ("Post A"), "Post A for Post B" where A deputises
    for B, otherwise a post they hold in this council, or their own name."""
    principal, deputy = answering_post(activity=activity, user=user)
    if principal:
        return f"{deputy.name} for {principal.name}" if deputy else principal.name
    post = Officer.objects.filter(user=user, council_id=activity.plan.council_id, left_date=None).first()
    return post.name if post else user.get_full_name()


def answering_post(*, activity: Activity, user: User) -> tuple[Officer | None, Officer | None]:
    """The post from which somebody answers for an activity, and, where it is not theirs, the post of theirs that
    deputises for it. Their own post comes first, the owner's before all others; (None, None) where there is none."""
    owners = Officer.objects.filter(Q(pk=activity.owner_id) | Q(shared_activities=activity)).values("pk")
    answering = Officer.objects.filter(
        Q(pk__in=owners) | Q(pk__in=Officer.objects.filter(directed_divisions__officers__in=owners).values("pk")),
        left_date=None,
    )
    held = Officer.objects.filter(user=user, council_id=activity.plan.council_id, left_date=None)
    own = sorted(answering.filter(pk__in=held.values("pk")), key=lambda officer: officer.pk != activity.owner_id)
    if own:
        return own[0], None
    for principal in answering.filter(deputies__in=held.values("pk")):
        return principal, principal.deputies.filter(pk__in=held.values("pk")).first()
    return None, None


def consequence(*, activity: Activity, update: ProgressUpdate, was: Rag | None) -> str:
    """What a report changes, in a sentence. `activity` is as it was before, `was` its rating then, if any."""
    name = activity.name_in_sentences
    if was is update.rag:
        sentences = [f"{name} stays {update.rag.word}."]
    else:
        sentences = [f"{name} is now {update.rag.word}" + (f" (was {was.word})." if was else ".")]
    if update.forecast_rag:
        sentences.append(f"Forecast: {update.forecast_rag.word}.")
    if update.new_due_date and activity.due_date:
        sentences.append(f"Due date moved from {activity.due_date} to {update.new_due_date}.")
    elif update.new_due_date:
        sentences.append(f"Due date set to {update.new_due_date}; it was not stated.")
    return " ".join(sentences)


#: Addresses that stand where a key would.
NOT_KEYS = ("new",)
#: So many files may stand with one entry of evidence.
MOST_FILES = 20


@transaction.atomic
def save_evidence(*, evidence: Evidence, links: Mapping[str, Iterable[Model]], by: User, reason: str) -> Evidence:
    """Adds or changes one entry of evidence with the records it bears on; a new one gets its key from its title.

    Raises StaleRecord where somebody else changed it since its form was opened.
    """
    if evidence.pk is None:
        number_new(evidence.plan, Evidence, [evidence], reserved=NOT_KEYS)
    return history.save(evidence, by=by, reason=reason, links=dict(links))


@transaction.atomic
def keep_file(
    *,
    evidence: Evidence,
    file_name: str,
    kind: FileKind,
    content: bytes,
    may_be_published: bool,
    by: User,
    reason: str,
) -> EvidenceFile:
    """Puts a file that was looked into (activities/file_kinds.py) with an entry of evidence, under its next number.

    Raises ValidationError where the very same file is there already, or as many as may be.
    """
    entry = Evidence.objects.select_for_update().get(pk=evidence.pk)
    sha256 = hashlib.sha256(content).hexdigest()
    there = list(EvidenceFile.objects.filter(evidence=entry))
    if same := next((file for file in there if file.sha256 == sha256), None):
        raise ValidationError(f"This very file is there already, as “{same.file_name}”.")
    if len(there) >= MOST_FILES:
        raise ValidationError(f"There are {MOST_FILES} files already. Take one away, or add another entry of evidence.")
    ever = history.entry_model(EvidenceFile)._default_manager.filter(evidence_id=entry.pk)
    file = EvidenceFile(
        plan_id=entry.plan_id,
        evidence=entry,
        number=(ever.aggregate(last=Max("number"))["last"] or 0) + 1,
        file_name=file_name,
        kind=kind.key,
        size=len(content),
        sha256=sha256,
        may_be_published=may_be_published,
    )
    history.save(file, by=by, reason=reason)
    EvidenceContent(file=file, content=content).save(force_insert=True)
    return file


def save_file(*, file: EvidenceFile, by: User, reason: str) -> EvidenceFile:
    """Changes who may open a file. Raises StaleRecord where somebody else changed it since its form was opened."""
    return history.save(file, by=by, reason=reason)


def remove_file(*, file: EvidenceFile, by: User, reason: str) -> None:
    """Takes a file away, and what is in it for good; that it was there stays in the history, and why it went. Raises
    StaleRecord where somebody else changed it since."""
    history.remove(file, by=by, reason=reason)
