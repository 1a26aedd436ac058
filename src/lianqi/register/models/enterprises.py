"""The enterprise itself, who may see it and by what it is found."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.engines.text import (
    bigrams,
    compact,
    initials,
    name_core,
    query_tokens,
)
from lianqi.engines.text.search import INITIALS_MARK
from lianqi.register.enums import EnterpriseStatus, EnterpriseType, SizeClass
from lianqi.register.models.reference import Chain, Grid, Industry, Park
from lianqi.shared.searching import found_by, marked

REGISTER_READERS = (
    Role.OPERATOR,
    Role.DISPATCHER,
    Role.HANDLER,
    Role.DEPARTMENT_HEAD,
    Role.LEADER,
    Role.AUDITOR,
    Role.PLATFORM_ADMIN,
)
CODE_LENGTH = 18
CODE_MARK = "#"  # keeps pairs of a code apart from pairs of a name in the index


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def living(self) -> Self:
        """Entries that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def in_the_zone(self) -> Self:
        """Living entries of enterprises that are there: at work, or pausing."""
        return self.living().filter(
            status__in=(EnterpriseStatus.OPERATING, EnterpriseStatus.SUSPENDED)
        )

    def visible_to(self, user: User) -> Self:
        """The list form of `register.view`."""
        return self if user.holds(*REGISTER_READERS) else self.of_own_circle(user)

    def of_own_circle(self, user: User) -> Self:
        """The firms a person belongs to or is the liaison officer of: by name, grid or chain."""
        own = user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF)
        return self.filter(Q(pk__in=own) | _looked_after_by(user))

    def looked_after_by(self, user: User) -> Self:
        """The firms a person is the liaison officer of: by name, grid or chain."""
        return self.filter(_looked_after_by(user))

    def search(self, query: str, *, by_index: bool = True) -> Self:
        """Entries whose name, former name, pinyin initials or code contains `query`.

        Two characters or more; a shorter query finds nothing rather than everything.

        Args:
            query: What somebody typed.
            by_index: As `found_by` takes it.
        """
        wanted = query_tokens(query)
        if wanted.is_too_short:
            return self.none()
        if len(code := compact(query).upper()) == CODE_LENGTH and code.isascii():
            return self.filter(code=code)
        reach = found_by(wanted, by_index=by_index)
        if any(letter.isdigit() for letter in wanted.initials):
            reach |= marked(_code_tokens(wanted.initials), wanted.initials)
        return self.filter(reach)

    def near(self, core: str) -> Self:
        """Candidates for a duplicate: entries that hold the first or the second half of `core`.

        Two names that differ in one place have one half in common.
        """
        bare = core.partition("/")[0]
        middle = max(len(bare) // 2, 2)
        halves = [half for half in (bigrams(bare[:middle]), bigrams(bare[-middle:])) if half]
        reach = Q(name_core=core)
        for half in halves:
            reach |= Q(search_tokens__contains=list(half))
        return self.filter(reach)

    def of_section(self, section: str) -> Self:
        """Enterprises of a section of GB/T 4754-2017, as C."""
        return self.filter(industry__section=section)

    def in_chain(self, chain: Chain) -> Self:
        return self.filter(pk__in=ChainPlace.objects.filter(chain=chain).values("enterprise_id"))

    def for_list(self) -> Self:
        return self.select_related("industry", "grid", "park", "merged_into").order_by("pk")


def _looked_after_by(user: User) -> Q:
    reach = Q(pk__in=user.scope_ids(Scope.ENTERPRISE, Role.LIAISON_OFFICER))
    if grids := user.scope_ids(Scope.GRID, Role.LIAISON_OFFICER):
        reach |= Q(grid_id__in=grids)
    if chains := user.scope_ids(Scope.CHAIN, Role.LIAISON_OFFICER):
        places = ChainPlace.objects.filter(chain_id__in=chains)
        reach |= Q(pk__in=places.values("enterprise_id"))
    return reach


def _code_tokens(text: str) -> tuple[str, ...]:
    return tuple(CODE_MARK + pair for pair in bigrams(text))


def search_columns(code: str, name: str, *former_names: str) -> tuple[str, list[str]]:
    """What `search_text` and `search_tokens` of an enterprise hold.

    The tokens are those of `engines.text.search_tokens` and pairs of the code; reading the pinyin
    is the slow part, so it is done once for both columns.
    """
    bare = [compact(each) for each in (name, *former_names)]
    letters = [initials(each) for each in bare]
    tokens = {pair for each in bare for pair in bigrams(each)}
    tokens |= {INITIALS_MARK + pair for each in letters for pair in bigrams(each)}
    tokens |= set(_code_tokens(code))
    return "\n".join([*bare, *letters, code.lower()]), sorted(tokens)


def core_of(name: str) -> str:
    """What `name_core` holds: equal for two spellings of one name, different for a branch."""
    parts = name_core(name)
    return f"{parts.core}/{parts.branch}" if parts.branch else parts.core


class Enterprise(models.Model):
    """An enterprise, known by its unified social credit code (统一社会信用代码)."""

    code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_core = models.CharField(max_length=120, help_text=_("name without region and legal form"))
    search_text = models.TextField()
    search_tokens = ArrayField(models.CharField(max_length=40), default=list)
    status = models.CharField(
        _("status"), max_length=14, choices=EnterpriseStatus, default=EnterpriseStatus.OPERATING
    )
    type = models.CharField(_("type"), max_length=14, choices=EnterpriseType, blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, verbose_name=_("industry")
    )
    district = models.CharField(_("street or town"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, verbose_name=_("grid"))
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, verbose_name=_("park"))
    chains = models.ManyToManyField(Chain, through="ChainPlace", verbose_name=_("chains"))
    legal_representative = models.CharField(_("legal representative"), max_length=50, blank=True)
    capital_yuan = models.DecimalField(
        _("registered capital"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    size_class = models.CharField(_("size"), max_length=8, choices=SizeClass, blank=True)
    size_reason = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_entries"
    )
    merged_at = models.DateTimeField(null=True, blank=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        constraints = [
            models.CheckConstraint(
                name="enterprise_merged_at_a_time",
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enterprise_capital_not_negative",
                condition=Q(capital_yuan__isnull=True) | Q(capital_yuan__gte=0),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_tokens"], name="enterprise_search"),
            models.Index(fields=["name_core"], name="enterprise_name_core"),
            models.Index(fields=["grid", "id"], name="enterprise_grid"),
            models.Index(fields=["park", "id"], name="enterprise_park"),
            models.Index(fields=["industry", "id"], name="enterprise_industry"),
            models.Index(fields=["size_class", "id"], name="enterprise_size"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A name the enterprise had before."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_names")
    name = models.CharField(_("name"), max_length=120)
    until_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("former name")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="former_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ChainPlace(models.Model):
    """Where an enterprise stands in a chain."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="chain_places")
    chain = models.ForeignKey(Chain, models.PROTECT, related_name="places")
    layer = models.CharField(_("layer"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("place in a chain")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "chain"], name="chain_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.layer}"
