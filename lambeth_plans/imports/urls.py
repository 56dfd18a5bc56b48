from django.urls import path

from lambeth_plans.imports import views
from lambeth_plans.imports.registers import views as registers
from lambeth_plans.imports.workbook import views as workbook

urlpatterns = [
    path("plans/<slug:plan>/workbook.xlsx", workbook.plan_workbook, name="plan_workbook"),
    path("plans/<slug:plan>/figures.csv", views.plan_figures, name="plan_figures"),
    path("imports/plan-template.xlsx", workbook.plan_template, name="plan_template"),
    path("imports/plans/", workbook.plan_import_new, name="plan_import_new"),
    path("imports/plans/<slug:number>/", workbook.plan_import_detail, name="plan_import_detail"),
    path("imports/plans/<slug:number>/confirm/", workbook.plan_import_confirm, name="plan_import_confirm"),
    path("imports/plans/<slug:number>/errors.csv", workbook.plan_import_errors, name="plan_import_errors"),
    path("imports/plans/<slug:number>/undo/", workbook.plan_import_undo, name="plan_import_undo"),
    path("imports/plans/<slug:number>/errors.xlsx", workbook.plan_import_marked, name="plan_import_marked"),
    path("plans/<slug:plan>/registers/<slug:register>.csv", registers.plan_register, name="plan_register"),
    path("imports/registers/<slug:number>/", registers.register_import_detail, name="register_import_detail"),
    path("imports/registers/<slug:number>/confirm/", registers.register_import_confirm, name="register_import_confirm"),
    path("imports/registers/<slug:number>/undo/", registers.register_import_undo, name="register_import_undo"),
    path("imports/registers/<slug:number>/errors.csv", registers.register_import_errors, name="register_import_errors"),
    path(
        "imports/registers/<slug:number>/errors.xlsx", registers.register_import_marked, name="register_import_marked"
    ),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/template.csv", views.import_template, name="import_template"),
    path("imports/<slug:number>/", views.import_detail, name="import_detail"),
    path("imports/<slug:number>/columns/", views.import_columns, name="import_columns"),
    path("imports/<slug:number>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<slug:number>/undo/", views.import_undo, name="import_undo"),
    path("imports/<slug:number>/errors.csv", views.import_errors, name="import_errors"),
    path("imports/<slug:number>/errors.xlsx", views.import_marked, name="import_marked"),
]
