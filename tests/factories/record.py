"""What every factory shares: records are written through the history."""

import factory
from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        by = kwargs.pop("by", None) or User.objects.system()
        circumstances = {"reason": kwargs.pop("because", ""), "at": kwargs.pop("at", None)}
        links = {
            field.name: kwargs.pop(field.name) for field in history.link_fields(model_class) if field.name in kwargs
        }
        return history.save(model_class(*args, **kwargs), by=by, links=links, **circumstances)


def this_month():
    return periods.month_of(timezone.localdate())


def this_year():
    return periods.financial_year(periods.financial_year_start(timezone.localdate()))
