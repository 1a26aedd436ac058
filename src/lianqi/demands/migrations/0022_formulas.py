"""Formulas of scores, each version with the day from which it holds."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("demands", "0021_statistics"),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoreFormula',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('three_rates', 'Three-rate score')], max_length=20)),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('terms', models.JSONField()),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'formula of a score',
                'constraints': [models.UniqueConstraint(fields=('name', 'valid_from'), name='score_formula_once_a_day')],
            },
        ),
    ]
