"""Demands (诉求): what an enterprise asks, who has it, how it ended; who may see and find it."""

import datetime as dt
from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import (
    FILED_BY_NOBODY,
    SATISFIED,
    Channel,
    Closure,
    Covers,
    DemandStatus,
    Rating,
    Solved,
    UnsolvableState,
)
from lianqi.demands.flow import DEMAND_FLOW, OPEN
from lianqi.demands.models.categories import CategoryVersion, DemandCategory
from lianqi.engines.text import (
    compact,
    initials,
    phone_digits,
    query_tokens,
    search_tokens,
    tidy,
)
from lianqi.register.models import Chain, Enterprise, ServicePoint
from lianqi.shared.searching import found_by
from lianqi.work.enums import Urgency

FEWEST_SIGNS = 2  # as the register searches
PHONE_DIGITS = 7  # fewer are no telephone number
MOST_CALLERS = 200
MOST_FOLLOWED = 2000  # demands filed for others
UNCOUNTED = (DemandStatus.WITHDRAWN, DemandStatus.MERGED)
EVERYTHING_READERS = (Role.OPERATOR, Role.DISPATCHER, Role.LEADER, Role.AUDITOR)

# The highest id of the days of a period: one step into `demand_by_day` per day, however many
# demands. A day is written as a range, as an equality would let the planner walk the primary key.
_NEWEST_WITHIN = """
    SELECT max(newest.id)
    FROM (SELECT min(filed_on) AS first, max(filed_on) AS last FROM demands_demand) AS known,
         generate_series(
             greatest(%s::date, known.first)::timestamp, least(%s::date, known.last), '1 day'
         ) AS day,
         LATERAL (
             SELECT id FROM demands_demand
             WHERE filed_on >= day::date AND filed_on < day::date + 1
             ORDER BY filed_on, id DESC LIMIT 1
         ) AS newest
"""


