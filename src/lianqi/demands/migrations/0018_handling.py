"""The contact log, internal notes, questions to the enterprise, reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_operator'),
        ('demands', '0017_mails'),
        ('work', '0005_operator'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='demand',
            name='closure',
            field=models.CharField(blank=True, choices=[('confirmed', 'Confirmed as solved'), ('accepted', 'Answer accepted, not wholly solved'), ('silent', 'Answered, not confirmed'), ('at_once', 'Answered at once'), ('no_reply', 'The enterprise did not reply')], max_length=10),
        ),
        migrations.CreateModel(
            name='InternalNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='note')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='demands.demand')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'internal note',
            },
        ),
        migrations.CreateModel(
            name='ContactAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('telephone', 'Telephone'), ('visit', 'Visit'), ('wecom', 'WeCom'), ('mail', 'E-mail')], max_length=10, verbose_name='how')),
                ('outcome', models.CharField(choices=[('reached', 'Reached'), ('not_reached', 'Not reached'), ('wrong_number', 'The number is wrong')], max_length=12, verbose_name='result')),
                ('spoke_with', models.CharField(blank=True, max_length=50, verbose_name='spoken with')),
                ('note', models.TextField(blank=True, verbose_name='internal note')),
                ('made_at', models.DateTimeField(help_text='as the person says', verbose_name='when')),
                ('logged_at', models.DateTimeField()),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_attempts', to='demands.demand')),
                ('logged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'contact with the enterprise',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'reached'), _negated=True), models.Q(('spoke_with', ''), _negated=True), _connector='OR'), name='contact_reached_somebody'), models.CheckConstraint(condition=models.Q(('made_at__lte', models.F('logged_at'))), name='contact_logged_after_it_was_made')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='question')),
                ('reminded_at', models.DateTimeField(null=True)),
                ('reply', models.TextField(blank=True, max_length=5000, verbose_name='reply')),
                ('replied_at', models.DateTimeField(null=True)),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='demands.demand')),
                ('pause', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='question', to='work.pause')),
                ('replied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'question to the enterprise',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True), ('reply', '')), models.Q(('replied_at__isnull', False), ('replied_by__isnull', False), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='question_replied_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('interim', 'Interim answer'), ('progress', 'Progress')], max_length=10, verbose_name='kind')),
                ('text', models.TextField(max_length=5000, verbose_name='text')),
                ('is_shared', models.BooleanField(default=True, verbose_name='the enterprise reads it')),
                ('written_at', models.DateTimeField(verbose_name='written')),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='demands.demand')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'report on a demand',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'interim'), _negated=True), ('is_shared', True), _connector='OR'), name='report_interim_is_shared')],
            },
        ),
    ]
