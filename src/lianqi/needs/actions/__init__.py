"""Everything that writes policy needs."""

from lianqi.needs.actions.batches import open_missing_batches, report_batch
from lianqi.needs.actions.collecting import collect_need
from lianqi.needs.actions.confirming import claim_need, confirm_need, dispute_need
from lianqi.needs.actions.programmes import (
    change_programme,
    create_programme,
    load_need_clocks,
)
from lianqi.needs.actions.pushing import push_daily_counts
from lianqi.needs.actions.reading import record_need_export, record_need_view
from lianqi.needs.actions.solving import (
    give_up_need,
    pay_need,
    record_money,
    report_progress,
    resume_need,
    solve_need,
)
from lianqi.needs.actions.tally import compact_need_tallies, rebuild_need_tallies
from lianqi.needs.actions.triage import hand_back_need, reconsider_need, triage_need

__all__ = [
    "change_programme",
    "claim_need",
    "collect_need",
    "compact_need_tallies",
    "confirm_need",
    "create_programme",
    "dispute_need",
    "give_up_need",
    "hand_back_need",
    "load_need_clocks",
    "open_missing_batches",
    "pay_need",
    "push_daily_counts",
    "rebuild_need_tallies",
    "reconsider_need",
    "record_money",
    "record_need_export",
    "record_need_view",
    "report_batch",
    "report_progress",
    "resume_need",
    "solve_need",
    "triage_need",
]
