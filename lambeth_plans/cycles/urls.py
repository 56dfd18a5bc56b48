from django.urls import path

from lambeth_plans.cycles.sent_reminders import reminder_list
from lambeth_plans.cycles.views import hand_over, roll_forward

urlpatterns = [
    path("set-up/reminders/", reminder_list, name="reminder_list"),
    path("set-up/councils/<slug:slug>/people/<slug:key>/hand-over/", hand_over, name="hand_over"),
    path("set-up/plans/<slug:slug>/roll-forward/", roll_forward, name="roll_forward"),
]
