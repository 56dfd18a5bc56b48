from django.urls import path

from kpis import rule_views, set_up, views

urlpatterns = [
    path("set-up/plans/<slug:slug>/indicators/", set_up.indicator_table, name="indicator_table"),
    path("plans/<slug:plan>/indicators/<slug:key>/targets/", rule_views.target_edit, name="target_edit"),
    path("plans/<slug:plan>/indicators/<slug:key>/figures/new/", views.figure_add, name="figure_add"),
    path("plans/<slug:plan>/indicators/<slug:key>/figures/<slug:period>/", views.figure_edit, name="figure_edit"),
]
