"""The one moment at which nobody is writing: what a publication is of.

Two writers' clocks do not tell which of their changes was part of what was published, nor does the order in which
PostgreSQL commits. So a publication waits until no write to the trail is under way, lets none begin for the moment in
which it looks, and keeps the number of the last row of each history (docs/adr/0022-publication.md).
"""

import time
from collections.abc import Sequence

from django.db import OperationalError, connection, transaction
from django.db.models import CharField, Max, Value
from django.utils import timezone

from lambeth_plans.history import Versioned, entry_model
from lambeth_plans.moments import Sealed

#: Seconds for which it is tried again, and between two tries. Nobody waits meanwhile: a try takes all or nothing.
PATIENCE, PAUSE = 20.0, 0.05

#: PostgreSQL's codes for a table that was not got: by `NOWAIT` or `lock_timeout`, or by `statement_timeout`, because it
#: waited for one table after the other.
NOT_GOT = {"55P03", "57014"}


class NeverQuiet(Exception):
    """Somebody was writing all the time; nothing was sealed. It may be tried again."""


def seal(models: Sequence[type[Versioned]]) -> Sealed:
    """This moment, with the last row of each model's history. Within a transaction, which keeps writers out to its end.

    SQLite has one writer at a time, and that is the transaction it is called in. One query there; on
    PostgreSQL two more, and one for each further try. Raises NeverQuiet.
    """
    if connection.vendor == "postgresql":
        _keep_writers_out(models)
    queries = [
        entry_model(model)
        ._default_manager.order_by()
        .values(told_as=Value(model._meta.label, CharField(max_length=100)))
        .annotate(last=Max("history_id"))
        .values_list("told_as", "last")
        for model in models
    ]
    marks = {label: last for label, last in queries[0].union(*queries[1:], all=True) if last}
    return Sealed.of(timezone.now(), marks)


def _keep_writers_out(models: Sequence[type[Versioned]]) -> None:
    tables = ", ".join(connection.ops.quote_name(entry_model(model)._meta.db_table) for model in models)
    # VACUUM and ANALYZE stand in the way of SHARE too. PostgreSQL ends those that it began by itself when somebody
    # waits for them for a second, and only then: tried without waiting, a table may stay taken for minutes. A writer
    # does not wait for one who waits in this mode.
    if not _lock(f"LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE"):
        raise NeverQuiet("Somebody else is publishing, or the database is being tidied up. Try again in a minute.")
    end = time.monotonic() + PATIENCE
    while not _lock(f"LOCK TABLE {tables} IN SHARE MODE NOWAIT"):
        if time.monotonic() > end:
            raise NeverQuiet("Somebody is saving all the time. Try again in a minute.")
        time.sleep(PAUSE)


def _lock(statement: str) -> bool:
    """Whether all tables were got, in the time that a lock is waited for. A try that got only some lets go of them."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in NOT_GOT:
            raise
        return False
    return True
