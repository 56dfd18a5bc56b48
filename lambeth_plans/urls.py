from django.contrib import admin
from django.urls import path

from lambeth_plans.health import healthz

urlpatterns = [path("healthz", healthz, name="healthz"), path("admin/", admin.site.urls)]
