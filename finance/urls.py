from django.urls import path

from finance import views

urlpatterns = [
    path("plans/<slug:plan>/savings/<slug:key>/edit/", views.saving_edit, name="saving_edit"),
    path("plans/<slug:plan>/contracts/<slug:key>/edit/", views.contract_edit, name="contract_edit"),
]
