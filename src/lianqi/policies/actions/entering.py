"""Entering a document, changing it, beginning its next version, throwing a draft away."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.engines.text import tidy
from lianqi.policies.actions.moving import locked_beside, note, refile
from lianqi.policies.enums import PolicyLevel, PolicyStatus
from lianqi.policies.errors import (
    IndustryUnknown,
    PolicyIncomplete,
    PolicyPeriodWrong,
    PublishedPolicyStays,
    SourceAddressWrong,
    VersionBegun,
)
from lianqi.policies.models import (
    Overlap,
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
)
from lianqi.register.models import Chain, Industry
from lianqi.work.actions import cancel_items


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What is known of a document. Days that the source does not print are None.

    The last five say what it is filed under; empty means that it makes no difference there.
    """

    title: str
    issuer: str
    level: PolicyLevel
    number: str = ""
    published_on: dt.date | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    is_trial: bool = False
    source_url: str = ""
    source_text: str = ""
    source_note: str = ""
    stated_articles: int | None = None
    stated_measures: int | None = None
    themes: Sequence[str] = ()
    industries: Sequence[str] = ()
    chains: Sequence[Chain] = ()
    sizes: Sequence[str] = ()
    stages: Sequence[str] = ()


WEB = ("http://", "https://")
LISTS = ("themes", "industries", "sizes", "stages")
FACTS = tuple(each.name for each in fields(PolicyTerms) if each.name not in {*LISTS, "chains"})


