from django.urls import path

from kpis import views

urlpatterns = [
    path("plans/<slug:plan>/indicators/<slug:key>/figures/new/", views.figure_add, name="figure_add"),
    path("plans/<slug:plan>/indicators/<slug:key>/figures/<slug:period>/", views.figure_edit, name="figure_edit"),
]
