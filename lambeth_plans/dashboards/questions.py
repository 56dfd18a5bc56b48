"""Questions about a plan, on the record: asking, answering, making a recommendation of one, and a member's own list."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import Board, User
from lambeth_plans.cycles import questions as asking
from lambeth_plans.cycles.models import FollowUp, Meeting, Question
from lambeth_plans.cycles.question_forms import AnswerForm, FollowUpForm, QuestionForm, RecommendationForm
from lambeth_plans.dashboards.earlier import Then, since_words
from lambeth_plans.dashboards.facts import FindingFact
from lambeth_plans.dashboards.meetings import standing_of
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published_council import PublishedCouncil
from lambeth_plans.dashboards.scrutiny import changes_of
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.subjects import Subject, found_subject, subject_of, subject_url

PAGE_SIZE = 50


@dataclass(frozen=True)
class QuestionLine:
    """A question with where its record is seen, how it stands, and the meeting it goes to while it is open."""

    question: Question
    url: str
    standing: str
    next_meeting: Meeting | None = None


def question_lines(questions: list[Question]) -> list[QuestionLine]:
    """Read with their plan and their board. One query, for the next meetings of the boards of those that are open."""
    boards = {question.board_id for question in questions if question.board_id and not question.answered_at}
    coming = Meeting.objects.filter(board__in=boards, meeting_date__gte=timezone.localdate(), cancelled_because="")
    soonest = {each.board_id: each for each in coming.select_related("board").order_by("-meeting_date")}
    return [
        QuestionLine(
            question,
            subject_url(question.plan.slug, question.record_kind, question.record_key),
            standing_of(question),
            None if question.answered_at else soonest.get(question.board_id),
        )
        for question in questions
    ]


@reads()
def question_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    asked = Question.objects.filter(plan_id=state.plan.pk).select_related("board", "plan__council").order_by("-order")
    page = Paginator(asked, PAGE_SIZE).get_page(request.GET.get("page"))
    context = plan_context(
        state,
        "question_list",
        ("Questions", ""),
        page=page,
        lines=question_lines(list(page)),
        open_questions=asked.filter(answered_at=None).count(),
        may_ask=may(request.user, Permission.ASK_QUESTIONS),
    )
    return render(request, "dashboards/question_list.html", context)


def _asked(state: PlanState, key: str) -> Question:
    asked = Question.objects.filter(plan_id=state.plan.pk, key=key).select_related("board", "plan__council").first()
    if asked is None:
        raise Http404("Nobody has asked such a question about this plan.")
    return asked


def _context(state: PlanState, question: Question, here: str = "", /, **context: object) -> dict:
    way = [("Questions", reverse("question_list", args=[state.plan.slug]))]
    way.append((str(question), reverse("question_detail", args=[state.plan.slug, question.key]) if here else ""))
    return plan_context(
        state,
        "question_list",
        *way,
        *([(here, "")] if here else []),
        line=question_lines([question])[0],
        question=question,
        answers=list(question.answers.order_by("number")),
        **context,
    )


@reads()
def question_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    question = _asked(state, key)
    may_set_up = may(request.user, Permission.SET_UP_PLANS)
    context = _context(
        state,
        question,
        recommendation=_recommendation(state, question),
        may_answer=may_set_up or may(request.user, Permission.REPORT_PROGRESS),
        may_recommend=may_set_up and not question.finding_id,
    )
    return render(request, "dashboards/question_detail.html", context)


def _recommendation(state: PlanState, question: Question) -> FindingFact | None:
    """The finding that came of it, as the plan that is shown says it; None where that does not hold it (yet)."""
    return state.findings.get(question.finding_id) if question.finding_id else None


@changes(Permission.ASK_QUESTIONS)
def question_ask(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """`?text=` proposes the words."""
    state = visible_state(request, plan)
    subject = found_subject(state, kind, key)
    boards = _boards_of(state, request.user)
    proposed = {"text": request.GET.get("text", "")[:1000].replace("\0", "")}
    form = QuestionForm(boards, request.POST if request.method == "POST" else None, initial=proposed)
    if form.is_bound and form.is_valid():
        question = asking.ask(
            plan=state.plan,
            record_kind=kind,
            record_key=key,
            about=subject.name,
            text=form.cleaned_data["text"],
            board=form.cleaned_data.get("board"),
            by=request.user,
        )
        messages.success(request, "Your question is on the record.")
        return redirect("question_detail", plan, question.key)
    context = plan_context(state, "question_list", ("Ask a question", ""), form=form, subject=subject)
    return render(request, "dashboards/question_ask.html", context)


def _boards_of(state: PlanState, user: User) -> list[Board]:
    """The boards that the plan states, as they are published. Three queries."""
    boards = PublishedCouncil(user, state.plan.council).boards
    return [board for board in boards if any(plan.pk == state.plan.pk for plan in board.plans.all())]


@changes(Permission.REPORT_PROGRESS, Permission.SET_UP_PLANS)
def question_answer(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """409 where somebody else has answered since the form was opened: theirs is shown, and nothing typed is lost."""
    state = visible_state(request, plan)
    question, is_late = _asked(state, key), False
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"seen": question.answers.count()})
    if form.is_bound and form.is_valid():
        try:
            asking.answer(question=question, by=request.user, **form.cleaned_data)
        except asking.AnsweredMeanwhile:
            is_late = True
            form.data = form.data.copy()
            form.data["seen"] = str(question.answers.count())
        else:
            messages.success(request, "Your answer is on the record.")
            return redirect("question_detail", plan, key)
    context = _context(state, question, "Answer", form=form, is_late=is_late)
    return render(request, "dashboards/question_answer.html", context, status=409 if is_late else 200)


@changes(Permission.SET_UP_PLANS)
def question_recommend(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """Makes a finding of what scrutiny recommends."""
    state = visible_state(request, plan)
    question = _asked(state, key)
    form = RecommendationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        asking.recommend(question=question, by=request.user, **form.cleaned_data)
        messages.success(request, "The recommendation is a finding of the plan now.")
        return redirect("question_detail", plan, key)
    context = _context(state, question, "Recommendation", form=form)
    return render(request, "dashboards/question_recommend.html", context)


@changes(Permission.ASK_QUESTIONS)
def follow_up(request: HttpRequest, plan: str, kind: str, key: str) -> HttpResponse:
    """A record on one's own list: the note to oneself, what has changed since, and taking it off again."""
    state, record = visible_state(request, plan), {"record_kind": kind, "record_key": key}
    own = FollowUp.objects.filter(user=request.user, plan_id=state.plan.pk, **record)
    entry = own.select_related("publication").first()
    subject = _followed(state, entry) if entry else found_subject(state, kind, key)
    form = FollowUpForm(
        request.POST if request.method == "POST" else None, initial={"note": entry.note if entry else ""}
    )
    if "remove" in request.POST:
        asking.unfollow(plan=state.plan, by=request.user, **record)
        messages.success(request, f"{subject.name} is no longer on your list.")
        return redirect("scrutiny")
    if form.is_bound and form.is_valid():
        note = form.cleaned_data["note"]
        asking.follow(plan=state.plan, note=note, publication=state.publication, by=request.user, **record)
        messages.success(request, f"{subject.name} is on your list.")
        return redirect("scrutiny")
    context = plan_context(state, "", ("Follow up", ""), form=form, subject=subject, entry=entry)
    if entry:
        comparison = Then(state).comparison(entry)
        context |= {"since": since_words(entry), "changed": changes_of(comparison, subject)}
    return render(request, "dashboards/follow_up.html", context)


def _followed(state: PlanState, entry: FollowUp) -> Subject:
    """The record of an entry, also where the plan has it no longer: it can still be taken off."""
    found = subject_of(state, entry.record_kind, entry.record_key)
    gone = f"{entry.get_record_kind_display()} {entry.record_key}, which the plan no longer has"
    return found or Subject(entry.record_kind, entry.record_key, gone, subject_url(state.plan.slug, "plan", ""))
