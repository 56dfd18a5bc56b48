from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "lambeth_plans.dashboards"
    label = "dashboards"
