import gc

from django.apps import AppConfig


class LambethPlansConfig(AppConfig):
    name = "lambeth_plans"

    def ready(self) -> None:
        """Keeps the collector of unused objects away from a page's work, of which it took a quarter.

        What was loaded at the start stays to the end, so it need not be looked through again; and a page of many rows
        makes tens of thousands of objects that all go with it, so it is looked for rings among them less often.
        """
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
