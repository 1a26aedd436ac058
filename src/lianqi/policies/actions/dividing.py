"""Breaking a document down (逐条分解): aspects, articles, measures; many in one write."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from lianqi.accounts.models import User
from lianqi.engines.text import DividedArticle
from lianqi.policies.actions.moving import (
    MOST_ROWS,
    locked_article,
    locked_beside,
    note,
    refile,
)
from lianqi.policies.columns import LONGEST_WORDING
from lianqi.policies.enums import Applicant
from lianqi.policies.errors import (
    ArticleIncomplete,
    ArticleKnown,
    ArticleNumberMissing,
    ArticleOfAnother,
    ArticleTooLong,
    AspectInUse,
    AspectOfAnother,
    AspectTitleMissing,
    LimitNegative,
    MeasureHasOutcomes,
    MeasureIncomplete,
    MeasureKnown,
    NoArticleFound,
    PlannedButGiven,
    TooManyArticles,
)
from lianqi.policies.models import PolicyArticle, PolicyAspect, PolicyDocument, PolicyMeasure
from lianqi.work.actions import cancel_items

SHOWN_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class ArticleTerms:
    """An article as it is entered; see `PolicyArticle` for `covers_aspect` and an empty aspect."""

    number: str
    title: str = ""
    wording: str = ""
    wording_note: str = ""
    kind: str = ""
    aspect: PolicyAspect | None = None
    covers_aspect: bool = False


@dataclass(frozen=True, slots=True)
class MeasureTerms:
    """A measure as it is entered. `article` None: the source does not say which one grants it.

    `limit`: yuan that it can give in all; None if the source names no limit.
    """

    key: str
    title: str
    applicant: Applicant
    description: str = ""
    article: PolicyArticle | None = None
    pack_measure: str | None = None
    limit: Decimal | None = None
    is_planned: bool = False


@transaction.atomic
def add_aspects(
    document_id: int, titles: Sequence[str], *, by: User, at: dt.datetime
) -> list[PolicyAspect]:
    """Add aspects behind the ones there are, in the given order.

    Raises:
        PolicyMoveNotPossible: The document is broken down already.
        AspectTitleMissing: A heading is empty.
    """
    document = locked_beside(document_id, "divide", by=by)
    said = [each.strip() for each in titles]
    if not said or not all(said):
        raise AspectTitleMissing
    last = document.aspects.aggregate(Max("position"))["position__max"] or 0
    if last + len(said) > MOST_ROWS:
        raise TooManyArticles(most=MOST_ROWS)
    made = PolicyAspect.objects.bulk_create(
        [
            PolicyAspect(document=document, position=place, title=title)
            for place, title in enumerate(said, start=last + 1)
        ]
    )
    refile(document)
    note("policies.aspects_added", document, by=by, at=at, aspects=said)
    return made


@transaction.atomic
def change_aspect(aspect_id: int, *, title: str, by: User, at: dt.datetime) -> PolicyAspect:
    """Give an aspect another heading."""
    aspect, document = _locked_aspect(aspect_id, by=by)
    if not title.strip():
        raise AspectTitleMissing
    aspect.title = title.strip()
    aspect.save(update_fields=["title"])
    refile(document)
    note("policies.aspect_changed", document, by=by, at=at, aspect=aspect.title)
    return aspect


@transaction.atomic
def drop_aspect(aspect_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Remove an aspect that holds no article."""
    aspect, document = _locked_aspect(aspect_id, by=by)
    if count := aspect.articles.count():
        raise AspectInUse(aspect=aspect, count=count)
    note("policies.aspect_dropped", document, by=by, at=at, aspect=aspect.title)
    aspect.delete()
    refile(document)
    return document


@transaction.atomic
def add_articles(
    document_id: int, articles: Sequence[ArticleTerms], *, by: User, at: dt.datetime
) -> list[PolicyArticle]:
    """Add articles behind the ones there are, in the given order.

    Raises:
        PolicyMoveNotPossible: The document is broken down already.
        NoArticleFound, TooManyArticles: None or too many were given.
        ArticleNumberMissing, ArticleIncomplete, ArticleKnown, AspectOfAnother: One of them cannot
            stand in the document; then none is added.
    """
    document = locked_beside(document_id, "divide", by=by)
    if not articles:
        raise NoArticleFound
    for each in articles:
        _require_article(document, each)
    numbers = document.articles.values_list("number", "position")
    last, twice = _behind(numbers, [each.number for each in articles])
    if twice:
        raise ArticleKnown(numbers=twice)
    made = PolicyArticle.objects.bulk_create(
        [
            _written(PolicyArticle(document=document, position=place), each)
            for place, each in enumerate(articles, start=last + 1)
        ]
    )
    refile(document)
    note(
        "policies.articles_added", document, by=by, at=at,
        count=len(made), numbers=[each.number for each in made[:SHOWN_NUMBERS]],
    )  # fmt: skip
    return made


