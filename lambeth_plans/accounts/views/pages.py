"""Home, and the pages about the service itself."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from lambeth_plans.accounts.access import PERMISSION_WORDS, ROLES
from lambeth_plans.accounts.context_processors import menu
from lambeth_plans.accounts.guards import PREFIX, personal, public, refusal
from lambeth_plans.accounts.typed_texts import typed_texts
from lambeth_plans.glossary import ABBREVIATIONS


@personal
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the first page of one's menu. Whoever has no role or no council learns whom to ask."""
    entries = menu(request.user)
    if entries and request.user.councils.exists():
        return redirect(entries[0].url)
    return render(request, "accounts/no_access.html")


@personal
@require_safe
def role_list(request: HttpRequest) -> HttpResponse:
    rows = [
        {"words": words, "roles": [role.label for role in ROLES.values() if permission in role.permissions]}
        for permission, words in PERMISSION_WORDS.items()
    ]
    return render(request, "accounts/roles.html", {"roles": ROLES.values(), "permissions": rows})


@public
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All abbreviations in the order of the alphabet, or those of one letter."""
    terms = sorted(ABBREVIATIONS.items(), key=lambda item: item[0].casefold())
    letters = sorted({term[0].upper() for term, _ in terms})
    letter = request.GET.get("letter", "").upper()
    if letter in letters:
        terms = [(term, meaning) for term, meaning in terms if term[0].upper() == letter]
    context = {"terms": terms, "letters": letters, "letter": letter if letter in letters else ""}
    return render(request, "accounts/glossary.html", context)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accessibility.html")


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a page for people, a line for programs."""
    if request.path.startswith(PREFIX):
        return refusal(404, "There is nothing at this address.")
    return page_not_found(request, exception)


def failure(request: HttpRequest) -> HttpResponse:
    """Something nobody foresaw: 500; a database that is down or too busy: 503. What was typed is given back."""
    is_down = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith(PREFIX):
        return refusal(503, "The database is busy. Try again.") if is_down else refusal(500, "Something went wrong.")
    # Without the request: finding out who asks would ask the database again.
    template = get_template("503.html" if is_down else "500.html")
    page = template.render({"texts": typed_texts(request.POST)})
    return HttpResponse(page, status=503 if is_down else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was too old or missing: nothing is saved, and what was typed is given back."""
    context = {"texts": typed_texts(request.POST), "has_files": bool(request.FILES)}
    return render(request, "accounts/not_saved.html", context, status=403)
