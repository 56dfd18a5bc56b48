"""What every factory shares: records are written through the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import factory
from django.db import connection
from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User

_author: ContextVar[User | None] = ContextVar("author", default=None)
#: The product's own user as it was last read: asked for by every record, it is read again only where it is gone.
_system: dict[str, User] = {}


def system() -> User:
    known = _system.get("user")
    if known:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(User._meta.db_table)
            cursor.execute(f"SELECT username FROM {table} WHERE id = %s", [known.pk])
            if cursor.fetchone() == (known.username,):
                return known
    _system["user"] = User.objects.system()
    return _system["user"]


@contextmanager
def written_by(user: User) -> Iterator[None]:
    """Whose name stands behind the records made here: without it each record asks for the product's own user."""
    token = _author.set(user)
    try:
        yield
    finally:
        _author.reset(token)


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        by = kwargs.pop("by", None) or _author.get() or system()
        circumstances = {"reason": kwargs.pop("because", ""), "at": kwargs.pop("at", None)}
        links = {
            field.name: kwargs.pop(field.name) for field in history.link_fields(model_class) if field.name in kwargs
        }
        return history.save(model_class(*args, **kwargs), by=by, links=links, **circumstances)


def this_month():
    return periods.month_of(timezone.localdate())


def this_year():
    return periods.financial_year(periods.financial_year_start(timezone.localdate()))
