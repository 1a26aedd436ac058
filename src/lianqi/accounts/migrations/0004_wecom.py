from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wecom_id',
            field=models.CharField(blank=True, max_length=64, verbose_name='WeCom account'),
        ),
    ]
