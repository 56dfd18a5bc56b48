"""The jobs of the workers for packs. A job that is lost, or there twice, does no harm (kept.py)."""

from django_tasks import task

from lambeth_plans.reports import kept


@task()
def make_pack_file(pk: int) -> bool:
    return kept.make(pk)