@transaction.atomic
def divide_policy(
    document_id: int, parts: Sequence[DividedArticle], *, by: User, at: dt.datetime
) -> list[PolicyArticle]:
    """Add what a pasted text was divided into, all of it or nothing.

    A heading that the document has already takes the articles that stand under it.

    Raises:
        As `add_aspects` and `add_articles`.
    """
    known = aspects_called(document_id, [each.aspect for each in parts], by=by, at=at)
    articles = [
        ArticleTerms(number=each.number, wording=each.wording, aspect=known.get(each.aspect))
        for each in parts
    ]
    return add_articles(document_id, articles, by=by, at=at)


@transaction.atomic
def aspects_called(
    document_id: int, titles: Sequence[str], *, by: User, at: dt.datetime
) -> dict[str, PolicyAspect]:
    """The aspects of a document by heading; those that are not there yet are added behind."""
    document = locked_beside(document_id, "divide", by=by)
    known = {each.title: each for each in document.aspects.order_by("-position")}
    if new := [each for each in dict.fromkeys(titles) if each and each not in known]:
        known |= {each.title: each for each in add_aspects(document_id, new, by=by, at=at)}
    return known


@transaction.atomic
def change_article(
    article_id: int, terms: ArticleTerms, *, by: User, at: dt.datetime
) -> PolicyArticle:
    """Replace what an article says; its duty stays.

    Raises:
        PolicyMoveNotPossible: The document is broken down already.
        ArticleNumberMissing, ArticleIncomplete, ArticleKnown, AspectOfAnother: It cannot stand so.
    """
    article = locked_article(article_id, "divide", by=by, permission="policies.edit")
    document = article.document
    _require_article(document, terms)
    number = terms.number.strip()
    if document.articles.filter(number=number).exclude(pk=article.pk).exists():
        raise ArticleKnown(numbers=number)
    _written(article, terms).save()
    refile(document)
    note("policies.article_changed", document, by=by, at=at, article=number)
    return article


