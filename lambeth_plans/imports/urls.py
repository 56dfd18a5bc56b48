from django.urls import path

from lambeth_plans.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/template.csv", views.import_template, name="import_template"),
    path("imports/<slug:number>/", views.import_detail, name="import_detail"),
    path("imports/<slug:number>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<slug:number>/errors.csv", views.import_errors, name="import_errors"),
]
