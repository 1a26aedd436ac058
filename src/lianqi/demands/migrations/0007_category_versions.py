"""The tree of categories, and versions of what holds for each."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_language'),
        ('demands', '0006_marks'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CategoryVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(help_text='this day included', null=True, verbose_name='valid to')),
                ('is_accepted', models.BooleanField(default=True, verbose_name='accepted here')),
                ('advice', models.TextField(blank=True, help_text='if not accepted here', max_length=500, verbose_name='where to go instead')),
                ('advice_url', models.URLField(blank=True, verbose_name='address of the page')),
                ('advice_phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('progress_every_days', models.PositiveSmallIntegerField(help_text='empty: not asked', null=True, verbose_name='progress every so many working days')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'category version',
            "constraints": [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='category_version_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('is_accepted', True), models.Q(('advice', ''), _negated=True), _connector='OR'), name='category_version_says_where_to_go')],},
        ),
        migrations.CreateModel(
            name='DemandEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='EvidenceKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('is_obligatory', models.BooleanField(default=False, verbose_name='obligatory')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'kind of evidence',
            },
        ),
        migrations.AddField(
            model_name='demandcategory',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='demands.demandcategory', verbose_name='under'),
        ),
        migrations.AddConstraint(
            model_name='demandcategory',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='category_not_its_own_parent'),
        ),
        migrations.AddField(
            model_name='categoryversion',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='demands.demandcategory'),
        ),
        migrations.AddField(
            model_name='categoryversion',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='demand',
            name='category_version',
            field=models.ForeignKey(help_text='what held for the category when it was filed', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='demands.categoryversion'),
        ),
        migrations.AddField(
            model_name='demandevidence',
            name='demand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='demands.demand'),
        ),
        migrations.AddField(
            model_name='demandevidence',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='evidencekind',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='demands.categoryversion'),
        ),
        migrations.AddField(
            model_name='demandevidence',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='demands.evidencekind'),
        ),
        migrations.AddConstraint(
            model_name='categoryversion',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('category'), models.F('category'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True), function='int8range', output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField()), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='category_version_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='evidencekind',
            constraint=models.UniqueConstraint(fields=('version', 'name'), name='evidence_kind_once'),
        ),
    ]
