"""A snapshot always has its date. The first migration had lost that it may not be empty; no row ever was."""

from django.db import migrations

import lambeth_plans.fields


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_the_other_plans")]

    operations = [
        migrations.AlterField(
            model_name="historicalworkforcesnapshot",
            name="snapshot_date",
            field=lambeth_plans.fields.PartialDateField(blank=False, max_length=10, null=False),
        ),
        migrations.AlterField(
            model_name="workforcesnapshot",
            name="snapshot_date",
            field=lambeth_plans.fields.PartialDateField(blank=False, max_length=10, null=False),
        ),
    ]
