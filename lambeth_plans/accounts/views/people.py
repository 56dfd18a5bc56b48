"""Set-up pages of a council: its people, its divisions, its boards, and the accounts of those who log in."""

import logging
from functools import partial

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lambeth_plans.accounts import actions
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.forms import (
    BoardTable,
    DivisionTable,
    NewUserForm,
    OfficerForm,
    OfficerTable,
    PasswordLinkForm,
    UserForm,
)
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.accounts.set_up import breadcrumbs, form_answer, table_answer

logger = logging.getLogger(__name__)


def _council(request: HttpRequest, slug: str) -> Council:
    return get_object_or_404(Council.objects.visible_to(request.user), slug=slug)


@changes(Permission.MANAGE_PEOPLE)
def officer_table(request: HttpRequest, slug: str) -> HttpResponse:
    council = _council(request, slug)
    return table_answer(
        request,
        make=lambda data: OfficerTable(council, data),
        save=lambda rows, reason: actions.save_officers(council=council, officers=rows, by=request.user, reason=reason),
        context={
            "council": council,
            "heading": f"People of {council}",
            "breadcrumbs": breadcrumbs((f"People of {council}", "")),
            "pages": council_pages(council, "officer_table"),
            "introduction": "Post holders and elected members own objectives, activities and risks. "
            "Whoever reports needs a log-in.",
        },
    )


@changes(Permission.MANAGE_PEOPLE)
def officer_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    council = _council(request, slug)
    officer = get_object_or_404(Officer.objects.select_related("council"), council=council, key=key)
    people = reverse("officer_table", args=[slug])

    def save(form: OfficerForm) -> Officer:
        officers = [(form.instance, form.links())]
        reason = form.cleaned_data["reason"]
        return actions.save_officers(council=council, officers=officers, by=request.user, reason=reason)[0]

    return form_answer(
        request,
        make=lambda data: OfficerForm(data, instance=Officer.objects.select_related("council").get(pk=officer.pk)),
        save=save,
        sentence=lambda saved: f"{saved} is saved.",
        done=lambda saved: people,
        context={
            "council": council,
            "heading": str(officer),
            "breadcrumbs": breadcrumbs((f"People of {council}", people), (str(officer), "")),
        },
    )


@changes(Permission.MANAGE_PEOPLE)
def division_table(request: HttpRequest, slug: str) -> HttpResponse:
    council = _council(request, slug)
    return table_answer(
        request,
        make=lambda data: DivisionTable(council, data),
        save=lambda rows, reason: actions.save_divisions(
            council=council, divisions=rows, by=request.user, reason=reason
        ),
        context={
            "council": council,
            "heading": f"Divisions of {council}",
            "breadcrumbs": breadcrumbs((f"Divisions of {council}", "")),
            "pages": council_pages(council, "division_table"),
            "introduction": "Whoever directs a division may report on everything its post holders own.",
        },
    )


@changes(Permission.MANAGE_PEOPLE)
def board_table(request: HttpRequest, slug: str) -> HttpResponse:
    council = _council(request, slug)
    return table_answer(
        request,
        make=lambda data: BoardTable(council, data),
        save=lambda rows, reason: actions.save_boards(council=council, boards=rows, by=request.user, reason=reason),
        context={
            "council": council,
            "heading": f"Boards of {council}",
            "breadcrumbs": breadcrumbs((f"Boards of {council}", "")),
            "pages": council_pages(council, "board_table"),
            "introduction": "Leave empty what no document states. Which plans a board oversees is said with the plan.",
        },
    )


def council_pages(council: Council, current: str) -> list[dict[str, object]]:
    """The set-up pages of a council, for their sub-navigation."""
    pages = (("People", "officer_table"), ("Divisions", "division_table"), ("Boards", "board_table"))
    return [
        {"label": label, "url": reverse(name, args=[council.slug]), "is_current": name == current}
        for label, name in pages
    ]


@reads(Permission.MANAGE_PEOPLE)
def user_list(request: HttpRequest) -> HttpResponse:
    councils = Prefetch("councils", Council.objects.visible_to(request.user))
    people = User.objects.visible_to(request.user).prefetch_related(councils)
    return render(
        request, "set_up/users.html", {"people": people, "breadcrumbs": breadcrumbs(("People who log in", ""))}
    )


@changes(Permission.MANAGE_PEOPLE)
def user_create(request: HttpRequest) -> HttpResponse:
    def save(form: NewUserForm) -> User:
        user = _save_user(request, form)
        _send_password_link(request, user)
        return user

    return form_answer(
        request,
        make=lambda data: NewUserForm(data, instance=User(), by=request.user),
        save=save,
        sentence=lambda user: f"{user} is added with the user name {user.username}.",
        done=lambda user: reverse("user_list"),
        context={
            "heading": "Add somebody who logs in",
            "breadcrumbs": breadcrumbs(("People who log in", reverse("user_list")), ("Add somebody", "")),
        },
    )


@changes(Permission.MANAGE_PEOPLE)
def user_edit(request: HttpRequest, username: str) -> HttpResponse:
    person = get_object_or_404(User.objects.visible_to(request.user), username=username)
    return form_answer(
        request,
        make=lambda data: UserForm(data, instance=User.objects.get(pk=person.pk), by=request.user),
        save=partial(_save_user, request),
        sentence=lambda user: f"{user} is saved." if user.is_active else f"{user} can no longer log in.",
        done=lambda user: reverse("user_list"),
        context={
            "person": person,
            "heading": f"{person} ({person.username})",
            "breadcrumbs": breadcrumbs(("People who log in", reverse("user_list")), (str(person), "")),
        },
    )


@changes(Permission.MANAGE_PEOPLE, methods=("POST",))
def password_link_send(request: HttpRequest, username: str) -> HttpResponse:
    active = User.objects.visible_to(request.user).filter(is_active=True)
    _send_password_link(request, get_object_or_404(active, username=username))
    return redirect("user_edit", username=username)


def _save_user(request: HttpRequest, form: UserForm) -> User:
    data = form.cleaned_data
    return actions.save_user(user=form.instance, councils=data["councils"], by=request.user, reason=data["reason"])


def _send_password_link(request: HttpRequest, user: User) -> None:
    form = PasswordLinkForm(user)
    if not form.is_valid():
        messages.warning(request, f"{user} has no e-mail address, so no link was sent.")
        return
    try:
        form.save(
            request=request,
            use_https=request.is_secure(),
            subject_template_name="registration/reset_password_subject.txt",
            email_template_name="registration/reset_password_message.txt",
        )
    except OSError:
        logger.exception("The link to choose a password was not sent to %s", user.username)
        messages.warning(request, f"The link to choose a password could not be sent to {user.email}. Try again later.")
    else:
        messages.success(request, f"A link to choose a password is on its way to {user.email}.")
