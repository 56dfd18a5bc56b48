from django.urls import path

from risks import set_up, views

urlpatterns = [
    path("set-up/councils/<slug:slug>/risk-matrices/", set_up.matrix_list, name="matrix_list"),
    path("set-up/councils/<slug:slug>/risk-matrices/new/", set_up.matrix_create, name="matrix_create"),
    path("set-up/councils/<slug:slug>/risk-matrices/<slug:key>/", set_up.matrix_edit, name="matrix_edit"),
    path("set-up/councils/<slug:slug>/risk-matrices/<slug:key>/agree/", set_up.matrix_agree, name="matrix_agree"),
    path("set-up/councils/<slug:slug>/risk-matrices/<slug:key>/replace/", set_up.matrix_replace, name="matrix_replace"),
    path("councils/<slug:slug>/risk-matrices/<slug:key>/rescore/", set_up.matrix_rescore, name="matrix_rescore"),
    path("plans/<slug:plan>/risks/<slug:key>/edit/", views.risk_edit, name="risk_edit"),
    path("plans/<slug:plan>/risks/<slug:key>/score/", views.risk_score, name="risk_score"),
    path("plans/<slug:plan>/risks/<slug:key>/mitigations/", views.mitigation_table, name="mitigation_table"),
]
