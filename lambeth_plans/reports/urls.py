from django.urls import path

from lambeth_plans.reports.pack_files import pack_make, pack_wait, pack_word, pack_workbook
from lambeth_plans.reports.views import pack_page, pack_preview

PUBLICATION = "plans/<slug:plan>/publications/<int:number>"

urlpatterns = [
    path("plans/<slug:plan>/pack/", pack_preview, name="pack_preview"),
    path(f"{PUBLICATION}/pack/", pack_page, name="pack_page"),
    path(f"{PUBLICATION}/pack.docx", pack_word, name="pack_word"),
    path(f"{PUBLICATION}/pack.xlsx", pack_workbook, name="pack_workbook"),
    path(f"{PUBLICATION}/pack/<slug:kind>/", pack_wait, name="pack_wait"),
    path(f"{PUBLICATION}/pack/<slug:kind>/make/", pack_make, name="pack_make"),
]
