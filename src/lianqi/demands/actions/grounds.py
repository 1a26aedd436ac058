"""Keeping the list of grounds on which a demand may be called not solvable."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.keeping import add_coded, change_row
from lianqi.demands.errors import GroundCodeTaken, GroundIncomplete
from lianqi.demands.models import Ground
from lianqi.engines.text import tidy

# What a zone begins with; it keeps the list as its own data afterwards.
FIRST_GROUNDS = (
    (
        "no_basis",
        "没有法律法规或政策依据",
        "No ground in law or policy",
        "可向制定政策的机关提出建议；企业服务中心可以代为转交。",
        "You may put a proposal to the authority that makes the policy, by the service centre.",
    ),
    (
        "beyond_powers",
        "超出高新区职权",
        "Beyond the powers of the zone",
        "可向有权处理的上级机关提出；企业服务中心可以代为转交。",
        "You may turn to the authority above that has the power, by the service centre.",
    ),
    (
        "used_up",
        "指标或资金已用完",
        "Quota or funds are used up",
        "可在下一批次申报；开始申报时将通知企业。",
        "You may apply in the next round; you are told when it opens.",
    ),
    (
        "not_yet",
        "客观条件尚不具备",
        "The conditions are not there yet",
        "条件具备后可以重新提出，请注明本诉求编号。",
        "You may ask again when they are; please mention this number.",
    ),
    (
        "civil",
        "属于企业之间的民事纠纷",
        "A dispute between enterprises under civil law",
        "可申请调解、仲裁或者向人民法院起诉。",
        "You may ask for mediation or arbitration, or go to court.",
    ),
    (
        "in_procedure",
        "已进入诉讼、仲裁或行政复议程序",
        "In court, arbitration or administrative review already",
        "以该程序的结果为准。",
        "The outcome of that procedure decides.",
    ),
)


@transaction.atomic
def load_grounds(*, at: dt.datetime) -> int:
    """Write the first grounds where there are none; return how many were written."""
    if Ground.objects.exists():
        return 0
    rows = Ground.objects.bulk_create(
        Ground(
            code=code, name_zh=zh, name_en=en, turn_zh=turn_zh, turn_en=turn_en, position=position
        )
        for position, (code, zh, en, turn_zh, turn_en) in enumerate(FIRST_GROUNDS)
    )
    record("demands.grounds_loaded", rows[0], by=Automat(), at=at, grounds=len(rows))
    return len(rows)


@transaction.atomic
def create_ground(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    turn_zh: str,
    turn_en: str,
    position: int,
    by: User,
    at: dt.datetime,
) -> Ground:
    """Add a ground.

    Raises:
        GroundCodeTaken: The code, which never changes, belongs to another ground.
        GroundIncomplete: A name, or where to turn, is missing.
    """
    ground = Ground(
        code=tidy(code),
        name_zh=tidy(name_zh),
        name_en=tidy(name_en),
        turn_zh=tidy(turn_zh),
        turn_en=tidy(turn_en),
        position=position,
    )
    verb = "demands.ground_created"
    add_coded(ground, taken=GroundCodeTaken, check=_check, verb=verb, by=by, at=at)
    return ground


@transaction.atomic
def change_ground(
    ground_id: int,
    *,
    name_zh: str,
    name_en: str,
    turn_zh: str,
    turn_en: str,
    position: int,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> Ground:
    """Change everything but the code. Demands told so already show the new words too.

    Raises:
        GroundIncomplete: A name, or where to turn, is missing.
    """
    values = {
        "name_zh": tidy(name_zh),
        "name_en": tidy(name_en),
        "turn_zh": tidy(turn_zh),
        "turn_en": tidy(turn_en),
        "position": position,
        "is_active": is_active,
    }
    verb = "demands.ground_changed"
    return change_row(Ground, ground_id, values, check=_check, verb=verb, by=by, at=at)


def _check(ground: Ground) -> None:
    named = ground.code and ground.name_zh and ground.name_en
    if not (named and ground.turn_zh and ground.turn_en):
        raise GroundIncomplete
