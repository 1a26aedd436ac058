"""Policy documents: one row is one version of one legal document."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.engines.text import bigrams, compact, initials, query_tokens
from lianqi.engines.text.search import INITIALS_MARK
from lianqi.policies.enums import LifeStage, PolicyLevel, PolicyStatus, Theme
from lianqi.policies.flow import MADE_KNOWN, POLICY_FLOW
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Industry
from lianqi.shared.searching import found_by


class PolicyDocumentQuerySet(models.QuerySet["PolicyDocument"]):
    def made_known(self) -> Self:
        """What everybody may read, signed in or not; earlier versions included."""
        return self.filter(status__in=MADE_KNOWN)

    def visible_to(self, user: User) -> Self:
        """The list form of `policies.view`."""
        return self if user.is_zone_staff else self.made_known()

    def in_force(self, on: dt.date) -> Self:
        """Versions that held on that day, first and last day included.

        A day that the source does not state excludes nothing: it is not known to be over.
        """
        return (
            self.made_known()
            .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
        )

    def of_family(self, document: "PolicyDocument") -> Self:
        """All versions of a document, the first included."""
        return self.filter(Q(pk=document.family_id) | Q(first=document.family_id))

    def led_by(self, units: Iterable[int]) -> Self:
        """In which one of these units leads an article."""
        return self.filter(leads__overlap=list(units))

    def about_industry(self, code: str) -> Self:
        """For enterprises of an industry, given as a code of any level of GB/T 4754-2017.

        A document without industries is for all of them; one for a part of this industry counts.
        """
        above = [code[:length] for length in range(2, len(code) + 1)] if code.isdecimal() else []
        known = Industry.objects.filter(code=code).first()
        if known is None:
            return self.none()
        if code == known.section:
            below = Industry.objects.filter(section=code)
        else:
            below = Industry.objects.filter(code__startswith=code)
        codes = {known.section, code, *above, *below.values_list("code", flat=True)}
        return self.filter(Q(industries__len=0) | Q(industries__overlap=sorted(codes)))

    def in_chain(self, chain: Chain) -> Self:
        """For enterprises of a chain; a document without chains is for all of them."""
        named = self.model.chains.through.objects.filter(policydocument_id=OuterRef("pk"))
        return self.filter(Exists(named.filter(chain=chain)) | ~Exists(named))

    def for_size(self, size: str) -> Self:
        return self.filter(Q(sizes__len=0) | Q(sizes__contains=[size]))

    def for_stage(self, stage: str) -> Self:
        return self.filter(Q(stages__len=0) | Q(stages__contains=[stage]))

    def on_theme(self, theme: str) -> Self:
        return self.filter(themes__contains=[theme])

    def search(self, query: str, *, by_index: bool = True) -> Self:
        """Documents in which all words occur: title, number, wording, interpretations, answers.

        Two characters or more; a shorter query finds nothing rather than everything.
        """
        wanted = query_tokens(query)
        if wanted.is_too_short:
            return self.none()
        return self.filter(found_by(wanted, by_index=by_index))

    def for_list(self) -> Self:
        return self.defer("source_text", "search_text", "search_tokens").order_by("-pk")


def search_columns(title: str, *texts: str) -> tuple[str, list[str]]:
    """What `search_text` and `search_tokens` of a document hold.

    Pinyin initials are kept of the title alone: nobody types those of an article.
    """
    bare = [each for each in (compact(title), *map(compact, texts)) if each]
    letters = initials(title)
    tokens = {pair for each in bare for pair in bigrams(each)}
    tokens |= {INITIALS_MARK + pair for pair in bigrams(letters)}
    return "\n".join([*bare, letters]), sorted(tokens)


class PolicyDocument(models.Model):
    """A version of a document that promises enterprises something (惠企政策).

    Empty lists of industries, chains, sizes and stages mean that the document makes no difference
    between them. Days that the source does not print stay empty.
    """

    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issued by"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=PolicyLevel)
    number = models.CharField(_("document number"), max_length=80, blank=True)
    published_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_trial = models.BooleanField(_("on trial"), default=False)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_text = models.TextField(_("text of the source"), max_length=100_000, blank=True)
    source_note = models.TextField(_("what the source does not say"), max_length=1000, blank=True)
    stated_articles = models.PositiveSmallIntegerField(
        _("articles, as the source states"), null=True, blank=True
    )
    stated_measures = models.PositiveSmallIntegerField(
        _("policy measures, as the source states"), null=True, blank=True
    )
    themes = ArrayField(models.CharField(max_length=12, choices=Theme), default=list, blank=True)
    industries = ArrayField(
        models.CharField(max_length=5),
        default=list,
        blank=True,
        verbose_name=_("industries"),
        help_text=_("GB/T 4754-2017 codes, sections or deeper"),
    )
    chains = models.ManyToManyField(Chain, blank=True, verbose_name=_("chains"))
    sizes = ArrayField(models.CharField(max_length=8, choices=SizeClass), default=list, blank=True)
    stages = ArrayField(models.CharField(max_length=8, choices=LifeStage), default=list, blank=True)
    status = models.CharField(
        _("status"), max_length=15, choices=PolicyStatus, default=PolicyStatus.DRAFTED
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_versions"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    # Ids of all lead departments: lists are found and questions are routed by it.
    leads = ArrayField(models.BigIntegerField(), default=list, blank=True)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_known_at = models.DateTimeField(_("published"), null=True)
    ended_on = models.DateField(
        _("no longer valid from"), null=True, help_text=_("the first day on which it did not hold")
    )
    end_reason = models.TextField(_("why it was abolished"), max_length=1000, blank=True)
    search_text = models.TextField()
    search_tokens = ArrayField(models.CharField(max_length=40), default=list)

    objects = PolicyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        constraints = [
            models.UniqueConstraint(fields=["first", "version"], name="policy_version_once"),
            models.CheckConstraint(
                name="policy_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
            ),
            models.CheckConstraint(
                name="policy_known_since_a_moment",
                condition=Q(
                    status__in=["drafted", "broken_down", "duties_complete"],
                    made_known_at__isnull=True,
                )
                | Q(status__in=["published", "revised", "abolished"], made_known_at__isnull=False),
            ),
            models.CheckConstraint(
                name="policy_over_from_a_day",
                condition=~Q(status__in=["revised", "abolished"]) | Q(ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="policy_abolished_for_a_reason",
                condition=~Q(status="abolished") | ~Q(end_reason=""),
            ),
            models.CheckConstraint(
                name="policy_later_version_follows_one",
                condition=Q(version=1, first__isnull=True, replaces__isnull=True)
                | Q(version__gt=1, first__isnull=False, replaces__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="policy_by_status"),
            models.Index(fields=["level", "-id"], name="policy_by_level"),
            GinIndex(fields=["search_tokens"], name="policy_search"),
            GinIndex(fields=["themes"], name="policy_by_theme"),
            GinIndex(fields=["industries"], name="policy_by_industry"),
            GinIndex(fields=["leads"], name="policy_by_lead"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/policies/{self.pk}/"

    @property
    def family_id(self) -> int:
        """The id of the first version, which all versions share."""
        return self.first_id or self.pk

    @property
    def is_made_known(self) -> bool:
        return self.status in MADE_KNOWN

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return POLICY_FLOW.allowed(PolicyStatus(self.status))

    def holds_on(self, day: dt.date) -> bool:
        """The single form of `in_force`."""
        return (
            self.is_made_known
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
            and (self.ended_on is None or day < self.ended_on)
        )

    @property
    def theme_labels(self) -> list[str]:
        return [str(Theme(each).label) for each in self.themes]

    @property
    def size_labels(self) -> list[str]:
        return [str(SizeClass(each).label) for each in self.sizes]

    @property
    def stage_labels(self) -> list[str]:
        return [str(LifeStage(each).label) for each in self.stages]
