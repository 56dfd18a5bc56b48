"""Django's admin as this product uses it: for administrators, with the product's own log-in and password pages."""

from django.contrib.admin.sites import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from lambeth_plans.accounts.access import Permission, may


class PlansAdminSite(AdminSite):
    site_header = "Lambeth Plans: every record"
    site_title = "Lambeth Plans"
    index_title = "Every record, one by one"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever is logged in and no administrator is refused; Django would show them a second log-in page."""
        if not may(request.user, Permission.SET_UP_PLANS):
            raise PermissionDenied
        return True

    @method_decorator([login_not_required, never_cache])
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Leads a stranger to the product's own log-in page, which also checks where they want to go."""
        if request.user.is_authenticated:
            self.has_permission(request)
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("password_change")

    def password_change_done(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("home")
