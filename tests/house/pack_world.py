"""Rule packs of the small zone: one in each state, of two documents; and matching runs."""

from lianqi.accounts.models import User
from lianqi.matching.models import MatchRun, RulePack, digest_of
from tests.factories import AT
from tests.matching.scene import CASES, TEXT

ALWAYS = TEXT.replace(
    "in_force: {from: 2026-01-01, to: 2026-12-31}", "in_force: {from: 2020-01-01}"
)


def fill_packs(by: User) -> None:
    """The published one is in force on any day; the draft is its next revision."""
    states = (("withdrawn", 1), ("published", 2), ("draft", 3))
    for status, revision in states:
        RulePack.objects.create(
            key="growth", version="2026", revision=revision, title=f"若干措施（{status}）",
            text=ALWAYS, cases_text=CASES, digest=digest_of(ALWAYS), status=status,
            entered_at=AT, entered_by=by,
            published_at=None if status == "draft" else AT,
            withdrawn_at=AT if status == "withdrawn" else None,
        )  # fmt: skip
    MatchRun.objects.create(kind="all", day=AT.date(), created_at=AT, started_by=by)
