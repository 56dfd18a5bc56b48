"""Log-in for every page, without losing what somebody has typed when their session ended meanwhile; and a limit to
what is read from whom we do not know yet."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from lambeth_plans.accounts.typed_texts import typed_texts


class RefuseFarTooLarge:
    """Answers 413 before anything is read. An upload that is only too large gets its own form back, which needs
    reading; without this limit, whoever has not even logged in could fill the disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.REQUEST_LIMIT_BYTES:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class LogInRequired(LoginRequiredMiddleware):
    def get_login_url(self, view_func: Callable) -> str:
        """One log-in page for everything, the administration pages included."""
        return settings.LOGIN_URL

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        texts = typed_texts(request.POST) if request.method == "POST" else []
        if not texts:
            return super().handle_no_permission(request, view_func)
        came_from = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
        context = {"texts": texts, "next": came_from if is_ours else "/"}
        return render(request, "accounts/logged_out_while_typing.html", context, status=403)
