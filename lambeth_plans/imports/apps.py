from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "lambeth_plans.imports"
    label = "imports"
