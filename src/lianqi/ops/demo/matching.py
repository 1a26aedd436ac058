"""Matching in the demo zone: a run of everything, a draft with a lower mark, enterprises told."""

import datetime as dt

from django.utils import timezone

from lianqi.matching.actions import (
    carry_out,
    change_pack,
    review,
    revise_pack,
    save_assessment,
    set_telling,
    start_pack_run,
    start_run,
    tell_all,
)
from lianqi.matching.models import RulePack
from lianqi.ops.demo.packs import OWN
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise, Statement

HOUR = dt.timedelta(hours=1)
# The zone thinks of paying from 4 % on, but less: some would gain, some would get less.
CHANGED = {
    "研发费用占营业收入比重超过5%": "研发费用占营业收入比重超过4%",
    "研发费用 / 营业收入 > 5%": "研发费用 / 营业收入 > 4%",
    "研发费用的3%，最高50万元": "研发费用的2%，最高50万元",
    "研发费用 × 3%, 50万元": "研发费用 × 2%, 50万元",
}
REASONS = (
    "现场核查：产线数据全部接入，单位产品能耗下降18%，已有3家企业前来学习。",
    "现场核查：仅完成财务软件升级，生产环节尚未改造。",
)
CHANGED_CASES = {
    "恰为5%": "恰为4%",
    "超过5%": "超过4%",
    "研发费用[上年]: 100万元": "研发费用[上年]: 80万元",
    "研发费用[上年]: 101万元": "研发费用[上年]: 81万元",
    "3.03万元": "1.62万元",
    "18万元": "12万元",
}


def match_everything(people: People, *, now: dt.datetime) -> None:
    """Match the zone, let the firms know what one policy gives them, and try a draft."""
    today = timezone.localdate(now)
    run = start_run(on=today, by=people.editor, at=now - 5 * HOUR)
    carry_out(run.pk, at=now - 5 * HOUR)
    own = RulePack.objects.published().filter(key=OWN).get()
    set_telling(own.pk, tells=True, by=people.dispatcher, at=now - 4 * HOUR)
    tell_all(pack_id=own.pk, on=today, by=people.dispatcher, at=now - 4 * HOUR)
    draft = revise_pack(own.pk, by=people.editor, at=now - 3 * HOUR)
    change_pack(
        draft.pk,
        _with(CHANGED, draft.text),
        _with(CHANGED_CASES, draft.cases_text),
        by=people.editor,
        at=now - 2 * HOUR,
        document=draft.document,
    )
    preview = start_pack_run(draft.pk, on=today, by=people.editor, at=now - HOUR)
    carry_out(preview.pk, at=now - HOUR)


def decide_and_save(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Let a department answer the question of a rule, and keep what decisions rested on."""
    own = RulePack.objects.published().filter(key=OWN).get()
    by, at = people.handlers["economy"][0], now - 2 * HOUR
    question = f"judged:{own.key}/{own.version}.model_effect"
    big = Statement.objects.standing().filter(
        enterprise__in=firms, key="above_scale", value=True
    )  # fmt: skip
    chosen = big.order_by("enterprise").values_list("enterprise", flat=True)
    for firm, is_so, reason in zip(chosen, (True, False), REASONS, strict=False):
        review(firm, question, is_so=is_so, reason=reason, by=by, at=at)
        for measure in ("rd", "model"):
            save_assessment(
                firm, own.pk, measure, on=timezone.localdate(at), by=by, at=at + HOUR
            )  # fmt: skip


def _with(changes: dict[str, str], text: str) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text
