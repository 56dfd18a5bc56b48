from django.urls import path

from risks import views

urlpatterns = [
    path("plans/<slug:plan>/risks/<slug:key>/edit/", views.risk_edit, name="risk_edit"),
    path("plans/<slug:plan>/risks/<slug:key>/score/", views.risk_score, name="risk_score"),
    path("plans/<slug:plan>/risks/<slug:key>/mitigations/", views.mitigation_table, name="mitigation_table"),
]
