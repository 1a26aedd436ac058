"""Rule packs of the small zone: one in each state, of two documents; and matching runs."""

from lianqi.accounts.models import User
from lianqi.matching.models import (
    FactList,
    MatchRun,
    ReviewAnswer,
    RulePack,
    SavedAssessment,
    digest_of,
)
from lianqi.register.models import Enterprise, Statement
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
    FactList.objects.create(
        subject="matching", state="previewed", file_name="名单.xlsx", path="missing.xlsx",
        fact="abnormal", label="经营异常", preset=True, source="市场监督管理局名单",
        observed_at=AT, created_by=by, created_at=AT,
    )  # fmt: skip


def fill_answers(firm: Enterprise, by: User) -> None:
    """What was stated about an enterprise, what a reviewer answered, and what was saved."""
    Statement.objects.create(
        enterprise=firm, key="tax_here", value=True, source="enterprise",
        observed_at=AT, stated_at=AT, stated_by=by,
    )  # fmt: skip
    ReviewAnswer.objects.create(
        enterprise=firm, pack_key="growth", pack_version="2026", question_key="plan_model",
        question="项目是否具有示范作用？", answer=True, reason="在名单内",
        answered_at=AT, answered_by=by,
    )  # fmt: skip
    SavedAssessment.objects.create(
        enterprise=firm, pack=RulePack.objects.published().get(), measure_key="rd",
        title="研发投入奖励", on=AT.date(), status="met", rule_digest="0" * 64, kept="{}",
        saved_at=AT, saved_by=by,
    )  # fmt: skip
