from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "lambeth_plans.accounts"
    label = "accounts"

    def ready(self) -> None:
        from lambeth_plans.accounts import checks  # noqa: F401
        from lambeth_plans.accounts.access import sync_roles

        # post_migrate fires per app in order; this app comes last, when every permission exists.
        post_migrate.connect(sync_roles, sender=self, dispatch_uid="sync_roles")
