"""What a policy came to (成效), as its issuer or a partner of the zone told it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.policies.flow import MADE_KNOWN
from lianqi.policies.models.articles import PolicyMeasure
from lianqi.policies.models.documents import PolicyDocument
from lianqi.register.enums import Qualifier


class PolicyOutcomeQuerySet(models.QuerySet["PolicyOutcome"]):
    def visible_to(self, user: User) -> Self:
        """Outcomes of the documents that the person may see."""
        return self if user.is_zone_staff else self.filter(document__status__in=MADE_KNOWN)

    def standing(self) -> Self:
        """What was told and nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("measure", "told_by", "document").order_by("-pk")


class PolicyOutcome(models.Model):
    """What a policy or one of its measures came to in a time: money given, whom it reached.

    A figure that was not told is empty; 0 is a figure. Beside each stands how exact it was told,
    as reports say 近300亿元. Averages and shares are never kept: `queries.outcomes` computes them.
    A correction is a new row; the one that was wrong is withdrawn and stays.
    """

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="outcomes")
    measure = models.ForeignKey(
        PolicyMeasure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        verbose_name=_("policy measure"),
    )
    since = models.DateField(_("first day"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    time_said = models.CharField(
        _("time, as the source says"),
        max_length=60,
        blank=True,
        help_text=_("where it names no days, as 近3年"),
    )
    amount = models.DecimalField(
        _("money given"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    amount_is = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    applied = models.PositiveIntegerField(_("applied"), null=True, blank=True)
    applied_is = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    reached = models.PositiveIntegerField(_("reached"), null=True, blank=True)
    reached_is = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    draws_on_limit = models.BooleanField(
        _("drawn on the limit of the measure"),
        default=False,
        help_text=_("not so where it was given before the limit was agreed"),
    )
    source = models.CharField(_("source"), max_length=200)
    told_at = models.DateTimeField(_("entered"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = PolicyOutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome of a policy")
        constraints = [
            models.CheckConstraint(
                name="policy_outcome_tells_something",
                condition=Q(amount__isnull=False)
                | Q(applied__isnull=False)
                | Q(reached__isnull=False),
            ),
            models.CheckConstraint(
                name="policy_outcome_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
            ),
            models.CheckConstraint(
                name="policy_outcome_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
            ),
            models.CheckConstraint(
                name="policy_outcome_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["document", "-id"], name="policy_outcome_newest")]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/policies/{self.document_id}/#outcome-{self.pk}"
