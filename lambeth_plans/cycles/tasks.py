"""The jobs of the workers (`manage.py db_worker`), through django-tasks and django-tasks-db.

A job is only a note that something may be due; whether it is, and whose it is, the row that it names decides
(sending.py). So a job that is lost, or there twice, does no harm: the next run of `send_reminders` makes a new one.
"""

from datetime import datetime

from django.conf import settings
from django.utils.crypto import get_random_string
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from lambeth_plans.cycles import sending


@task()
def deliver(digest_pk: int) -> str:
    return sending.deliver(digest_pk)


def hand_to_workers(*, now: datetime) -> int:
    """Makes a job for every e-mail that has none, for the moment it is due. Returns how many.

    The job of a worker that was killed would be marked as running for ever: it has failed.
    """
    jobs = DBTaskResult.objects.filter(task_path=deliver.module_path)
    for job in jobs.running().filter(started_at__lt=now - sending.CLAIM_LASTS):
        job.set_failed(TimeoutError("Its worker stopped in the middle."))
    ready = jobs.filter(status=TaskResultStatus.READY).order_by().values_list("args_kwargs", flat=True)
    there = {arguments["args"][0] for arguments in ready}
    made = 0
    for digest in sending.unsent(now).order_by("pk"):
        if digest.pk not in there:
            due_at = settings.QUIET_HOURS.next_allowed(max(digest.due_at, now))
            deliver.using(run_after=due_at if due_at > now else None).enqueue(digest.pk)
            made += 1
    return made


def work_off() -> None:
    """Does every job that is due, in this process, as one more worker."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    ).run()
