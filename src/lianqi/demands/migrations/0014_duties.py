"""The lines of the duty catalogue."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_wecom'),
        ('demands', '0013_callers'),
        ('register', '0005_zone_data_in_use'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=60, verbose_name='title awarded')),
                ('district', models.CharField(blank=True, max_length=60, verbose_name='street or town')),
                ('industry', models.CharField(blank=True, help_text='GB/T 4754-2017: a section, or the first two to four digits', max_length=4, verbose_name='industry')),
                ('size_class', models.CharField(blank=True, choices=[('large', 'Large'), ('medium', 'Medium'), ('small', 'Small'), ('micro', 'Micro')], max_length=8, verbose_name='size')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(help_text='this day included', null=True, verbose_name='valid to')),
                ('origin', models.CharField(choices=[('catalogue', 'Entered'), ('precedent', 'Precedent')], default='catalogue', max_length=10)),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_rules', to='demands.demandcategory')),
                ('chain', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.chain', verbose_name='industry chain')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demand', models.ForeignKey(help_text='where it was decided', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='demands.demand')),
                ('grid', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.grid', verbose_name='grid')),
                ('key_list', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.keylist', verbose_name='key-enterprise list')),
                ('park', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.park', verbose_name='park')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_rules', to='accounts.unit', verbose_name='lead unit')),
            ],
            options={
                'verbose_name': 'duty rule',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='duty_rule_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('origin', 'catalogue'), models.Q(('decided_by__isnull', False), ('demand__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='duty_precedent_names_its_demand')],
            },
        ),
    ]
