"""The catalogue of categories over JSON: what holds, who leads, who would get a matter."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.enums import DutyOrigin, Step
from lianqi.demands.models import CategoryVersion, DemandCategory, DutyRule
from lianqi.demands.queries import (
    BY_RULE,
    PROMISED,
    SCORERS,
    Length,
    Node,
    Supposed,
    Tried,
    category_tree,
    lengths_by_version,
    try_catalogue,
)
from lianqi.engines.calendar import ClockKind
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Enterprise, Grid, Industry, KeyList, Park
from lianqi.work.enums import Urgency

router = Router(tags=["categories"])

Times = dict[tuple[Step, Urgency], Length]


class EvidenceOut(Schema):
    """A document the category asks for."""

    id: int
    name: str
    is_obligatory: bool


class VersionOut(Schema):
    """What holds from a day on. Where matters are not accepted, `advice` says where to go."""

    id: int
    valid_from: dt.date
    valid_to: dt.date | None
    is_accepted: bool
    advice: str
    advice_url: str
    advice_phone: str
    progress_every_days: int | None
    evidence: list[EvidenceOut]


class TimeOut(Schema):
    """How long a step may take that the enterprise waits for, at the usual urgency.

    `is_own` is false where the general time limit of the step holds.
    """

    step: Step
    kind: ClockKind
    amount: int
    is_own: bool
    source: str


class CategoryOut(Schema):
    """A category in use, or a heading. `version` is null where none was ever made.

    A category without a version is accepted, asks for no documents and has the general time limits.
    """

    code: str
    name_zh: str
    name_en: str
    parent: str | None
    is_heading: bool
    lead_unit_id: int | None
    usual_urgency: Urgency
    allows_anonymous: bool
    version: VersionOut | None
    times: list[TimeOut]


class CategoriesOut(Schema):
    categories: list[CategoryOut]


class VersionsOut(Schema):
    """All versions of a category, the latest first; those to come included."""

    versions: list[VersionOut]


class DutyOut(Schema):
    """A line of the duty catalogue; what is null or empty does not matter."""

    id: int
    unit_id: int
    origin: DutyOrigin
    key_list_id: int | None
    title: str
    grid_id: int | None
    chain_id: int | None
    park_id: int | None
    district: str
    industry: str
    size_class: str
    valid_from: dt.date
    valid_to: dt.date | None
    reason: str


class DutyPage(Schema):
    """Lines, the latest entered first. Pass `next_before` as `before` for the following page."""

    duties: list[DutyOut]
    next_before: int | None


class Paging(Schema):
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class TryIn(Schema):
    """A matter as it might be filed: give `enterprise_id`, or what is supposed of an enterprise."""

    category: str
    title: Short = ""
    text: Annotated[str, StringConstraints(max_length=5000)] = ""
    urgency: Urgency | None = None
    filed_at: AwareDatetime | None = Field(None, description="With offset; left out, now.")
    enterprise_id: int | None = None
    industry: Annotated[str, StringConstraints(max_length=4)] = ""
    grid_id: int | None = None
    chain_id: int | None = None
    park_id: int | None = None
    key_list_id: int | None = None
    district: Short = ""
    title_awarded: Short = ""
    size_class: SizeClass | None = None


class ProposalOut(Schema):
    unit_id: int
    confidence: float
    reasons: list[str]


class LineOut(Schema):
    """A line that applies or not, with the reason in the reader's language."""

    duty_id: int
    unit_id: int
    applies: bool
    decides: bool
    why: str


class DeadlineOut(Schema):
    """When a step would be due if all before it were done at once, and if all took its time."""

    step: Step
    kind: ClockKind
    amount: int
    is_own: bool
    is_asked: bool
    earliest: dt.datetime | None
    latest: dt.datetime | None
    is_provisional: bool


class TriedOut(Schema):
    version_id: int | None
    is_accepted: bool
    suggestions: list[ProposalOut]
    lines: list[LineOut]
    deadlines: list[DeadlineOut]


@router.get("", response={200: CategoriesOut, **PROBLEMS}, operation_id="list_categories")
def list_categories(request: ApiRequest) -> dict[str, Any]:  # noqa: ARG001  # open to all
    """The categories in use with the version in force today, whole and in the order of the tree.

    Files do not travel over this interface: where a document is obligatory, an enterprise files on
    the page.
    """
    nodes = [node for node in category_tree(on=timezone.localdate()) if node.is_in_use]
    times = lengths_by_version([node.version for node in nodes], steps=PROMISED)
    told = [_told(each, times[None if each.version is None else each.version.pk]) for each in nodes]
    return {"categories": told}


