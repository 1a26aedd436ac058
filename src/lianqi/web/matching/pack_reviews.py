"""What was found in a pack before publication, for its page."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lianqi.engines.packs import Pack
from lianqi.engines.packs.linting import sentence_of
from lianqi.matching.models import PackReview, RulePack
from lianqi.matching.queries import reader_language, review_of

SEVERITIES: dict[str, tuple[str | Promise, str]] = {
    "stops": (gettext_lazy("Stops publication"), "red"),
    "warns": (gettext_lazy("Needs a reason"), "amber"),
}


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """The remarks with their words; none where the text was never looked through."""

    review: PackReview | None
    lines: list[dict[str, Any]]

    @property
    def needs_reason(self) -> bool:
        return bool(self.lines)


def review_shown(row: RulePack, pack: Pack | None) -> ReviewShown:
    review, language = review_of(row), reader_language()
    titles = {}
    if pack is not None:
        titles = {each.key: each.title for _, reading in pack.readings for each in reading.measures}
    return ReviewShown(
        review,
        [
            {
                "severity": SEVERITIES[each["severity"]],
                "said": sentence_of(each, language),
                "measure": titles.get(each["measure"], each["measure"]),
                "where": [_named(key, pack) for key in each["where"]],
                "example": each["example"],
            }
            for each in (review.remarks if review else [])
        ],
    )


def _named(key: str, pack: Pack | None) -> str:
    """A fact by its Chinese name; keys of clauses and benefits as they are."""
    spec = pack.catalogue.find(key) if pack else None
    return spec.label if spec else key
