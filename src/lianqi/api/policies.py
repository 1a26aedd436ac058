"""The policy library over JSON: what may be read of it, and questions with their answers."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.policies import actions
from lianqi.policies.enums import Applicant, LifeStage, PolicyLevel, PolicyStatus, Theme
from lianqi.policies.models import (
    PolicyArticle,
    PolicyDocument,
    PolicyDocumentQuerySet,
    PolicyMeasure,
    PolicyQuestion,
)
from lianqi.policies.queries import (
    DocumentShown,
    document_shown,
    part_counts,
    reading_figures,
    versions_of,
)
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Enterprise

router = Router(tags=["policies"])

MOST_QUESTIONS = 100


class PolicyLine(Schema):
    """A version of a document. Days that the source does not print are null."""

    id: int
    title: str
    issuer: str
    level: PolicyLevel
    number: str
    status: PolicyStatus
    version: int
    is_trial: bool
    published_on: dt.date | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    ended_on: dt.date | None = Field(description="First day on which it does not hold any more.")
    themes: list[Theme]
    industries: list[str] = Field(description="GB/T 4754-2017; empty means all of them.")
    sizes: list[SizeClass]
    stages: list[LifeStage]
    aspects: int
    articles: int
    measures: int


class PolicyPage(Schema):
    """Policies, the last entered first. Pass `next_before` as `before` for the following page."""

    policies: list[PolicyLine]
    next_before: int | None


class PolicyUnitOut(Schema):
    id: int
    name: str


class ArticleOut(Schema):
    """An article. Where `wording` is empty, `wording_note` says why."""

    id: int
    aspect: str
    number: str
    title: str
    wording: str
    wording_note: str
    kind: str
    covers_aspect: bool = Field(description="The source divides the aspect no further.")
    lead: PolicyUnitOut | None
    responsible: list[PolicyUnitOut]

    @staticmethod
    def resolve_aspect(article: PolicyArticle) -> str:
        return article.aspect.title if article.aspect else ""

    @staticmethod
    def resolve_responsible(article: PolicyArticle) -> list[Any]:
        return list(article.responsible.all())


class PolicyMeasureOut(Schema):
    """What one may apply for. `rule`: key of the executable rule, if there is one.

    `limit`: yuan that it can give in all. What is only planned gives nothing yet.
    """

    id: int
    key: str
    title: str
    applicant: Applicant
    description: str
    article: str
    rule: str | None = Field(alias="pack_measure")
    limit: Decimal | None
    is_planned: bool

    @staticmethod
    def resolve_article(measure: PolicyMeasure) -> str:
        return measure.article.number if measure.article else ""


class InterpretationOut(Schema):
    id: int
    title: str
    text: str
    published_at: dt.datetime


class AnswerOut(Schema):
    """A question that everybody may read; whose it was is not told."""

    id: int
    text: str
    answer: str
    answered_at: dt.datetime


class VersionOut(Schema):
    id: int
    version: int
    status: PolicyStatus
    valid_from: dt.date | None
    ended_on: dt.date | None


class PolicyOut(PolicyLine):
    """A version with all its parts."""

    source_url: str
    source_text: str
    source_note: str = Field(description="What the source does not say.")
    chains: list[str]
    end_reason: str
    article_list: list[ArticleOut]
    measure_list: list[PolicyMeasureOut]
    interpretations: list[InterpretationOut]
    questions: list[AnswerOut]
    versions: list[VersionOut]


class PolicyQuery(Schema):
    """`on`: in force on that day; `industry`: a code of any level."""

    q: Annotated[str, Field(max_length=60)] = ""
    level: PolicyLevel | None = None
    theme: Theme | None = None
    industry: Annotated[str, Field(max_length=5)] = ""
    chain_id: int | None = None
    size: SizeClass | None = None
    stage: LifeStage | None = None
    on: dt.date | None = None
    status: PolicyStatus | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30

    def narrow(self, found: PolicyDocumentQuerySet) -> PolicyDocumentQuerySet:
        if self.q:
            found = found.search(self.q)
        if self.level:
            found = found.filter(level=self.level)
        if self.theme:
            found = found.on_theme(self.theme)
        if self.industry:
            found = found.about_industry(self.industry.upper())
        if self.chain_id is not None:
            found = found.in_chain(get_object_or_404(Chain, pk=self.chain_id))
        if self.size:
            found = found.for_size(self.size)
        if self.stage:
            found = found.for_stage(self.stage)
        if self.on is not None:
            found = found.in_force(self.on)
        if self.status:
            found = found.filter(status=self.status)
        return found if self.before is None else found.filter(pk__lt=self.before)


class PolicyReadsOut(Schema):
    """Reads of a policy; `firms` are distinct enterprises."""

    policy_id: int
    title: str
    public: int
    enterprise: int
    staff: int
    firms: int


class PolicyFiguresOut(Schema):
    """Reads in the months from `first` to `last`, the most read first, a hundred at most."""

    first: dt.date
    last: dt.date
    reads: int
    firms: int
    policies: list[PolicyReadsOut]


class QuestionIn(Schema):
    """A question of an enterprise, about an article or the policy as a whole."""

    enterprise_id: int
    article_id: int | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class QuestionReply(Schema):
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
    is_published: bool = True


class QuestionOut(Schema):
    """A question. `enterprise_id` is told to the zone and to that enterprise."""

    id: int
    policy_id: int = Field(alias="document_id")
    article_id: int | None
    text: str
    asked_at: dt.datetime
    unit: PolicyUnitOut
    answer: str
    answered_at: dt.datetime | None
    is_published: bool
    enterprise_id: int | None


class QuestionPage(Schema):
    questions: list[QuestionOut]
    next_before: int | None


@router.get("", response={200: PolicyPage, **PROBLEMS}, operation_id="list_policies")
def list_policies(request: ApiRequest, query: Query[PolicyQuery]) -> dict[str, Any]:
    """The policies you may see; outside the zone those that were published."""
    found = query.narrow(PolicyDocument.objects.visible_to(request.user))
    rows = list(found.for_list()[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    counts = part_counts(rows)
    return {
        "policies": [_line(each, counts[each.pk]) for each in rows],
        "next_before": rows[-1].pk if more else None,
    }


@router.get("/figures", response={200: PolicyFiguresOut, **PROBLEMS}, operation_id="policy_figures")
def policy_figures(
    request: ApiRequest, first: dt.date | None = None, last: dt.date | None = None
) -> dict[str, Any]:
    """How often policies are read, by month; without days, in this month."""
    if not request.user.has_perm("policies.figures"):
        raise PermissionDenied
    month = timezone.localdate().replace(day=1)
    since, until = (first or month).replace(day=1), (last or month).replace(day=1)
    found = reading_figures(first=since, last=until)
    return {
        "first": found.first,
        "last": found.last,
        "reads": found.reads,
        "firms": found.firms,
        "policies": [
            {
                "policy_id": row.document.pk,
                "title": row.document.title,
                "public": row.public,
                "enterprise": row.enterprise,
                "staff": row.staff,
                "firms": row.firms,
            }
            for row in found.rows
        ],
    }


@router.get(
    "/questions", response={200: QuestionPage, **PROBLEMS}, operation_id="list_policy_questions"
)
def list_policy_questions(
    request: ApiRequest,
    *,
    waiting: bool = False,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """The questions you may see, newest first."""
    found = PolicyQuestion.objects.visible_to(request.user)
    if waiting:
        found = found.waiting()
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.for_list()[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return {
        "questions": _questions(request, rows),
        "next_before": rows[-1].pk if more else None,
    }


@router.get("/{policy_id}", response={200: PolicyOut, **PROBLEMS}, operation_id="get_policy")
def get_policy(request: ApiRequest, policy_id: int) -> dict[str, Any]:
    """One policy with articles, duties, measures, interpretations, answers and versions."""
    document = _policy(request, policy_id)
    shown = document_shown(document)
    inside = request.user.is_zone_staff
    return _line(document, part_counts([document])[document.pk]) | {
        "source_url": document.source_url,
        "source_text": document.source_text,
        "source_note": document.source_note,
        "chains": [each.name for each in document.chains.order_by("name")],
        "end_reason": document.end_reason,
        "article_list": _articles(shown),
        "measure_list": list(shown.measures),
        "interpretations": list(document.notes.made_known().order_by("pk")),
        "questions": list(document.questions.made_known().order_by("-pk")[:MOST_QUESTIONS]),
        "versions": versions_of(document, made_known=not inside),
    }


@router.post(
    "/{policy_id}/questions",
    response={201: QuestionOut, **PROBLEMS},
    operation_id="ask_about_policy",
)
def ask_about_policy(
    request: ApiRequest, policy_id: int, body: QuestionIn
) -> Status[dict[str, Any]]:
    """Ask about a published policy for your enterprise; the lead department answers."""
    document = _policy(request, policy_id)
    if not request.user.has_perm("policies.ask", document):
        raise PermissionDenied
    firms = Enterprise.objects.visible_to(request.user).living()
    article = (
        get_object_or_404(document.articles, pk=body.article_id)
        if body.article_id is not None
        else None
    )
    asked = actions.ask_question(
        document.pk,
        enterprise=get_object_or_404(firms, pk=body.enterprise_id),
        text=body.text,
        article=article,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, _questions(request, [asked])[0])


@router.post(
    "/questions/{policy_question_id}/answer",
    response={200: QuestionOut, **PROBLEMS},
    operation_id="answer_policy_question",
)
def answer_policy_question(
    request: ApiRequest, policy_question_id: int, body: QuestionReply
) -> dict[str, Any]:
    """Answer a question that was put to your department."""
    rows = PolicyQuestion.objects.visible_to(request.user)
    found = get_object_or_404(rows, pk=policy_question_id)
    answered = actions.answer_question(
        found.pk,
        answer=body.answer,
        is_published=body.is_published,
        by=request.user,
        at=timezone.now(),
    )
    return _questions(request, [answered])[0]


def _policy(request: ApiRequest, policy_id: int) -> PolicyDocument:
    return get_object_or_404(PolicyDocument.objects.visible_to(request.user), pk=policy_id)


def _line(document: PolicyDocument, counts: Any) -> dict[str, Any]:
    names = PolicyLine.model_fields.keys() - {"aspects", "articles", "measures"}
    return {name: getattr(document, name) for name in names} | {
        "aspects": counts.aspects,
        "articles": counts.articles,
        "measures": counts.measures,
    }


def _articles(shown: DocumentShown) -> list[PolicyArticle]:
    return [article for part in shown.aspects for article in part.articles]


def _questions(request: ApiRequest, rows: list[PolicyQuestion]) -> list[dict[str, Any]]:
    """Each question as this reader may know it; the enterprise of others' ones is left out."""
    ids = [each.pk for each in rows]
    mine = PolicyQuestion.objects.of_own(request.user).filter(pk__in=ids)
    own = set(ids if request.user.is_zone_staff else mine.values_list("pk", flat=True))
    names = QuestionOut.model_fields.keys() - {"policy_id", "enterprise_id"}
    return [
        {name: getattr(each, name) for name in names}
        | {
            "document_id": each.document_id,
            "enterprise_id": each.enterprise_id if each.pk in own else None,
        }
        for each in rows
    ]