@router.get(
    "/{code}/versions", response={200: VersionsOut, **PROBLEMS}, operation_id="list_versions"
)
def list_versions(request: ApiRequest, code: str) -> dict[str, Any]:
    """What held, holds and will hold for a category."""
    versions = _category(request, code).versions.prefetch_related("evidence")
    return {"versions": [_version(each) for each in versions.order_by("-valid_from")]}


@router.get("/{code}/duties", response={200: DutyPage, **PROBLEMS}, operation_id="list_duties")
def list_duties(request: ApiRequest, code: str, query: Query[Paging]) -> dict[str, Any]:
    """The lines of the duty catalogue for a category, those that ended included."""
    rules = DutyRule.objects.filter(category=_category(request, code))
    if query.before is not None:
        rules = rules.filter(pk__lt=query.before)
    rows = list(rules.order_by("-pk")[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    return {"duties": rows, "next_before": rows[-1].pk if more else None}


@router.post("/try", response={200: TriedOut, **PROBLEMS}, operation_id="try_catalogue")
def try_matter(request: ApiRequest, body: TryIn) -> dict[str, Any]:
    """Who would get a matter, which lines apply, and when what would be due. Nothing is stored."""
    category = _category(request, body.category)
    enterprise = None
    if body.enterprise_id is not None:
        visible = Enterprise.objects.visible_to(request.user)
        enterprise = get_object_or_404(visible, pk=body.enterprise_id)
    may_read = request.user.has_perm("demands.view_clusters")
    tried = try_catalogue(
        category,
        enterprise=enterprise,
        supposed=_supposed(body),
        title=body.title,
        text=body.text,
        urgency=body.urgency,
        filed_at=body.filed_at or timezone.now(),
        scorers=SCORERS if may_read else BY_RULE,
    )
    return _as_json(tried)


def _category(request: ApiRequest, code: str) -> DemandCategory:
    if not request.user.has_perm("demands.try_catalogue"):
        raise PermissionDenied
    return get_object_or_404(DemandCategory.objects.select_related("lead_unit"), code=code)


def _supposed(body: TryIn) -> Supposed:
    def named(model: Any, pk: object, field: str = "pk") -> Any:
        return get_object_or_404(model, **{field: pk}) if pk else None

    return Supposed(
        industry=named(Industry, body.industry, "code"),
        grid=named(Grid, body.grid_id),
        chain=named(Chain, body.chain_id),
        park=named(Park, body.park_id),
        key_list=named(KeyList, body.key_list_id),
        district=body.district,
        title=body.title_awarded,
        size_class=body.size_class or "",
    )


def _as_json(tried: Tried) -> dict[str, Any]:
    return {
        "version_id": tried.version and tried.version.pk,
        "is_accepted": tried.version is None or tried.version.is_accepted,
        "suggestions": [
            {
                "unit_id": each.unit.pk,
                "confidence": round(each.confidence, 3),
                "reasons": each.reasons,
            }
            for each in tried.suggestions
        ],
        "lines": [
            {
                "duty_id": line.rule.pk,
                "unit_id": line.rule.unit_id,
                "applies": line.applies,
                "decides": line.decides,
                "why": line.why,
            }
            for line in tried.lines
        ],
        "deadlines": [
            {
                "step": each.length.step,
                "kind": each.length.kind,
                "amount": each.length.amount,
                "is_own": each.length.is_own,
                "is_asked": each.is_asked,
                "earliest": each.earliest,
                "latest": each.latest,
                "is_provisional": each.is_provisional,
            }
            for each in tried.deadlines
        ],
    }


def _told(node: Node, times: Times) -> dict[str, Any]:
    category, version = node.category, node.version
    usual = Urgency(category.usual_urgency)
    promised = [] if node.is_heading else [step for step in PROMISED if (step, usual) in times]
    return {
        "code": category.code,
        "name_zh": category.name_zh,
        "name_en": category.name_en,
        "parent": node.above[-1].code if node.above else None,
        "is_heading": node.is_heading,
        "lead_unit_id": category.lead_unit_id,
        "usual_urgency": usual,
        "allows_anonymous": category.allows_anonymous,
        "version": version and _version(version),
        "times": [times[step, usual] for step in promised],
    }


def _version(version: CategoryVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "is_accepted": version.is_accepted,
        "advice": version.advice,
        "advice_url": version.advice_url,
        "advice_phone": version.advice_phone,
        "progress_every_days": version.progress_every_days,
        "evidence": version.documents,
    }
