"""The tables of version 0.2.0 in one step, for an empty database; one that is in use goes the way it began."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from lambeth_plans.first_tables import FirstTables


class Migration(migrations.Migration):

    replaces = [('imports', '0001_initial'), ('imports', '0002_plan_workbooks')]

    initial = True

    dependencies = [
        ('accounts', '0001_version_0_2_0'),
    ]

    operations = [
        FirstTables([
            migrations.CreateModel(
                name='HistoricalImportBatch',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('actor', models.CharField(max_length=200)),
                    ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('batch', models.CharField(blank=True, db_index=True, default='', max_length=40)),
                    ('links', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('number', models.SlugField(editable=False, max_length=40)),
                    ('kind', models.CharField(choices=[('figures', 'Figures of indicators'), ('plan', "A plan's workbook")], default='figures', max_length=10)),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField()),
                    ('file_name', models.CharField(max_length=100)),
                    ('sha256', models.CharField(max_length=64, verbose_name='fingerprint of the file')),
                    ('reason', models.CharField(blank=True, default='', max_length=200)),
                    ('notes', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='how the file was read')),
                    ('new_count', models.PositiveIntegerField(default=0)),
                    ('changed_count', models.PositiveIntegerField(default=0)),
                    ('unchanged_count', models.PositiveIntegerField(default=0)),
                    ('error_count', models.PositiveIntegerField(default=0)),
                    ('state', models.CharField(choices=[('previewed', 'Waiting to be confirmed'), ('refused', 'Refused'), ('unchanged', 'Nothing to change'), ('applied', 'Applied')], max_length=10)),
                    ('applied_at', models.DateTimeField(blank=True, null=True)),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField()),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('council', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.council')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical import batch',
                    'verbose_name_plural': 'historical import batches',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                    'indexes': [models.Index(fields=['history_date', 'id'], name='imports_his_history_61cdba_idx')],
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='ImportBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('number', models.SlugField(editable=False, max_length=40, unique=True)),
                    ('kind', models.CharField(choices=[('figures', 'Figures of indicators'), ('plan', "A plan's workbook")], default='figures', max_length=10)),
                    ('made_by_name', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField()),
                    ('file_name', models.CharField(max_length=100)),
                    ('sha256', models.CharField(max_length=64, verbose_name='fingerprint of the file')),
                    ('reason', models.CharField(blank=True, default='', max_length=200)),
                    ('notes', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='how the file was read')),
                    ('rows', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                    ('errors', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                    ('new_count', models.PositiveIntegerField(default=0)),
                    ('changed_count', models.PositiveIntegerField(default=0)),
                    ('unchanged_count', models.PositiveIntegerField(default=0)),
                    ('error_count', models.PositiveIntegerField(default=0)),
                    ('state', models.CharField(choices=[('previewed', 'Waiting to be confirmed'), ('refused', 'Refused'), ('unchanged', 'Nothing to change'), ('applied', 'Applied')], max_length=10)),
                    ('applied_at', models.DateTimeField(blank=True, null=True)),
                    ('council', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='accounts.council')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name_plural': 'import batches',
                    'ordering': ['-made_at', '-pk'],
                    'indexes': [models.Index(fields=['council', 'sha256'], name='imports_batch_of_file')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at', None)), _connector='OR'), name='imports_batch_applied_has_date', violation_error_message='A batch has a moment of applying exactly when it was applied.')],
                },
            ),
        ]),
    ]
