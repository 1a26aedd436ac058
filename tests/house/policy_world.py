"""Policies of the small zone: in every state, the first version replaced by a second one."""

import datetime as dt

from lianqi.accounts.models import Unit, User
from lianqi.policies.enums import Applicant, PolicyStatus
from lianqi.policies.flow import MADE_KNOWN
from lianqi.policies.models import (
    Overlap,
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
    PolicyNote,
    PolicyOutcome,
    PolicyQuestion,
)
from lianqi.register.models import Enterprise
from tests.factories import AT, make_clock_rule

DAY = dt.date(2026, 2, 1)


def fill_policies(units: list[Unit], firms: list[Enterprise], by: User) -> None:
    """One document in each state with an article; those made known have questions of each firm."""
    make_clock_rule("settle_overlap", subject_kind="policies.overlap")
    make_clock_rule("answer_policy_question", subject_kind="policies.policyquestion")
    for status in PolicyStatus:
        is_over = status in {PolicyStatus.REVISED, PolicyStatus.ABOLISHED}
        document = PolicyDocument.objects.create(
            title=f"若干措施（{status}）", issuer="管委会", level="zone", status=status,
            entered_at=AT, entered_by=by, leads=[units[0].pk], search_text="若干措施",
            search_tokens=["若干", "干措", "措施"],
            made_known_at=AT if status in MADE_KNOWN else None,
            ended_on=DAY if is_over else None,
            end_reason="废止" if status == PolicyStatus.ABOLISHED else "",
        )  # fmt: skip
        _parts(document, units)
    first = PolicyDocument.objects.get(status="revised")
    second = PolicyDocument.objects.create(
        title=first.title, issuer="管委会", level="zone", status="published", entered_at=AT,
        entered_by=by, version=2, first=first, replaces=first, leads=[units[0].pk],
        search_text="若干措施", made_known_at=AT,
    )  # fmt: skip
    article = _parts(second, units)
    Overlap.objects.create(article=article, note="交叉", flagged_at=AT, flagged_by=by)
    PolicyNote.objects.create(
        document=second, title="解读", text="内容", written_at=AT, written_by=by
    )
    PolicyOutcome.objects.create(
        document=second, reached=3, source="部门名单", told_at=AT, told_by=by
    )
    for firm in firms:
        known = {"document": second, "enterprise": firm, "unit": units[0], "asked_by": by}
        answered = {"answer": "可以。", "answered_at": AT, "answered_by": by}
        PolicyQuestion.objects.create(text="可以吗？", asked_at=AT, **known, **answered)
    PolicyQuestion.objects.create(
        text="何时？", asked_at=AT, is_published=True, **known, **answered
    )
    PolicyQuestion.objects.create(text="多少？", asked_at=AT, **known)


def _parts(document: PolicyDocument, units: list[Unit]) -> PolicyArticle:
    aspect = PolicyAspect.objects.create(document=document, position=1, title="金融支持")
    article = PolicyArticle.objects.create(
        document=document, aspect=aspect, position=1, number="第一条", wording="贴息。",
        lead=units[0],
    )  # fmt: skip
    article.responsible.set([units[0], units[2]])
    PolicyMeasure.objects.create(
        document=document, article=article, position=1, key="M1", title="贴息",
        applicant=Applicant.LOAN,
    )  # fmt: skip
    return article
