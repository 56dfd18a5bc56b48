"""Who may pass: stands in front of every view, over access.py.

Private by default: LoginRequiredMiddleware sends strangers to the log-in page; a view without a guard fails
`tests/test_permissions.py`, which walks every URL.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import ApiToken, User

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
    if isinstance(response, StreamingHttpResponse):  # its parts are made when the server asks for them
        response.streaming_content = _parts_reading(response.streaming_content)
    return response


def _parts_reading(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of a streamed answer, none of which may write. Between two parts nothing is watched: another request
    may use the connection then."""
    waiting = iter(parts)
    while True:
        with connection.execute_wrapper(refuse_writes):
            try:
                part = next(waiting)
            except StopIteration:
                return
        yield part


def reads(permission: Permission = Permission.READ_PLANS, *others: Permission) -> Callable[[View], View]:
    """For a page that only reads: GET and HEAD, with any of the permissions, and no write to the database."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(may(request.user, each) for each in (permission, *others)):
                raise PermissionDenied
            return _answer_reading(view, request, *args, **kwargs)

        guarded.guard = permission
        return never_cache(require_http_methods(["GET", "HEAD"])(guarded))

    return decorate


def changes(
    permission: Permission, *others: Permission, methods: tuple[str, ...] = ("GET", "HEAD", "POST")
) -> Callable[[View], View]:
    """For a page with a form: reading it writes nothing, posting it needs the same permission. Where a page serves
    several purposes, any of their permissions opens it, and its action asks for the right one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(may(request.user, each) for each in (permission, *others)):
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


# Programs

#: Where programs are answered: whatever goes wrong below it is told in JSON.
PREFIX = "/api/v1/"


def refusal(status: int, detail: str, **headers: str) -> JsonResponse:
    """What a program is told instead of an answer. The one shape of all errors of the API."""
    return JsonResponse({"detail": detail}, status=status, headers=headers)


def answers_programs(permission: Permission | None = Permission.READ_PLANS) -> Callable[[View], View]:
    """For data that programs fetch: GET and HEAD, as the holder of a session or of a token ("Authorization: Bearer"),
    no write to the database, and every refusal in JSON. Without a permission anybody may.

    Only here a token opens anything. Where one is sent it decides alone: a wrong one is 401 whoever is logged in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if permission:
                user = _who_asks(request)
                if user is None:
                    words = "Log in, or send a token that is valid: “Authorization: Bearer …”."
                    return refusal(401, words, **{"WWW-Authenticate": "Bearer"})
                request.user = user
            if request.method not in ("GET", "HEAD"):
                return refusal(405, "The API is only read: GET and HEAD.", Allow="GET, HEAD")
            if permission and not may(request.user, permission):
                reads_all = permission is Permission.READ_PLANS
                return refusal(403, "Your role does not read plans." if reads_all else "Your role does not open this.")
            return _answer_reading(view, request, *args, **kwargs)

        guarded.guard = permission or "public"
        return login_not_required(csrf_exempt(never_cache(guarded)))

    return decorate


def _who_asks(request: HttpRequest) -> User | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return ApiToken.objects.holder_of(secret.strip())
    return request.user if request.user.is_authenticated else None
