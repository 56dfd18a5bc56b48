from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "lambeth_plans.cycles"
    label = "cycles"
