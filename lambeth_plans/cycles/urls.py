from django.urls import path

from lambeth_plans.cycles.meeting_views import meeting_action_table, meeting_table
from lambeth_plans.cycles.sent_reminders import reminder_list, reminder_send_again
from lambeth_plans.cycles.set_up import round_create, round_edit, round_table
from lambeth_plans.cycles.views import hand_over, roll_forward

urlpatterns = [
    path("set-up/councils/<slug:slug>/boards/<slug:key>/meetings/", meeting_table, name="meeting_table"),
    path(
        "set-up/councils/<slug:slug>/boards/<slug:key>/meetings/<slug:date>/actions/",
        meeting_action_table,
        name="meeting_action_table",
    ),
    path("set-up/reminders/", reminder_list, name="reminder_list"),
    path(
        "set-up/reminders/<username:username>/<slug:day>/send-again/",
        reminder_send_again,
        name="reminder_send_again",
    ),
    path("set-up/councils/<slug:slug>/people/<slug:key>/hand-over/", hand_over, name="hand_over"),
    path("set-up/plans/<slug:slug>/roll-forward/", roll_forward, name="roll_forward"),
    path("set-up/plans/<slug:slug>/rounds/", round_table, name="round_table"),
    path("set-up/plans/<slug:slug>/rounds/new/", round_create, name="round_create"),
    path("set-up/plans/<slug:slug>/rounds/<slug:key>/", round_edit, name="round_edit"),
]