class DemandQuerySet(models.QuerySet["Demand"]):
    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def counted(self) -> Self:
        """The denominator of K01: every demand but those withdrawn or merged.

        One that rides with another counts again as soon as the answer has reached its enterprise,
        which judges it for itself; until then the matter counts once, with the survivor.
        """
        return self.exclude(status__in=UNCOUNTED)

    def riding_with(self, survivor: "Demand") -> Self:
        """Merged into that demand and still without an answer."""
        return self.filter(merged_into=survivor, status=DemandStatus.MERGED)

    def rated(self) -> Self:
        """The denominator of K02."""
        return self.exclude(rating="")

    def repeats(self) -> Self:
        """Demands that ask again what their enterprise asked within the 30 days before."""
        return self.filter(repeat__isnull=False)

    def satisfied(self) -> Self:
        """The numerator of K02."""
        return self.filter(rating__in=SATISFIED)

    def bounced(self) -> Self:
        """Objected to by a unit, at least once."""
        return self.filter(bounces__gte=1)

    def routed(self) -> Self:
        """Those that went to a task force by themselves."""
        return self.filter(is_routed=True)

    def filed_within(self, first: dt.date | None, last: dt.date | None) -> Self:
        """Filed from the first to the last day, both included; None leaves that side open."""
        rows = self.filter(filed_on__gte=first) if first else self
        if last is None:
            return rows
        # Newest first, a list of a past period begins where the period ends, not at today.
        newest = RawSQL(_NEWEST_WITHIN, [first, last])  # noqa: S611  # constant text, bound values
        return rows.filter(filed_on__lte=last, pk__lte=newest)

    def from_street(self, name: str) -> Self:
        """Of enterprises in a street or town; an empty name means that none is known."""
        if name:
            return self.filter(enterprise__district=name)
        return self.filter(Q(enterprise__isnull=True) | Q(enterprise__district=""))

    def of_chain(self, chain: Chain) -> Self:
        return self.filter(enterprise_id__in=Enterprise.objects.in_chain(chain).values("pk"))

    def of_firms_like(self, query: str) -> Self:
        """Demands of the enterprises that the register finds for `query`, or of such a caller.

        A telephone number finds whoever called from it. Callers whose enterprise is not in the
        register are found by the name or the code they told, or by the beginning of their own
        name; of those the newest are enough.
        """
        said, digits = tidy(query), phone_digits(query)
        if len(compact(query)) < FEWEST_SIGNS:
            return self.none()
        unknown = Demand.objects.filter(enterprise__isnull=True)
        told = unknown.filter(
            Q(firm_name__contains=said) | Q(firm_code__startswith=compact(query).upper())
        )
        # Asked apart: an alternative over two tables could use the index of neither.
        named = unknown.filter(contact_people__name__startswith=said)
        ids = [
            *told.order_by("-pk").values_list("pk", flat=True)[:MOST_CALLERS],
            *named.order_by("-pk").values_list("pk", flat=True)[:MOST_CALLERS],
        ]
        if len(digits) >= PHONE_DIGITS:
            ids += Demand.objects.called_from(digits).values_list("pk", flat=True)
        found = Q(enterprise_id__in=Enterprise.objects.search(query).values("pk"))
        # The second half costs the index of the first: it is asked only where it finds something.
        return self.filter(found | Q(pk__in=ids)) if ids else self.filter(found)

    def called_from(self, digits: str) -> Self:
        """The newest demands about which somebody with this number is to be reached."""
        called = Demand.objects.filter(contact_people__phone=digits).order_by("-pk")
        return self.filter(pk__in=list(called.values_list("pk", flat=True)[:MOST_CALLERS]))

    def visible_to(self, user: User) -> Self:
        """The list form of `demands.view`."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(pk__in=())
        if units := user.scope_ids(Scope.UNIT, Role.HANDLER):
            reach |= Q(unit_id__in=units) | Q(assisting__overlap=list(units))
        for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
            below = Unit.objects.within(unit.path)
            reach |= Q(unit_id__in=below.values("pk"))
            reach |= Q(assisting__overlap=list(below.values_list("pk", flat=True)))
        if user.holds(*ENTERPRISE_ROLES, Role.LIAISON_OFFICER):
            firms = Enterprise.objects.of_own_circle(user)
            reach |= Q(enterprise_id__in=firms.values("pk"))
        if user.holds(Role.LIAISON_OFFICER):
            reach |= Q(enterprise__isnull=True, filed_by=user)
        if followed := self._followed_by(user):
            reach |= Q(pk__in=followed)
        return self.filter(reach)

    def _followed_by(self, user: User) -> list[int]:
        """What was filed for others with consent to follow it.

        Few, so they are named one by one: an alternative over another table would cost the
        enterprise the index of its own demands.
        """
        if not user.holds(*ENTERPRISE_ROLES, Role.LIAISON_OFFICER):
            return []
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        acting = Q(representation__agent_id__in=own)
        if user.holds(Role.LIAISON_OFFICER):
            acting |= Q(representation__agent__isnull=True, representation__filed_by=user)
        held = Demand.objects.filter(
            acting, representation__covers=Covers.FOLLOW, representation__ended_at__isnull=True
        )
        return list(held.order_by("-pk").values_list("pk", flat=True)[:MOST_FOLLOWED])

    def search(self, query: str, *, by_index: bool = True) -> Self:
        """Demands whose number begins with `query`, or whose title contains its words or initials.

        Two characters or more; a shorter query finds nothing rather than everything.

        Args:
            query: What somebody typed.
            by_index: As `found_by` takes it.
        """
        tokens = query_tokens(query)
        if tokens.is_too_short:
            return self.none()
        named = found_by(tokens, by_index=by_index)
        if tokens.words[0].startswith("sq"):
            named |= Q(number__startswith=tokens.words[0].upper())
        return self.filter(named)

    def silent_since(
        self, moment: dt.datetime, own: Mapping[int, dt.datetime] | None = None
    ) -> Self:
        """Answered before `moment` and neither confirmed nor disputed.

        Args:
            moment: What holds for most categories.
            own: The moments of the categories with a rule of their own.
        """
        waited = Q(answered_at__lt=moment) & ~Q(category_id__in=own or ())
        for category, its_moment in (own or {}).items():
            waited |= Q(category_id=category, answered_at__lt=its_moment)
        return self.filter(waited, status=DemandStatus.ANSWERED)

    def past_appeal(self, *, on: dt.date) -> Self:
        """Without those whose enterprise may still appeal that day."""
        standing = Demand.objects.filter(
            unsolvables__state=UnsolvableState.IN_FORCE, unsolvables__appeal_until__gte=on
        )
        return self.exclude(pk__in=standing.values("pk"))

    def for_list(self) -> Self:
        """Everything a table row shows, newest first, in a constant number of queries."""
        return self.select_related("enterprise", "category", "unit").order_by("-pk")


def search_columns(title: str, firm_name: str = "") -> tuple[str, list[str]]:
    """What `search_text` and `search_tokens` of a demand hold.

    `firm_name`: as told by a caller whose enterprise is not in the register; the register finds
    all the others.
    """
    words = [each for each in (title, firm_name) if each]
    text = [*(compact(each) for each in words), *(initials(each) for each in words)]
    tokens = dict.fromkeys(token for each in words for token in search_tokens(each))
    return "\n".join(text), list(tokens)


class Demand(models.Model):
    """Something an enterprise asks of the zone.

    `enterprise` is empty for an anonymous tip, and for a caller whose enterprise is not in the
    register: `firm_name` and `firm_code` then hold what the caller said, until somebody finds it.
    `filed_by` is empty where nobody was signed in.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        related_name="demands",
        verbose_name=_("enterprise"),
    )
    firm_name = models.CharField(
        _("name as told"), max_length=120, blank=True, default="", db_default=""
    )
    firm_code = models.CharField(
        _("code as told"), max_length=18, blank=True, default="", db_default=""
    )
    category = models.ForeignKey(
        DemandCategory, models.PROTECT, related_name="demands", verbose_name=_("category")
    )
    category_version = models.ForeignKey(
        CategoryVersion,
        models.PROTECT,
        null=True,
        related_name="demands",
        help_text=_("what held for the category when it was filed"),
    )
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("what it is about"), max_length=5000)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, null=True, related_name="+", verbose_name=_("service point")
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed"))
    filed_on = models.DateField(help_text=_("the zone's own date of filing"))
    idempotency_key = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=12, choices=DemandStatus, default=DemandStatus.SUBMITTED
    )
    urgency = models.CharField(
        _("urgency"),
        max_length=8,
        choices=Urgency,
        default=Urgency.NORMAL,
        db_default=Urgency.NORMAL,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="demands", verbose_name=_("responsible unit")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handler"),
    )
    # Ids of the units that assist. Here, not only beside it, since lists are found by it and the
    # database keeps the lead apart from them.
    assisting = ArrayField(models.BigIntegerField(), default=list, db_default=Value("{}"))
    # The demand whose answer is the answer to this one; it stays after the answer, for the trail.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )
    dispatched_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    dispatches = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("how often it was sent to a unit")
    )
    is_routed = models.BooleanField(
        default=False, db_default=False, help_text=_("went to a task force by itself")
    )
    bounces = models.PositiveSmallIntegerField(_("bounces"), default=0)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closure = models.CharField(max_length=10, choices=Closure, blank=True)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating, blank=True)
    rating_note = models.TextField(_("comment"), blank=True)
    solved = models.CharField(
        max_length=6, choices=Solved, blank=True, help_text=_("what the enterprise says of it")
    )
    reopenings = models.PositiveSmallIntegerField(_("reopened"), default=0)
    search_text = models.TextField()
    search_tokens = ArrayField(models.CharField(max_length=40), default=list)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand")
        constraints = [
            models.UniqueConstraint(
                fields=["filed_by", "idempotency_key"], name="demand_filed_once"
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=Q(filed_by__isnull=True),
                name="demand_filed_once_by_nobody",
            ),
            models.CheckConstraint(
                name="demand_filed_by_somebody",
                condition=Q(filed_by__isnull=False) | Q(channel__in=sorted(FILED_BY_NOBODY)),
            ),
            models.CheckConstraint(
                name="demand_of_somebody",
                condition=Q(enterprise__isnull=False)
                | ~Q(firm_name="")
                | Q(channel__in=sorted(FILED_BY_NOBODY)),
            ),
            models.CheckConstraint(
                name="demand_tip_names_nobody",
                condition=~Q(channel=Channel.TIP)
                | Q(
                    enterprise__isnull=True,
                    filed_by__isnull=True,
                    firm_name="",
                    firm_code="",
                ),
            ),
            models.CheckConstraint(
                name="demand_closed_at_a_time",
                condition=Q(status=DemandStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=DemandStatus.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="demand_handled_has_a_unit",
                condition=~Q(
                    status__in=[
                        "dispatched",
                        "objected",
                        "arbitration",
                        "in_progress",
                        "answered",
                        "appealed",
                        "closed",
                    ]
                )
                | Q(unit__isnull=False),
            ),
            models.CheckConstraint(
                name="demand_lead_does_not_assist",
                condition=Q(unit__isnull=True) | ~Q(assisting__contains=[F("unit_id")]),
            ),
            models.CheckConstraint(
                name="demand_merged_into_another",
                condition=(~Q(status="merged") | Q(merged_into__isnull=False))
                & (Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))),
            ),
            models.CheckConstraint(
                name="demand_answered_has_an_answer",
                condition=~Q(status__in=["answered", "appealed", "closed"])
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="demand_rated_when_closed", condition=Q(rating="") | Q(status="closed")
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="demand_by_status"),
            models.Index(fields=["unit", "status", "-id"], name="demand_by_unit"),
            models.Index(fields=["category", "status", "-id"], name="demand_by_category"),
            models.Index(fields=["channel", "status", "-id"], name="demand_by_channel"),
            models.Index(fields=["enterprise", "-id"], name="demand_by_enterprise"),
            models.Index(fields=["filed_on", "-id"], name="demand_by_day"),
            models.Index(
                fields=["urgency", "-id"],
                name="demand_by_urgency",
                condition=~Q(urgency="normal"),  # most are: those are found without
            ),
            models.Index(
                fields=["-id"],
                name="demand_of_callers",
                condition=Q(enterprise__isnull=True),
            ),
            models.Index(
                fields=["closed_at"],
                name="demand_by_close",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["answered_at"],
                name="demand_waiting_for_answer",
                condition=Q(status="answered"),
            ),
            models.Index(
                fields=["closed_at"], name="demand_by_closing", condition=Q(status="closed")
            ),
            models.Index(
                fields=["status", "-id"], name="demand_routed", condition=Q(is_routed=True)
            ),
            models.Index(
                fields=["merged_into"],
                name="demand_by_survivor",
                condition=Q(merged_into__isnull=False),
            ),
            GinIndex(fields=["search_tokens"], name="demand_search"),
            GinIndex(fields=["assisting"], name="demand_by_assisting_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/demands/{self.pk}/"

    @property
    def is_tip(self) -> bool:
        return self.channel == Channel.TIP

    @property
    def from_whom(self) -> str:
        """The enterprise, or what is known in its place, in the reader's language."""
        if self.enterprise is not None:
            return self.enterprise.name
        if self.is_tip:
            return gettext("Anonymous")
        return self.firm_name or gettext("Not known yet")

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return DEMAND_FLOW.allowed(DemandStatus(self.status))