@transaction.atomic
def drop_article(article_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Remove an article; measures that named it stay, and name none."""
    article = locked_article(article_id, "divide", by=by, permission="policies.edit")
    document = article.document
    note(
        "policies.article_dropped", document, by=by, at=at,
        article=article.number, wording=article.wording,
    )  # fmt: skip
    article.measures.update(article=None)
    for overlap in article.overlaps.open().order_by("pk"):
        cancel_items(overlap, by=by, at=at)
    article.delete()
    refile(document)
    return document


@transaction.atomic
def add_measures(
    document_id: int, measures: Sequence[MeasureTerms], *, by: User, at: dt.datetime
) -> list[PolicyMeasure]:
    """Add measures behind the ones there are; after publication as well.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        TooManyArticles: Too many were given.
        MeasureIncomplete, MeasureKnown, ArticleOfAnother, LimitNegative: One of them cannot
            stand in the document; then none is added.
    """
    document = locked_beside(document_id, "list_measures", by=by)
    for each in measures:
        _require_measure(document, each)
    keys = document.measures.values_list("key", "position")
    last, twice = _behind(keys, [each.key for each in measures])
    if twice:
        raise MeasureKnown(keys=twice)
    made = PolicyMeasure.objects.bulk_create(
        [
            _written_measure(PolicyMeasure(document=document, position=place), each)
            for place, each in enumerate(measures, start=last + 1)
        ]
    )
    refile(document)
    note(
        "policies.measures_added", document, by=by, at=at,
        count=len(made), keys=[each.key for each in made[:SHOWN_NUMBERS]],
    )  # fmt: skip
    return made


@transaction.atomic
def change_measure(
    measure_id: int, terms: MeasureTerms, *, by: User, at: dt.datetime
) -> PolicyMeasure:
    """Replace what is known of a measure, its rule included.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        MeasureIncomplete, MeasureKnown, ArticleOfAnother, LimitNegative: It cannot stand so.
        PlannedButGiven: Something was given already, so it is more than a plan.
    """
    measure, document = _locked_measure(measure_id, by=by)
    _require_measure(document, terms)
    if terms.is_planned and measure.outcomes.standing().exists():
        raise PlannedButGiven(measure=measure.title)
    key = terms.key.strip()
    if document.measures.filter(key=key).exclude(pk=measure.pk).exists():
        raise MeasureKnown(keys=key)
    _written_measure(measure, terms).save()
    refile(document)
    note(
        "policies.measure_changed", document, by=by, at=at,
        measure=key, pack_measure=measure.pack_measure,
    )  # fmt: skip
    return measure


@transaction.atomic
def drop_measure(measure_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Remove a measure.

    Raises:
        PolicyMoveNotPossible: The document was replaced or abolished.
        MeasureHasOutcomes: What it came to was told; that stays.
    """
    measure, document = _locked_measure(measure_id, by=by)
    if measure.outcomes.exists():
        raise MeasureHasOutcomes(measure=measure.title)
    note(
        "policies.measure_dropped", document, by=by, at=at,
        measure=measure.key, measure_title=measure.title,
    )  # fmt: skip
    measure.delete()
    refile(document)
    return document


def _behind(there: Iterable[tuple[str, int]], new: Sequence[str]) -> tuple[int, str]:
    """The last place in a document, and which of the new names would stand in it twice.

    Raises:
        TooManyArticles: All together are more than a document has.
    """
    known = dict(there)
    if len(known) + len(new) > MOST_ROWS:
        raise TooManyArticles(most=MOST_ROWS)
    counted = Counter(each.strip() for each in new)
    twice = [name for name, times in counted.items() if times > 1 or name in known]
    return max(known.values(), default=0), "、".join(twice[:SHOWN_NUMBERS])


def _locked_aspect(aspect_id: int, *, by: User) -> tuple[PolicyAspect, PolicyDocument]:
    document_id = PolicyAspect.objects.values_list("document_id", flat=True).get(pk=aspect_id)
    document = locked_beside(document_id, "divide", by=by)
    return PolicyAspect.objects.get(pk=aspect_id), document


def _locked_measure(measure_id: int, *, by: User) -> tuple[PolicyMeasure, PolicyDocument]:
    document_id = PolicyMeasure.objects.values_list("document_id", flat=True).get(pk=measure_id)
    document = locked_beside(document_id, "list_measures", by=by)
    return PolicyMeasure.objects.get(pk=measure_id), document


def _require_article(document: PolicyDocument, terms: ArticleTerms) -> None:
    if not terms.number.strip():
        raise ArticleNumberMissing
    if not terms.wording.strip() and not terms.wording_note.strip():
        raise ArticleIncomplete(number=terms.number.strip())
    if len(terms.wording.strip()) > LONGEST_WORDING:
        raise ArticleTooLong(number=terms.number.strip(), most=LONGEST_WORDING)
    if terms.aspect is not None and terms.aspect.document_id != document.pk:
        raise AspectOfAnother
    if terms.covers_aspect and terms.aspect is None:
        raise AspectOfAnother


def _written(article: PolicyArticle, terms: ArticleTerms) -> PolicyArticle:
    article.number, article.title = terms.number.strip(), terms.title.strip()
    article.wording, article.wording_note = terms.wording.strip(), terms.wording_note.strip()
    article.kind, article.aspect = terms.kind, terms.aspect
    article.covers_aspect = terms.covers_aspect
    return article


def _require_measure(document: PolicyDocument, terms: MeasureTerms) -> None:
    if not terms.key.strip() or not terms.title.strip():
        raise MeasureIncomplete
    if terms.article is not None and terms.article.document_id != document.pk:
        raise ArticleOfAnother
    if terms.limit is not None and terms.limit < 0:
        raise LimitNegative(measure=terms.title.strip())


def _written_measure(measure: PolicyMeasure, terms: MeasureTerms) -> PolicyMeasure:
    measure.key, measure.title = terms.key.strip(), terms.title.strip()
    measure.applicant, measure.description = terms.applicant, terms.description.strip()
    measure.article = terms.article
    measure.pack_measure = (terms.pack_measure or "").strip() or None
    measure.limit, measure.is_planned = terms.limit, terms.is_planned
    return measure
