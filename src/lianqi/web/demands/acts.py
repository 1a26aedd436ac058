"""The acts on a demand, one address each, in the order of its life."""

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings

from lianqi.demands import actions
from lianqi.demands.enums import ReportKind
from lianqi.demands.models import ContactAttempt, Demand, Question
from lianqi.demands.queries import periods_of
from lianqi.web.demands.doors import door


def _rating_days(demand: Demand) -> int:
    return periods_of(demand.category_id).rating_days


def _reopen_days(demand: Demand) -> int:
    return periods_of(demand.category_id).reopen_days


def _log_contact(
    demand_id: int, *, made_at: dt.datetime | None, at: dt.datetime, **given: Any
) -> ContactAttempt:
    """Whoever does not say when has spoken just now."""
    return actions.log_contact(demand_id, made_at=made_at or at, at=at, **given)


def _reply(demand_id: int, *, attachments: list[Any], **given: Any) -> Question:
    return actions.reply_to_question(
        demand_id,
        uploads=attachments,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        daemon=settings.CLAMAV_ADDRESS,
        **given,
    )


# To a unit, and back.
dispatch = door("dispatch", actions.dispatch_demand)
recall = door("recall", actions.recall_demand)
move_category = door("move_category", actions.move_category)
accept = door("accept", actions.accept_demand)
object_ = door("object", actions.object_to_dispatch)
uphold = door("uphold", actions.uphold_objection)
overrule = door("overrule", actions.overrule_objection)
arbitrate = door("arbitrate", actions.arbitrate_objection)
ask_transfer = door("ask_transfer", actions.ask_transfer)
transfer = door("transfer", actions.transfer_demand)
refuse_transfer = door("refuse_transfer", actions.refuse_transfer)
add_assistance = door("add_assistance", actions.add_assistance)
remove_assistance = door("remove_assistance", actions.remove_assistance)
contribute = door("contribute", actions.contribute)
merge = door("merge", actions.merge_demand)
unmerge = door("unmerge", actions.unmerge_demand)

# While it is worked on.
contact = door("contact", _log_contact)
note = door("note", actions.write_note)
interim = door("interim", partial(actions.write_report, kind=ReportKind.INTERIM, is_shared=True))
progress = door("progress", partial(actions.write_report, kind=ReportKind.PROGRESS))
ask = door("ask", actions.ask_enterprise)
reply = door("reply", _reply)
resume = door("resume", actions.resume_demand)
close_unreplied = door(
    "close_unreplied",
    actions.close_unreplied,
    after_days=lambda _demand: settings.QUESTION_CLOSE_DAYS,
)
ask_extension = door("ask_extension", actions.ask_extension)
decide_extension = door("decide_extension", actions.decide_extension)
change_urgency = door("change_urgency", actions.change_urgency)
reassign = door("reassign", actions.reassign_handler)
write_to_tipster = door("write_to_tipster", actions.write_to_tipster)

# The answer, and what is said of it.
answer = door("answer", actions.answer_demand)
propose_unsolvable = door("propose_unsolvable", actions.propose_unsolvable)
sign_unsolvable = door("sign_unsolvable", actions.sign_unsolvable)
appeal = door("appeal", actions.appeal_unsolvable)
appeal_by_phone = door("appeal_by_phone", actions.appeal_by_phone)
decide_appeal = door("decide_appeal", actions.decide_appeal)
confirm = door("confirm", actions.confirm_demand)
confirm_by_phone = door("confirm_by_phone", actions.confirm_by_phone)
dispute = door("dispute", actions.dispute_demand)
dispute_by_phone = door("dispute_by_phone", actions.dispute_by_phone)
reopen = door("reopen", actions.reopen_demand, window_days=_reopen_days)
rate = door("rate", actions.rate_demand, window_days=_rating_days)
rate_again = door("rate_again", actions.rate_again, window_days=_rating_days)
contact_remedy = door("contact_remedy", actions.note_remedy_contact)
finish_remedy = door("finish_remedy", actions.finish_remedy)
end_representation = door("end_representation", actions.end_representation)
withdraw = door("withdraw", actions.withdraw_demand)
