"""What was found in a pack before its publication."""

from lianqi.matching.models import PackReview, RulePack, review_digest


def review_of(row: RulePack) -> PackReview | None:
    """The review of exactly this text; None where it was never looked through."""
    digest = review_digest(row.text, row.cases_text)
    return PackReview.objects.filter(digest=digest).first()
