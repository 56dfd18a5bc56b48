"""Marks the years of savings that say something slips to what is no later year: they stay as they were found."""

import re

from django.db import migrations

YEAR = re.compile(r"([12][0-9]{3})/[0-9]{2}")
AFTER = re.compile(r"after .*([12][0-9]{3})")


def mark(apps, schema_editor):
    """The rows and their history alike, so that each record goes on being its newest entry."""
    for name in ("SavingYear", "HistoricalSavingYear"):
        model = apps.get_model("finance", name)
        rows = model.objects.exclude(slipped_to="").values_list("pk", "slipped_to", "period_start")
        found = [pk for pk, slipped_to, start in rows if not is_later(slipped_to, start)]
        for first in range(0, len(found), 500):
            model.objects.filter(pk__in=found[first : first + 500]).update(is_from_before=True)


def is_later(slipped_to, start):
    """What the next migration asks of the database."""
    if year := YEAR.fullmatch(slipped_to):
        return f"{year[1]}-04-01" > start.isoformat()
    if day := AFTER.fullmatch(slipped_to):
        return f"{day[1]}-12-31" >= start.isoformat()
    return False


class Migration(migrations.Migration):
    dependencies = [("finance", "0010_when_a_saving_was_confirmed")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
