from django.urls import path

from lambeth_plans.cycles.views import hand_over

urlpatterns = [
    path("set-up/councils/<slug:slug>/people/<slug:key>/hand-over/", hand_over, name="hand_over"),
]
