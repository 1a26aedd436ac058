"""Everything that writes service plans."""

from lianqi.plans.actions.agreeing import (
    agree_to_plan,
    propose_plan,
    record_agreement,
    send_back_plan,
    take_back_plan,
)
from lianqi.plans.actions.carrying import (
    judge_measure,
    report_progress,
    restate_measure,
    resume_measure,
    settle_measure,
    start_plan,
)
from lianqi.plans.actions.clocks import load_plan_clocks
from lianqi.plans.actions.drafting import (
    begin_plan,
    entrust_plan,
    link_demand,
    note_plan,
    unlink_demand,
    write_plan,
)
from lianqi.plans.actions.ending import complete_plan, end_plan, review_plan
from lianqi.plans.actions.measures import (
    add_measure,
    change_measure,
    drop_measure,
    place_measure,
    postpone_measure,
)
from lianqi.plans.actions.reading import record_export, record_view

__all__ = [
    "add_measure",
    "agree_to_plan",
    "begin_plan",
    "change_measure",
    "complete_plan",
    "drop_measure",
    "end_plan",
    "entrust_plan",
    "judge_measure",
    "link_demand",
    "load_plan_clocks",
    "note_plan",
    "place_measure",
    "postpone_measure",
    "propose_plan",
    "record_agreement",
    "record_export",
    "record_view",
    "report_progress",
    "restate_measure",
    "resume_measure",
    "review_plan",
    "send_back_plan",
    "settle_measure",
    "start_plan",
    "take_back_plan",
    "unlink_demand",
    "write_plan",
]
