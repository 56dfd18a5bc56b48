from django.urls import path

from finance import saving_views, views

urlpatterns = [
    path("plans/<slug:plan>/savings/<slug:key>/edit/", saving_views.saving_edit, name="saving_edit"),
    path("plans/<slug:plan>/savings/<slug:key>/edit/details/", saving_views.saving_revise, name="saving_revise"),
    path("plans/<slug:plan>/contracts/<slug:key>/edit/", views.contract_edit, name="contract_edit"),
]
