"""What every factory shares: records are written through the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import factory
from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User

_author: ContextVar[User | None] = ContextVar("author", default=None)


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
        by = kwargs.pop("by", None) or _author.get() or User.objects.system()
        circumstances = {"reason": kwargs.pop("because", ""), "at": kwargs.pop("at", None)}
        links = {
            field.name: kwargs.pop(field.name) for field in history.link_fields(model_class) if field.name in kwargs
        }
        return history.save(model_class(*args, **kwargs), by=by, links=links, **circumstances)


def this_month():
    return periods.month_of(timezone.localdate())


def this_year():
    return periods.financial_year(periods.financial_year_start(timezone.localdate()))
