from django.urls import path

from finance import budget_views, saving_views, views, workforce_views

urlpatterns = [
    path("plans/<slug:plan>/budget/<slug:key>/edit/", budget_views.budget_edit, name="budget_edit"),
    path("plans/<slug:plan>/budget/<slug:key>/forecasts/", budget_views.forecast_edit, name="forecast_edit"),
    path("plans/<slug:plan>/workforce/new/", workforce_views.workforce_create, name="workforce_create"),
    path("plans/<slug:plan>/workforce/<slug:key>/edit/", workforce_views.workforce_edit, name="workforce_edit"),
    path("plans/<slug:plan>/savings/<slug:key>/edit/", saving_views.saving_edit, name="saving_edit"),
    path("plans/<slug:plan>/savings/<slug:key>/edit/details/", saving_views.saving_revise, name="saving_revise"),
    path("plans/<slug:plan>/contracts/<slug:key>/edit/", views.contract_edit, name="contract_edit"),
]
