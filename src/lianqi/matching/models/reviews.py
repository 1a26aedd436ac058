"""What reviewers answered to the questions that rules put to a person."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.engines.packs.pack import pack_name
from lianqi.engines.rules.nodes import answer_slot
from lianqi.register.models import Enterprise


class ReviewAnswerQuerySet(models.QuerySet["ReviewAnswer"]):
    def standing(self) -> Self:
        """Answers that were neither taken back nor replaced by a later one."""
        return self.filter(withdrawn_at__isnull=True)

    def about(self, enterprises: Iterable[int]) -> Self:
        return self.filter(enterprise__in=enterprises)


class ReviewAnswer(models.Model):
    """One reviewer's yes or no to a question of a pack about an enterprise, with the reason.

    An answer belongs to one document in one version: the same key elsewhere is another question.
    Of each question one answer stands; a later answer takes the place of the earlier.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="review_answers")
    pack_key = models.CharField(_("key"), max_length=60)
    pack_version = models.CharField(_("version"), max_length=40)
    question_key = models.CharField(max_length=80)
    question = models.TextField(_("question"), max_length=1000)
    answer = models.BooleanField(_("answer"))
    reason = models.TextField(_("reason"), max_length=1000)
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ReviewAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewer's answer")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "pack_key", "pack_version", "question_key"],
                condition=Q(withdrawn_at__isnull=True),
                name="review_answer_one_stands",
            ),
            models.CheckConstraint(
                name="review_answer_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def slot(self) -> str:
        """As the rules of its pack ask for it."""
        return answer_slot(self.question_key, pack_name(self.pack_key, self.pack_version))
