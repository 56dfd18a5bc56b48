"""Every address of the product. Each app's own addresses stand in its urls.py."""

from django.contrib import admin
from django.urls import include, path

from lambeth_plans.health import healthz

handler404 = "lambeth_plans.accounts.views.pages.missing"
handler500 = "lambeth_plans.accounts.views.pages.failure"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("lambeth_plans.accounts.urls")),
    path("", include("objectives.urls")),
    path("", include("activities.urls")),
    path("", include("kpis.urls")),
    path("", include("risks.urls")),
    path("", include("finance.urls")),
    path("", include("lambeth_plans.imports.urls")),
    path("", include("lambeth_plans.cycles.urls")),
    path("", include("lambeth_plans.dashboards.urls")),
    path("", include("lambeth_plans.reports.urls")),
    path("", include("lambeth_plans.api.urls")),
]
