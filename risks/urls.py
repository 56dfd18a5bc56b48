from django.urls import path

from risks import views

urlpatterns = [path("plans/<slug:plan>/risks/<slug:key>/edit/", views.risk_edit, name="risk_edit")]
