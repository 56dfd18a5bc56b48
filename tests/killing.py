"""Work in processes of their own that are killed in the middle."""

import os
import signal
import time
from collections.abc import Callable

from django.db import connection


def close_connections() -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def killed(
    work: Callable[[], object], after: float, *, processes: int = 1, once: Callable[[], bool] | None = None
) -> None:
    """Does some work in processes of their own, which are killed after so many seconds; where `once` is given, so many
    after that has become true (or half a minute)."""
    close_connections()
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            try:
                work()
            finally:
                os._exit(0)  # neither pytest's tidying up nor anything else of the parent's
        children.append(child)
    end = time.monotonic() + 30
    while once and not once() and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(after)
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)


def lasting(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
