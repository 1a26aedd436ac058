"""Rule packs: one row is one revision of one version of a legal document as rules."""

import datetime as dt
import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.matching.enums import PackStatus
from lianqi.matching.flow import PACK_FLOW
from lianqi.policies.models import PolicyDocument

MOST_TEXT = 200_000


def digest_of(text: str) -> str:
    """By which equal texts of a pack are known: SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


class RulePackQuerySet(models.QuerySet["RulePack"]):
    def published(self) -> Self:
        return self.filter(status=PackStatus.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(status=PackStatus.DRAFT)

    def visible_to(self, user: User) -> Self:
        """The list form of `matching.view_pack`."""
        return self if user.is_zone_staff else self.published()

    def in_force(self, on: dt.date) -> Self:
        """Published packs whose document holds on that day, first and last day included."""
        return (
            self.published()
            .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        )

    def named(self, words: str) -> Self:
        """Packs that hold these words in title, number, issuer or key."""
        reach = Q()
        for name in ("title", "number", "issuer", "key"):
            reach |= Q(**{f"{name}__icontains": words})
        return self.filter(reach)

    def withdrawn_before(self, moment: dt.datetime) -> Self:
        return self.filter(withdrawn_at__lt=moment)

    def of_version(self, key: str, version: str) -> Self:
        return self.filter(key=key, version=version)

    def for_list(self) -> Self:
        return self.defer("text", "cases_text").order_by("-pk")


class RulePack(models.Model):
    """A pack exactly as its file would be, with its cases.

    A published pack is never changed: a new revision takes its place, so that every verdict can be
    traced to the text it came from.
    """

    key = models.CharField(_("key"), max_length=60)
    version = models.CharField(_("version"), max_length=40)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    title = models.CharField(_("title"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    number = models.CharField(_("document number"), max_length=120, blank=True)
    text = models.TextField(_("rules"), max_length=MOST_TEXT)
    cases_text = models.TextField(_("cases"), max_length=MOST_TEXT, blank=True)
    digest = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=10, choices=PackStatus, default=PackStatus.DRAFT
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    document = models.ForeignKey(
        PolicyDocument,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rule_packs",
        verbose_name=_("policy of the library"),
    )
    tells_newly = models.BooleanField(
        _("tell enterprises that newly meet a measure"), default=False, db_default=False
    )
    entered_at = models.DateTimeField(_("entered"))
    # Nobody: it came with the program.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawal_reason = models.TextField(_("reason"), max_length=500, blank=True)

    objects = RulePackQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule pack")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version", "revision"], name="rule_pack_revision_once"
            ),
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(status="published"),
                name="rule_pack_one_published",
            ),
            models.UniqueConstraint(
                fields=["key", "version"], condition=Q(status="draft"), name="rule_pack_one_draft"
            ),
            models.CheckConstraint(
                name="rule_pack_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
            ),
            models.CheckConstraint(
                name="rule_pack_published_since_a_moment",
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status__in=["published", "withdrawn"], published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rule_pack_withdrawn_at_a_moment",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="rule_pack_by_status"),
            models.Index(fields=["digest"], name="rule_pack_by_digest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/matching/packs/{self.pk}/"

    @property
    def is_published(self) -> bool:
        return self.status == PackStatus.PUBLISHED

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return PACK_FLOW.allowed(PackStatus(self.status))
