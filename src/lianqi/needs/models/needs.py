"""Policy needs (政策需求): what is needed, what triage said, who solves it, who sees it."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.engines.text import compact, initials, query_tokens, search_tokens
from lianqi.needs.enums import NeedStatus, TriageReason, Verdict
from lianqi.needs.flow import DISMISSED, NEED_FLOW, SOLVED, VALID
from lianqi.needs.models.batches import EVERYTHING_READERS, NeedBatch
from lianqi.needs.models.programmes import Programme, collecting_units, units_below
from lianqi.register.models import Enterprise
from lianqi.shared.searching import found_by

SEARCHED = 200  # how much of a need's text is found by words


class NeedQuerySet(models.QuerySet["Need"]):
    def waiting_for_triage(self) -> Self:
        return self.filter(status=NeedStatus.REPORTED)

    def valid(self) -> Self:
        """The first denominator of the solving rate (K10)."""
        return self.filter(status__in=VALID)

    def solved(self) -> Self:
        """The numerator of the solving rate: solved, whether or not money was paid yet."""
        return self.filter(status__in=SOLVED)

    def remaining(self) -> Self:
        """Valid and not solved."""
        return self.filter(status__in=VALID - SOLVED)

    def standing(self) -> Self:
        """Needs into which another one can be merged."""
        return self.exclude(status__in=DISMISSED)

    def collected_within(self, first: dt.date | None, last: dt.date | None) -> Self:
        """Collected from the first to the last day, both included; None leaves that side open."""
        rows = self.filter(collected_on__gte=first) if first else self
        return rows.filter(collected_on__lte=last) if last else rows

    def of_firms_like(self, query: str) -> Self:
        """Needs of the enterprises that the register finds for `query`."""
        return self.filter(enterprise_id__in=Enterprise.objects.search(query).values("pk"))

    def sorted_by(self, user: User) -> Self:
        """Needs of the programmes whose triage this person does."""
        return self.filter(programme__in=list(Programme.objects.sorted_by(user)))

    def visible_to(self, user: User) -> Self:
        """The list form of `needs.view`."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(pk__in=())
        if units := {*collecting_units(user), *units_below(user)}:
            shared = NeedShare.objects.filter(unit_id__in=units).values("need_id")
            reach |= Q(unit_id__in=units) | Q(lead_id__in=units) | Q(pk__in=shared)
        if programmes := list(Programme.objects.sorted_by(user)):
            reach |= Q(programme__in=programmes)
        if user.holds(Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF, Role.LIAISON_OFFICER):
            firms = Enterprise.objects.of_own_circle(user)
            reach |= Q(enterprise_id__in=firms.values("pk"))
        return self.filter(reach)

    def search(self, query: str, *, by_index: bool = True) -> Self:
        """Needs whose number begins with `query`, or whose text contains its words or initials.

        Two characters or more; a shorter query finds nothing rather than everything. Words are
        looked for in the beginning of the text.

        Args:
            query: What somebody typed.
            by_index: As `found_by` takes it.
        """
        tokens = query_tokens(query)
        if tokens.is_too_short:
            return self.none()
        named = found_by(tokens, by_index=by_index)
        if tokens.words[0].startswith("xq"):
            named |= Q(number__startswith=tokens.words[0].upper())
        return self.filter(named)

    def for_list(self) -> Self:
        """Everything a table row shows, newest first, in a constant number of queries."""
        return self.select_related("enterprise", "unit", "lead").order_by("-pk")


def search_columns(text: str) -> tuple[str, list[str]]:
    """What `search_text` and `search_tokens` of a need hold."""
    beginning = text[:SEARCHED]
    return f"{compact(beginning)}\n{initials(beginning)}", list(search_tokens(beginning))


