"""Every page that shows rows of several apps."""

from django.urls import path

from lambeth_plans.dashboards.details import (
    activity_detail,
    contract_detail,
    goal_detail,
    objective_detail,
    risk_detail,
    saving_detail,
)
from lambeth_plans.dashboards.indicators import indicator_detail
from lambeth_plans.dashboards.my_updates import my_updates
from lambeth_plans.dashboards.officers import officer_detail

urlpatterns = [
    path("my-updates/", my_updates, name="my_updates"),
    path("plans/<slug:plan>/objectives/<slug:key>/", objective_detail, name="objective_detail"),
    path("plans/<slug:plan>/goals/<slug:key>/", goal_detail, name="goal_detail"),
    path("plans/<slug:plan>/activities/<slug:key>/", activity_detail, name="activity_detail"),
    path("plans/<slug:plan>/indicators/<slug:key>/", indicator_detail, name="indicator_detail"),
    path("plans/<slug:plan>/risks/<slug:key>/", risk_detail, name="risk_detail"),
    path("plans/<slug:plan>/savings/<slug:key>/", saving_detail, name="saving_detail"),
    path("plans/<slug:plan>/contracts/<slug:key>/", contract_detail, name="contract_detail"),
    path("councils/<slug:council>/officers/<slug:key>/", officer_detail, name="officer_detail"),
]
