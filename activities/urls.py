from django.urls import path

from activities import evidence, set_up

urlpatterns = [
    path("set-up/plans/<slug:slug>/activities/", set_up.activity_table, name="activity_table"),
    path("plans/<slug:plan>/evidence/new/", evidence.evidence_create, name="evidence_create"),
    path("plans/<slug:plan>/evidence/<slug:key>/edit/", evidence.evidence_edit, name="evidence_edit"),
]
