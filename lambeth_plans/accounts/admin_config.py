"""Puts our site in the place of Django's own. Read before any model is loaded, so it imports none."""

from django.contrib.admin.apps import AdminConfig


class PlansAdminConfig(AdminConfig):
    default_site = "lambeth_plans.accounts.admin_site.PlansAdminSite"
