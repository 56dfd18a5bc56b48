"""Who may pass: stands in front of every view, over access.py.

Private by default: LoginRequiredMiddleware sends strangers to the log-in page; a view without a guard fails
`tests/test_permissions.py`, which walks every URL.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lambeth_plans.accounts.access import Permission, may

View = Callable[..., HttpResponse]

_WRITE = re.compile(r"\s*(insert|update|delete|replace|create|alter|drop|truncate|merge|copy)\b", re.IGNORECASE)


class WriteRefused(RuntimeError):
    """A page that only reads tried to write."""


def refuse_writes(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    """Lets only reading statements through; used while a GET is answered and rendered."""
    if _WRITE.match(sql) and "django_session" not in sql:
        raise WriteRefused(f"A page that only reads tried to write: {sql[:80]}")
    return execute(sql, params, many, context)


def _answer_reading(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    with connection.execute_wrapper(refuse_writes):
        response = view(request, *args, **kwargs)
        if hasattr(response, "render") and not response.is_rendered:  # rendering is part of reading
            response.render()
    return response


def reads(permission: Permission = Permission.READ_PLANS) -> Callable[[View], View]:
    """For a page that only reads: GET and HEAD, with a permission, and no write to the database."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user, permission):
                raise PermissionDenied
            return _answer_reading(view, request, *args, **kwargs)

        guarded.guard = permission
        return never_cache(require_http_methods(["GET", "HEAD"])(guarded))

    return decorate


def changes(permission: Permission, *, methods: tuple[str, ...] = ("GET", "HEAD", "POST")) -> Callable[[View], View]:
    """For a page with a form: reading it writes nothing, posting it needs the same permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user, permission):
                raise PermissionDenied
            if request.method in ("GET", "HEAD"):
                return _answer_reading(view, request, *args, **kwargs)
            return view(request, *args, **kwargs)

        guarded.guard = permission
        return never_cache(require_http_methods(list(methods))(guarded))

    return decorate


def public(view: View) -> View:
    """For a page that anybody may open without logging in; reading it writes nothing."""
    return login_not_required(_for_everyone(view, "public"))


def personal(view: View) -> View:
    """For a page that everybody who has logged in may open, whatever their role."""
    return never_cache(_for_everyone(view, "personal"))


def _for_everyone(view: View, guard: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return _answer_reading(view, request, *args, **kwargs)
        return view(request, *args, **kwargs)

    guarded.guard = guard
    return require_http_methods(["GET", "HEAD", "POST"])(guarded)
