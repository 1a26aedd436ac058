import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

PERSON_OF_NOTICE = """
UPDATE notices_delivery SET person_id = notices_notice.person_id
FROM notices_notice WHERE notices_notice.id = notices_delivery.notice_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_letters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='mail', name='mail_is_a_notice_or_a_letter'),
        migrations.RemoveIndex(model_name='mail', name='mail_waiting'),
        migrations.RenameModel(old_name='Mail', new_name='Delivery'),
        migrations.AddField(
            model_name='delivery',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(PERSON_OF_NOTICE, migrations.RunSQL.noop),
        # PostgreSQL will not change the table while the update has checks of its keys before it.
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(
                condition=Q(('letter_key', ''), ('notice__isnull', False), ('written_at__isnull', True))
                | Q(('notice__isnull', True), ('written_at__isnull', False), ~Q(('letter_key', ''))),
                name='delivery_is_a_notice_or_a_letter',
            ),
        ),
    ]
