from django.urls import path

from lambeth_plans.reports.views import pack_page, pack_preview, pack_word, pack_workbook

urlpatterns = [
    path("plans/<slug:plan>/pack/", pack_preview, name="pack_preview"),
    path("plans/<slug:plan>/publications/<int:number>/pack/", pack_page, name="pack_page"),
    path("plans/<slug:plan>/publications/<int:number>/pack.docx", pack_word, name="pack_word"),
    path("plans/<slug:plan>/publications/<int:number>/pack.xlsx", pack_workbook, name="pack_workbook"),
]
