"""Two versions of a document side by side."""

from dataclasses import dataclass

from lianqi.policies.models import PolicyArticle, PolicyDocument


@dataclass(frozen=True, slots=True)
class ArticlePair:
    """An article in both versions, by its number; None where a version has none of that number."""

    number: str
    earlier: PolicyArticle | None
    later: PolicyArticle | None

    @property
    def is_changed(self) -> bool:
        return _said(self.earlier) != _said(self.later)


def compared(earlier: PolicyDocument, later: PolicyDocument) -> list[ArticlePair]:
    """The articles of both, in the order of the later one; those that went follow at the end."""
    old = {each.number: each for each in earlier.articles.with_duties().in_order()}
    new = {each.number: each for each in later.articles.with_duties().in_order()}
    return [
        ArticlePair(number, old.get(number), new.get(number))
        for number in [*new, *(number for number in old if number not in new)]
    ]


def _said(article: PolicyArticle | None) -> tuple[object, ...] | None:
    if article is None:
        return None
    units = sorted(unit.pk for unit in article.responsible.all())
    return article.title, article.wording, article.wording_note, article.lead_id, tuple(units)
