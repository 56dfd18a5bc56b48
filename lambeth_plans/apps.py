from django.apps import AppConfig


class LambethPlansConfig(AppConfig):
    name = "lambeth_plans"
