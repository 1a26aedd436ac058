"""Departments' lists of the demo zone: two taken over, one whose preview waits for a decision."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile

from lianqi.engines.tables import write_table
from lianqi.matching.actions import ListAbout, apply_list, preview_list, start_list
from lianqi.ops.demo.people import People
from lianqi.register.actions import request_apply
from lianqi.register.models import Enterprise

DAY = dt.timedelta(days=1)
CODE, NAME = "统一社会信用代码", "企业名称"
MOST = 40  # enterprises of a list


def take_lists_over(people: People, firms: Sequence[Enterprise], *, now: dt.datetime) -> None:
    """What the tax office and the office of science list; rows that cannot be taken among it."""
    chosen, last = list(firms[:MOST]), str(now.year - 1)
    filed = [[each.code, each.name] for each in chosen[::2]]
    filed.append(["", "云岭查无此企业有限公司"])
    _taken(
        people,
        ListAbout(
            "rd_deduction_filed", f"税务局{last}年度研发费用加计扣除申报名单", preset=True,
            observed_at=now - 20 * DAY,
        ),
        f"{last}年加计扣除申报名单.xlsx", [CODE, NAME], filed, at=now - 6 * DAY,
    )  # fmt: skip
    paid: list[list[Any]] = [
        [each.code, 12 + number * 7.5] for number, each in enumerate(chosen[: MOST // 2])
    ]
    paid[3][1] = "约80"
    _taken(
        people,
        ListAbout("tax_paid", f"税务局{last}年度纳税情况", period=last, observed_at=now - 15 * DAY),
        f"{last}年度纳税情况.xlsx", [CODE, "纳税额（万元）"], paid, at=now - 5 * DAY,
    )  # fmt: skip
    awarded = [
        [each.name, f"{last}-10-28", f"{now.year + 2}-10-27"] for each in chosen[1::6]
    ]  # fmt: skip
    _looked_at(
        people,
        ListAbout(
            "titles", f"关于{last}年第一批高新技术企业的公告",
            preset={"label": "高新技术企业", "level": "national", "batch": f"{last}年第1批"},
        ),
        f"{last}年第一批高新技术企业名单.xlsx", [NAME, "发证日期", "有效期至"], awarded,
        at=now - DAY,
    )  # fmt: skip


def _looked_at(
    people: People,
    about: ListAbout,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    at: dt.datetime,
) -> int:
    book = io.BytesIO()
    write_table(book, header, rows)  # type: ignore[arg-type]  # the writer takes a file as well
    upload = ContentFile(book.getvalue(), name=name)
    run = start_list(
        upload, about, name=name, max_bytes=1_000_000, by=people.dispatcher, at=at
    )  # fmt: skip
    preview_list(run.pk, at=at)
    return int(run.pk)


def _taken(
    people: People,
    about: ListAbout,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    at: dt.datetime,
) -> None:
    run_id = _looked_at(people, about, name, header, rows, at=at)
    request_apply(run_id, by=people.dispatcher, at=at)
    apply_list(run_id, at=at)
