"""The register (一企一档): enterprises and everything that is known about them, with its source."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.engines.text import (
    bigrams,
    compact,
    initials,
    name_core,
    query_tokens,
)
from lianqi.engines.text.search import INITIALS_MARK
from lianqi.register.enums import (
    EnterpriseStatus,
    EnterpriseType,
    ImportState,
    MembershipState,
    Qualifier,
    RowPlan,
    SizeClass,
    TitleLevel,
)

REGISTER_READERS = (
    Role.DISPATCHER,
    Role.HANDLER,
    Role.DEPARTMENT_HEAD,
    Role.LEADER,
    Role.AUDITOR,
    Role.PLATFORM_ADMIN,
)
CODE_LENGTH = 18
CODE_MARK = "#"  # keeps pairs of a code apart from pairs of a name in the index


class Industry(models.Model):
    """One entry of GB/T 4754-2017: section (A), division (01), group (011) or class (0111)."""

    code = models.CharField(max_length=5, primary_key=True)
    section = models.CharField(max_length=1)
    name = models.CharField(_("name"), max_length=80)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Meta:
        verbose_name = _("industry")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Grid(models.Model):
    """An area whose enterprises one unit looks after (网格, 片区)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("responsible unit"))

    class Meta:
        verbose_name = _("grid")

    def __str__(self) -> str:
        return self.name


class Park(models.Model):
    """A park or building with tenants."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("park")

    def __str__(self) -> str:
        return self.name


class Chain(models.Model):
    """An industry chain with its office (链办)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("chain office"))

    class Meta:
        verbose_name = _("industry chain")

    def __str__(self) -> str:
        return self.name


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def living(self) -> Self:
        """Entries that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, user: User) -> Self:
        """The list form of `register.view`."""
        return self if user.holds(*REGISTER_READERS) else self.of_own_circle(user)

    def of_own_circle(self, user: User) -> Self:
        """The firms a person belongs to or is the liaison officer of: by name, grid or chain."""
        own = user.scope_ids(
            Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF, Role.LIAISON_OFFICER
        )
        reach = Q(pk__in=own)
        if grids := user.scope_ids(Scope.GRID, Role.LIAISON_OFFICER):
            reach |= Q(grid_id__in=grids)
        if chains := user.scope_ids(Scope.CHAIN, Role.LIAISON_OFFICER):
            places = ChainPlace.objects.filter(chain_id__in=chains)
            reach |= Q(pk__in=places.values("enterprise_id"))
        return self.filter(reach)

    def search(self, query: str) -> Self:
        """Entries whose name, former name, pinyin initials or code contains `query`.

        Two characters or more; a shorter query finds nothing rather than everything. The token
        index finds candidates, the comparison of the text keeps those that really contain it.
        """
        wanted = query_tokens(query)
        if wanted.is_too_short:
            return self.none()
        if len(code := compact(query).upper()) == CODE_LENGTH and code.isascii():
            return self.filter(code=code)
        reach = Q(search_tokens__contains=list(wanted.name))
        for word in wanted.words:
            reach &= Q(search_text__contains=word)
        if wanted.initials:
            reach |= Q(
                search_tokens__contains=list(wanted.by_initials),
                search_text__contains=wanted.initials,
            )
        if any(letter.isdigit() for letter in wanted.initials):
            reach |= Q(
                search_tokens__contains=list(_code_tokens(wanted.initials)),
                search_text__contains=wanted.initials,
            )
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


class Contact(models.Model):
    """A person to speak to. Shown masked; the full number only for a stated purpose."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=50)
    position = models.CharField(_("position"), max_length=50, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_main = models.BooleanField(_("main contact"), default=False)

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name", "mobile"], name="contact_once")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}/{self.pk}"


class KeyList(models.Model):
    """A list of key enterprises (重点企业名单) that somebody decided."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    issued_by = models.CharField(_("issued by"), max_length=80, blank=True)
    members = models.ManyToManyField(Enterprise, related_name="key_lists")

    class Meta:
        verbose_name = _("key-enterprise list")

    def __str__(self) -> str:
        return self.name


class Title(models.Model):
    """A recognition (高企, 专精特新 …) with level, batch and validity."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="titles")
    label = models.CharField(pgettext_lazy("recognition", "title"), max_length=60)
    level = models.CharField(_("level"), max_length=12, choices=TitleLevel)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=160, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("recognition", "title")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "label", "level", "batch"], name="title_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class FactQuerySet(models.QuerySet["Fact"]):
    def of_year(self, key: str, year: int) -> Self:
        return self.filter(key=key, period=str(year))


class Fact(models.Model):
    """One figure about an enterprise: value, unit, period, source, when observed, how exact.

    A later observation of the same period is a new row; the newest counts, the older stay. Zero is
    data; a fact that is not known has no row. Money is in yuan.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="facts")
    key = models.CharField(_("fact"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=12)
    period = models.CharField(_("period"), max_length=10, help_text="2025, 2025-H1, 2025-06")
    source = models.CharField(_("source"), max_length=120)
    observed_at = models.DateTimeField(_("observed at"))
    qualifier = models.CharField(
        _("how exact"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        indexes = [
            models.Index(
                fields=["enterprise", "key", "-period", "-observed_at"], name="fact_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.key} {self.period}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def confirmed(self) -> Self:
        return self.filter(state=MembershipState.CONFIRMED)

    def current(self) -> Self:
        """Confirmed, or asked for and not yet decided."""
        return self.filter(state__in=[MembershipState.WAITING, MembershipState.CONFIRMED])

    def waiting(self) -> Self:
        """Requests to decide, the oldest first."""
        return self.filter(state=MembershipState.WAITING).order_by("pk")


class Membership(models.Model):
    """Somebody acts for an enterprise, wants to, or is invited to.

    The confirmed ones also hold a role with the enterprise as scope; this row is the paperwork.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    state = models.CharField(_("state"), max_length=10, choices=MembershipState)
    email = models.EmailField(_("invited address"), blank=True)
    token = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                name="membership_once",
                condition=Q(state__in=["waiting", "confirmed"]),
            ),
            models.UniqueConstraint(
                fields=["token"], name="invitation_token", condition=~Q(token="")
            ),
            models.CheckConstraint(
                name="membership_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="membership_by_state")]

    def __str__(self) -> str:
        return f"{self.enterprise_id}/{self.user_id} {self.state}"


class ImportRun(models.Model):
    """One spreadsheet on its way into the register."""

    state = models.CharField(_("state"), max_length=12, choices=ImportState)
    file_name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=200)
    mapping = models.JSONField(default=list, help_text=_("one entry per column"))
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="import_runs"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def planned(self, plan: RowPlan) -> Self:
        return self.filter(plan=plan).order_by("number")

    def undecided(self) -> Self:
        """Refused only because the name is nearly that of another enterprise."""
        return self.filter(
            plan=RowPlan.REFUSE, reason__code__in=["near_duplicate", "near_duplicate_row"]
        )


class ImportRow(models.Model):
    """One row of an import: what it says, what will happen, why not."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("row number in the spreadsheet"))
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    plan = models.CharField(max_length=8, choices=RowPlan)
    changes = models.JSONField(default=dict)
    reason = models.JSONField(default=dict)
    near_duplicate_of = models.ForeignKey(Enterprise, models.SET_NULL, null=True, related_name="+")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "plan", "number"], name="import_row_by_plan")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number} {self.plan}"


class ColumnMemory(models.Model):
    """A column heading somebody mapped before; the next spreadsheet finds it by itself."""

    heading = models.CharField(max_length=120, unique=True)
    field = models.CharField(max_length=40)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("remembered column")

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
