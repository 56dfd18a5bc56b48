from django.urls import path

from activities import set_up, views

urlpatterns = [
    path("set-up/plans/<slug:slug>/activities/", set_up.activity_table, name="activity_table"),
    path("plans/<slug:plan>/activities/<slug:key>/report/", views.progress_report, name="progress_report"),
]
