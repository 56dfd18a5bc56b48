"""Asking and answering on the record, making a recommendation of it, and a member's own list. Each action is atomic,
names who makes it, and leaves its history."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.actions import free_key
from lambeth_plans.accounts.models import Board, User
from lambeth_plans.cycles.models import Answer, FollowUp, Publication, Question
from objectives.actions import number_new
from objectives.models import Finding, Plan, Source


class AnsweredMeanwhile(Exception):
    """Somebody else has answered since the form was opened; nothing was saved."""


def _need(by: User, *permissions: Permission) -> None:
    if not any(may(by, permission) for permission in permissions):
        raise PermissionDenied("Your role does not do this.")


@transaction.atomic
def ask(
    *, plan: Plan, record_kind: str, record_key: str, about: str, text: str, board: Board | None, by: User
) -> Question:
    """Puts a question about a plan, or a record of it, on the record. Raises PermissionDenied for who may not ask."""
    _need(by, Permission.ASK_QUESTIONS)
    Plan.objects.select_for_update().get(pk=plan.pk)  # two who ask at once get two numbers
    asked = Question.objects.filter(plan_id=plan.pk)
    number = (asked.aggregate(last=Max("order"))["last"] or 0) + 1
    question = Question(
        plan_id=plan.pk,
        key=free_key(str(number), set(asked.values_list("key", flat=True)), otherwise="question"),
        order=number,
        record_kind=record_kind,
        record_key=record_key,
        about=about[:800],
        text=text,
        board=board,
        asked_by=by,
        asked_by_name=by.get_full_name(),
        asked_at=timezone.now(),
    )
    return history.save(question, by=by, reason="Asked.")


@transaction.atomic
def answer(*, question: Question, text: str, seen: int, by: User) -> Answer:
    """Answers a question, or adds to its answer. `seen` is how many answers the writer had before them.

    Raises AnsweredMeanwhile where there are more by now, and PermissionDenied for who may not answer.
    """
    _need(by, Permission.REPORT_PROGRESS, Permission.SET_UP_PLANS)
    current = Question.objects.select_for_update().get(pk=question.pk)
    given = current.answers.count()
    if given > seen:
        raise AnsweredMeanwhile
    now = timezone.now()
    if current.answered_at is None:
        current.answered_at = now
        history.save(current, by=by, reason="Answered.")
    made = Answer(
        question=current,
        number=given + 1,
        text=text,
        answered_by=by,
        answered_by_name=by.get_full_name(),
        answered_at=now,
    )
    return history.save(made, by=by, reason="Added to the answer." if given else "Answered.")


@transaction.atomic
def recommend(*, question: Question, title: str, by: User, reason: str) -> Finding:
    """Makes what scrutiny recommends a finding of the plan, under the recommendations of the question's board.

    Where the question has one already, that one is returned. Raises PermissionDenied for who may not set up plans.
    """
    _need(by, Permission.SET_UP_PLANS)
    current = Question.objects.select_for_update(of=("self",)).select_related("board", "plan").get(pk=question.pk)
    if current.finding_id:
        return current.finding
    source = _source(current.plan, current.board, by=by, reason=reason)
    finding = Finding(plan=current.plan, source=source, title=title)
    number_new(current.plan, Finding, [finding])
    history.save(finding, by=by, reason=reason)
    current.finding = finding
    history.save(current, by=by, reason=reason)
    return finding


def _source(plan: Plan, board: Board | None, *, by: User, reason: str) -> Source:
    title = f"Scrutiny recommendations, {board}" if board else "Scrutiny recommendations"
    found = Source.objects.filter(plan=plan, title=title).first()
    if found:
        return found
    source = Source(plan=plan, kind=Source.Kind.REVIEW, title=title, body=board.name if board else "")
    number_new(plan, Source, [source])
    return history.save(source, by=by, reason=reason)


@transaction.atomic
def follow(
    *, plan: Plan, record_kind: str, record_key: str, note: str, publication: Publication | None, by: User
) -> FollowUp:
    """Puts a record on one's own list, as it stands now, or changes the note to oneself on it."""
    _need(by, Permission.ASK_QUESTIONS)
    found = _followed(plan, record_kind, record_key, by)
    if found is None:
        found = FollowUp(
            user=by,
            plan_id=plan.pk,
            record_kind=record_kind,
            record_key=record_key,
            note=note,
            added_at=timezone.now(),
            publication=publication,
        )
        return history.save(found, by=by, reason="To follow up.")
    found.note = note
    found.save(update_fields=["note"])  # no history keeps it
    return found


@transaction.atomic
def unfollow(*, plan: Plan, record_kind: str, record_key: str, by: User) -> bool:
    """Takes a record off one's own list; False where it was not on it."""
    _need(by, Permission.ASK_QUESTIONS)
    found = _followed(plan, record_kind, record_key, by)
    if found is None:
        return False
    history.remove(found, by=by, reason="No longer followed up.")
    return True


def _followed(plan: Plan, record_kind: str, record_key: str, by: User) -> FollowUp | None:
    """The entry of one's list, locked. Locks the person first, so that two who add the same make one."""
    User.objects.select_for_update().get(pk=by.pk)
    own = FollowUp.objects.select_for_update().filter(user=by, plan_id=plan.pk)
    return own.filter(record_kind=record_kind, record_key=record_key).first()
