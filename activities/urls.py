from django.urls import path

from activities import views

urlpatterns = [
    path("plans/<slug:plan>/activities/<slug:key>/report/", views.progress_report, name="progress_report"),
]