@transaction.atomic
def add_policy(terms: PolicyTerms, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Enter a document into the library.

    Raises:
        PolicyIncomplete, PolicyPeriodWrong, SourceAddressWrong, IndustryUnknown: It could not be
            found or cited.
    """
    if not by.has_perm("policies.edit"):
        raise PermissionDenied
    document = PolicyDocument(entered_at=at, entered_by=by)
    _write(document, terms)
    document.save(force_insert=True)
    document.chains.set(terms.chains)
    refile(document)
    note("policies.added", document, by=by, at=at, issuer=document.issuer)
    return document


@transaction.atomic
def change_policy(
    document_id: int, terms: PolicyTerms, *, by: User, at: dt.datetime
) -> PolicyDocument:
    """Replace what is known of a document; of a published one, only what it is filed under.

    Raises:
        PolicyMoveNotPossible: It was replaced or abolished.
        PublishedPolicyStays: It is published, and more than its filing would change.
        PolicyIncomplete, PolicyPeriodWrong, SourceAddressWrong, IndustryUnknown: It could not be
            found or cited.
    """
    document = locked_beside(document_id, "change", by=by)
    before = {name: getattr(document, name) for name in (*FACTS, *LISTS)}
    chains_before = set(document.chains.values_list("pk", flat=True))
    _write(document, terms)
    changed = [name for name, value in before.items() if getattr(document, name) != value]
    if document.status == PolicyStatus.PUBLISHED and set(changed) & set(FACTS):
        raise PublishedPolicyStays(title=before["title"])
    if chains_before != {each.pk for each in terms.chains}:
        changed.append("chains")
    if changed:
        document.save(update_fields=[each for each in changed if each != "chains"])
        document.chains.set(terms.chains)
        refile(document)
        note("policies.changed", document, by=by, at=at, fields=changed)
    return document


@transaction.atomic
def revise_policy(document_id: int, *, by: User, at: dt.datetime) -> PolicyDocument:
    """Begin the next version as a copy with aspects, articles, duties and measures.

    The present version holds until the next one is published and valid.

    Raises:
        PolicyMoveNotPossible: It is not published.
        VersionBegun: The next version was begun already.
    """
    earlier = locked_beside(document_id, "revise", by=by)
    begun = PolicyDocument.objects.filter(replaces=earlier).first()
    if begun is not None:
        raise VersionBegun(version=begun.version, title=begun.title)
    later = PolicyDocument(
        **{name: getattr(earlier, name) for name in (*FACTS, *LISTS)},
        version=earlier.version + 1,
        first_id=earlier.family_id,
        replaces=earlier,
        entered_at=at,
        entered_by=by,
    )
    later.valid_from = later.valid_until = later.published_on = None
    later.save(force_insert=True)
    later.chains.set(earlier.chains.all())
    _copy_parts(earlier, later)
    refile(later)
    note("policies.version_begun", later, by=by, at=at, earlier=earlier.pk)
    return later


@transaction.atomic
def discard_policy(document_id: int, *, by: User, at: dt.datetime) -> None:
    """Throw away a document that nobody outside the zone knows; the event keeps its title.

    Raises:
        PolicyMoveNotPossible: It was published meanwhile; from then it can be abolished.
    """
    document = locked_beside(document_id, "discard", by=by)
    note("policies.discarded", document, by=by, at=at, number=document.number)
    for overlap in Overlap.objects.open().filter(article__document=document).order_by("pk"):
        cancel_items(overlap, by=by, at=at)
    # Measures and articles hold each other and their aspects: what refers goes first.
    document.measures.all().delete()
    document.articles.all().delete()
    document.delete()


def _write(document: PolicyDocument, terms: PolicyTerms) -> None:
    title, issuer = tidy(terms.title), tidy(terms.issuer)
    if not title or not issuer:
        raise PolicyIncomplete
    first, until = terms.valid_from, terms.valid_until
    if first is not None and until is not None and until < first:
        raise PolicyPeriodWrong(first=first.isoformat(), until=until.isoformat())
    if terms.source_url.strip() and not terms.source_url.strip().startswith(WEB):
        raise SourceAddressWrong
    industries = sorted({each.strip().upper() for each in terms.industries if each.strip()})
    known = Industry.objects.filter(code__in=industries).values_list("code", flat=True)
    if missing := sorted(set(industries) - set(known)):
        raise IndustryUnknown(codes="、".join(missing))
    for name in FACTS:
        value = getattr(terms, name)
        setattr(document, name, value.strip() if isinstance(value, str) else value)
    document.title, document.issuer, document.industries = title, issuer, industries
    for name in ("themes", "sizes", "stages"):
        setattr(document, name, [str(each) for each in getattr(terms, name)])


def _copy_parts(earlier: PolicyDocument, later: PolicyDocument) -> None:
    """Aspects, articles with their duties, and measures, each kind in one write."""
    old_aspects = list(earlier.aspects.order_by("position"))
    new_aspects = PolicyAspect.objects.bulk_create(
        [
            PolicyAspect(document=later, position=each.position, title=each.title)
            for each in old_aspects
        ]
    )
    aspects = {old.pk: new for old, new in zip(old_aspects, new_aspects, strict=True)}
    old_articles = list(earlier.articles.in_order())
    new_articles = PolicyArticle.objects.bulk_create(
        [
            PolicyArticle(
                document=later,
                aspect=aspects.get(each.aspect_id or 0),
                position=each.position,
                number=each.number,
                title=each.title,
                wording=each.wording,
                wording_note=each.wording_note,
                kind=each.kind,
                covers_aspect=each.covers_aspect,
                lead_id=each.lead_id,
            )
            for each in old_articles
        ]
    )
    articles = {old.pk: new for old, new in zip(old_articles, new_articles, strict=True)}
    shared = PolicyArticle.responsible.through
    shared.objects.bulk_create(
        [
            shared(policyarticle_id=articles[article_id].pk, unit_id=unit_id)
            for article_id, unit_id in shared.objects.filter(policyarticle__document=earlier)
            .order_by("pk")
            .values_list("policyarticle_id", "unit_id")
        ]
    )
    PolicyMeasure.objects.bulk_create(
        [
            PolicyMeasure(
                document=later,
                article=articles.get(each.article_id or 0),
                position=each.position,
                key=each.key,
                title=each.title,
                applicant=each.applicant,
                description=each.description,
                pack_measure=each.pack_measure,
                limit=each.limit,
                is_planned=each.is_planned,
            )
            for each in earlier.measures.order_by("position", "pk")
        ]
    )
