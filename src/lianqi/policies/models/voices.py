"""What is said about a document: interpretations of the zone, questions and their answers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import Unit, User
from lianqi.policies.models.articles import PolicyArticle
from lianqi.policies.models.documents import PolicyDocument
from lianqi.register.models import Enterprise


class PolicyNoteQuerySet(models.QuerySet["PolicyNote"]):
    def made_known(self) -> Self:
        return self.filter(published_at__isnull=False)


class PolicyNote(models.Model):
    """An interpretation (政策解读) in words that an enterprise understands."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="notes")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=10_000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = PolicyNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("interpretation of a policy")
        constraints = [
            models.CheckConstraint(
                name="policy_note_published_by_somebody",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PolicyQuestionQuerySet(models.QuerySet["PolicyQuestion"]):
    def made_known(self) -> Self:
        """Those whose answer everybody may read; nobody is told whose question it was."""
        return self.filter(is_published=True)

    def visible_to(self, user: User) -> Self:
        """The list form of `policies.view_question`."""
        if user.is_zone_staff:
            return self
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        return self.filter(Q(is_published=True) | Q(enterprise_id__in=own))

    def of_own(self, user: User) -> Self:
        """The questions of the person's own enterprises."""
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        return self.filter(enterprise_id__in=own)

    def waiting(self) -> Self:
        return self.filter(answered_at__isnull=True)

    def for_list(self) -> Self:
        return self.select_related(
            "document", "article", "unit", "enterprise", "answered_by"
        ).order_by("-pk")


class PolicyQuestion(models.Model):
    """An enterprise asks about a document; the department that leads answers."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="questions")
    article = models.ForeignKey(
        PolicyArticle, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    text = models.TextField(_("question"), max_length=1000)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("department that answers")
    )
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_published = models.BooleanField(_("everybody may read it"), default=False)

    objects = PolicyQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a policy")
        constraints = [
            models.CheckConstraint(
                name="policy_question_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="policy_question_published_with_answer",
                condition=Q(is_published=False) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["document", "-id"], name="policy_question_by_policy"),
            models.Index(fields=["enterprise", "-id"], name="policy_question_by_firm"),
            models.Index(
                fields=["unit", "-id"],
                name="policy_question_waiting",
                condition=Q(answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"/policies/questions/{self.pk}/"