class Need(models.Model):
    """Something an enterprise needs from policy, collected by the unit that guards its grid."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="needs")
    batch = models.ForeignKey(
        NeedBatch, models.PROTECT, related_name="needs", verbose_name=_("report")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="policy_needs", verbose_name=_("enterprise")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="collected_needs", verbose_name=_("guarding unit")
    )
    text = models.TextField(_("what is needed"), max_length=2000)
    policy = models.CharField(_("policy"), max_length=200, blank=True)
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    collected_at = models.DateTimeField(_("collected"))
    collected_on = models.DateField(help_text=_("the zone's own date of collecting"))
    idempotency_key = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=12, choices=NeedStatus, default=NeedStatus.COLLECTED
    )
    verdict = models.CharField(_("triage"), max_length=12, choices=Verdict, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=TriageReason, blank=True)
    note = models.TextField(_("note of the triage"), blank=True)
    triaged_at = models.DateTimeField(_("sorted"), null=True)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    triaged_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_needs")
    lead = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        related_name="assigned_needs",
        verbose_name=_("responsible unit"),
    )
    others = models.ManyToManyField(
        Unit, through="NeedShare", related_name="+", verbose_name=_("other units")
    )
    contacted_on = models.DateField(_("first contact"), null=True)
    progress = models.TextField(_("latest progress"), blank=True)
    progress_on = models.DateField(_("progress of"), null=True)
    solution = models.TextField(_("how it was solved"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    solved_on = models.DateField(_("solved on"), null=True)
    confirmed_on = models.DateField(_("confirmed by the enterprise on"), null=True)
    grounds = models.TextField(_("why it cannot be solved"), blank=True)
    claimed_on = models.DateField(_("claimed on"), null=True)
    paid_on = models.DateField(_("paid on"), null=True)
    search_text = models.TextField()
    search_tokens = ArrayField(models.CharField(max_length=40), default=list)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy need")
        constraints = [
            models.UniqueConstraint(
                fields=["collected_by", "idempotency_key"], name="need_collected_once"
            ),
            models.CheckConstraint(
                name="need_valid_has_one_lead",
                condition=Q(status__in=VALID, lead__isnull=False)
                | (~Q(status__in=VALID) & Q(lead__isnull=True)),
            ),
            models.CheckConstraint(
                name="need_merged_into_another",
                condition=(
                    Q(status="merged", merged_into__isnull=False) & ~Q(merged_into=models.F("id"))
                )
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="need_sorted_by_somebody",
                condition=Q(
                    status__in=["collected", "reported"],
                    verdict="",
                    reason="",
                    triaged_at__isnull=True,
                    triaged_by__isnull=True,
                    triaged_on__isnull=True,
                )
                | (
                    ~Q(status__in=["collected", "reported"])
                    & ~Q(verdict="")
                    & ~Q(reason="")
                    & Q(
                        triaged_at__isnull=False,
                        triaged_by__isnull=False,
                        triaged_on__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="need_solved_on_a_day",
                condition=Q(status__in=SOLVED, solved_on__isnull=False) & ~Q(solution="")
                | (~Q(status__in=SOLVED) & Q(solved_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="need_confirmed_on_a_day",
                condition=~Q(status="confirmed") | Q(confirmed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="need_unsolved_for_grounds",
                condition=~Q(status="unsolved") | ~Q(grounds=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="need_by_status"),
            models.Index(fields=["unit", "status", "-id"], name="need_by_unit"),
            models.Index(fields=["lead", "status", "-id"], name="need_by_lead"),
            models.Index(fields=["batch", "-id"], name="need_by_batch"),
            models.Index(fields=["enterprise", "-id"], name="need_by_enterprise"),
            models.Index(
                fields=["programme", "unit", "enterprise"],
                include=["status", "collected_on", "triaged_on", "solved_on"],
                name="need_firms",
            ),
            models.Index(fields=["collected_on", "-id"], name="need_by_day"),
            GinIndex(fields=["search_tokens"], name="need_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}"

    def get_absolute_url(self) -> str:
        return f"/needs/{self.pk}/"

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return NEED_FLOW.allowed(NeedStatus(self.status))


class NeedShare(models.Model):
    """Another unit that has a part in a need to be coordinated; the responsible one stays one."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("part in a need")
        constraints = [models.UniqueConstraint(name="need_share_once", fields=["need", "unit"])]
        indexes = [models.Index(fields=["unit", "need"], name="need_share_by_unit")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.unit_id}"
