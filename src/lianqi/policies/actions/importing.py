"""Articles with their duties out of a spreadsheet, all of them or none."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.policies.actions.dividing import ArticleTerms, add_articles, aspects_called
from lianqi.policies.actions.duties import assign_duties
from lianqi.policies.columns import ArticleLine
from lianqi.policies.models import PolicyArticle


@transaction.atomic
def import_articles(
    document_id: int, lines: Sequence[ArticleLine], *, by: User, at: dt.datetime
) -> list[PolicyArticle]:
    """Add articles behind the ones there are, and give them the duties that stand beside them.

    Raises:
        As `add_aspects`, `add_articles` and `assign_duties`.
    """
    aspects = aspects_called(document_id, [each.aspect for each in lines], by=by, at=at)
    terms = [
        ArticleTerms(
            number=each.number,
            title=each.title,
            wording=each.wording,
            wording_note=each.wording_note,
            kind=each.kind,
            aspect=aspects.get(each.aspect),
        )
        for each in lines
    ]
    made = add_articles(document_id, terms, by=by, at=at)
    alike: dict[tuple[int | None, tuple[int, ...]], list[int]] = {}
    owed = {}
    for line, article in zip(lines, made, strict=True):
        if line.lead is None and not line.responsible:
            continue
        duty = (line.lead.pk if line.lead else None, tuple(unit.pk for unit in line.responsible))
        alike.setdefault(duty, []).append(article.pk)
        owed[duty] = line
    for duty, articles in alike.items():
        line = owed[duty]
        assign_duties(
            document_id, articles, lead=line.lead, responsible=line.responsible, by=by, at=at
        )
    return made
