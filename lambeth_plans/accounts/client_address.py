"""Whose failed log-ins are counted together, behind proxies or without."""

from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address as the outermost of our own PROXY_COUNT proxies saw it; without proxies, who asked us.

    Each proxy appends to X-Forwarded-For whom it was asked by, so what stands further left may be made up. None
    where the server knows no address.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        with suppress(ValueError):
            return str(ip_address(forwarded[-settings.PROXY_COUNT].strip()))
    return request.META.get("REMOTE_ADDR")
