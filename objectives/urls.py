from django.urls import path

from objectives import views

urlpatterns = [
    path("set-up/", views.set_up_home, name="set_up_home"),
    path("set-up/plans/new/", views.plan_create, name="plan_create"),
    path("set-up/plans/<slug:slug>/", views.plan_edit, name="plan_edit"),
    path("set-up/plans/<slug:slug>/life/", views.plan_status, name="plan_status"),
    path("set-up/plans/<slug:slug>/objectives/", views.objective_table, name="objective_table"),
]
