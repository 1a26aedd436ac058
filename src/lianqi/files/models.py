"""Stored files: what lies where, who brought it, what the scanner said."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.files.enums import ScanState


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def of(self, subject: models.Model) -> "StoredFileQuerySet":
        """The files attached to one record, oldest first."""
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "pk"
        )


class StoredFile(models.Model):
    """A file that passed every check, kept under a name of our own; `name` is what people see."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, help_text=_("below the files folder"))
    scan_state = models.CharField(max_length=10, choices=ScanState)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("empty for what came by mail"),
    )
    uploaded_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="file_by_subject")]

    def __str__(self) -> str:
        return self.name
