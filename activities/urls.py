from django.urls import path

from activities import evidence, evidence_files, set_up

FILES = "plans/<slug:plan>/evidence/<slug:key>/files"

urlpatterns = [
    path("set-up/plans/<slug:slug>/activities/", set_up.activity_table, name="activity_table"),
    path("plans/<slug:plan>/evidence/new/", evidence.evidence_create, name="evidence_create"),
    path("plans/<slug:plan>/evidence/<slug:key>/edit/", evidence.evidence_edit, name="evidence_edit"),
    path(f"{FILES}/new/", evidence_files.evidence_file_create, name="evidence_file_create"),
    path(f"{FILES}/<int:number>/edit/", evidence_files.evidence_file_edit, name="evidence_file_edit"),
    path(f"{FILES}/<int:number>/remove/", evidence_files.evidence_file_remove, name="evidence_file_remove"),
]
