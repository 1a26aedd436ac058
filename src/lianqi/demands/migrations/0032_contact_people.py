"""Contact persons of a demand, several of them, in a table of their own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("demands", "0031_merging")]

    operations = [
        migrations.CreateModel(
            name="ContactPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=50, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("role", models.CharField(blank=True, max_length=50, verbose_name="position")),
                ("reach", models.CharField(blank=True, max_length=100, verbose_name="how and when to reach")),
                ("told_by", models.CharField(blank=True, choices=[("mail", "By e-mail"), ("sms", "By text message")], max_length=4, verbose_name="is written to")),
                ("is_preferred", models.BooleanField(default=False, verbose_name="call first")),
                ("demand", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="contact_people", to="demands.demand")),
            ],
            options={
                "verbose_name": "contact person",
                "indexes": [
                    models.Index(
                        models.F("phone"),
                        models.F("demand").desc(),
                        name="contact_person_by_phone",
                        condition=~Q(phone=""),
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["demand"], name="contact_person_first", condition=Q(is_preferred=True)
                    ),
                    models.CheckConstraint(
                        name="contact_person_is_somebody",
                        condition=~Q(name="") | ~Q(phone="") | ~Q(email=""),
                    ),
                    models.CheckConstraint(
                        name="contact_person_can_be_told",
                        condition=Q(told_by="")
                        | (Q(told_by="mail") & ~Q(email=""))
                        | (Q(told_by="sms") & ~Q(phone="")),
                    ),
                ],
            },
        ),
    ]
