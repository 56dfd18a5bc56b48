"""Logging in and passwords (sessions), pages about the service (pages), people and accounts (people)."""

from lambeth_plans.accounts.views.pages import csrf_failure

__all__ = ["csrf_failure"]
