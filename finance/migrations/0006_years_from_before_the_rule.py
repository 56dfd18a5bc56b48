"""Marks the years of savings that were stored before they had to add up, and do not: they stay as they were found."""

from decimal import Decimal

from django.db import migrations

AMOUNTS = ("planned", "delivered", "forecast", "slipped", "undeliverable")
NOTHING = Decimal(0)


def mark(apps, schema_editor):
    """The rows and their history alike, so that each record goes on being its newest entry."""
    for name in ("SavingYear", "HistoricalSavingYear"):
        model = apps.get_model("finance", name)
        found = [pk for pk, *amounts in model.objects.values_list("pk", *AMOUNTS) if not adds_up(*amounts)]
        for first in range(0, len(found), 500):
            model.objects.filter(pk__in=found[first : first + 500]).update(is_from_before=True)


def adds_up(planned, delivered, forecast, slipped, undeliverable):
    """The rule of finance/adding_up.py on the day it came in."""
    if any((amount or NOTHING) < 0 for amount in (slipped, undeliverable)):
        return False
    is_silent = all(amount is None for amount in (forecast, slipped, undeliverable)) and None in (planned, delivered)
    parts = sum((amount or NOTHING for amount in (delivered, forecast, slipped, undeliverable)), NOTHING)
    return is_silent or (planned or NOTHING) == parts


class Migration(migrations.Migration):
    dependencies = [("finance", "0005_savings_by_year")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
