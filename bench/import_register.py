"""How long an import of many rows takes and how much memory it needs.

Run it against a migrated database that may be filled with invented enterprises:

    LIANQI_DATABASE_URL=postgresql://… LIANQI_SECRET_KEY=… .venv/bin/python bench/import_register.py

It writes a spreadsheet of 20,000 invented enterprises with 20 columns, previews and applies it
through the real actions, then previews the same file once more, and prints seconds, rows per second
and the largest resident memory of the process.
"""

import argparse
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
django.setup()

# ruff: noqa: E402  # models can be imported only now
from django.core.files.base import File
from django.utils import timezone

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.engines.tables import write_table
from lianqi.engines.text import make_credit_code
from lianqi.register.actions import (
    apply_import,
    load_industries,
    preview_import,
    request_apply,
    set_mapping,
    start_import,
)
from lianqi.register.models import ImportRun, Industry

HEADER = [
    "统一社会信用代码", "企业名称", "登记状态", "企业类型", "行业代码", "所属街道", "注册地址",
    "园区", "产业链", "环节", "注册资本（万元）", "成立日期", "法定代表人", "联系人", "联系电话",
    "从业人员（2025年）", "2025年营业收入（万元）", "2025年资产总额（万元）", "称号", "有效期至",
]  # fmt: skip
SYLLABLES = "云岭海纳远山启明星河瑞丰博雅宏图致远嘉禾天工开物百川汇智创芯光谱合力同心凌霄鼎盛恒信"


def companies(count: int, codes: list[str], seed: int) -> Iterator[list[object]]:
    """Rows of invented enterprises, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        name = "".join(chance.choices(SYLLABLES, k=6))
        yield [
            make_credit_code(f"{10_000_000 + seed * 1_000_000 + number}"),
            f"云岭{name}{number}科技有限公司", "在营", "工业", chance.choice(codes),
            f"{chance.randint(1, 8)}号街道", f"科技路{number}号", f"园区{chance.randint(1, 30)}",
            f"产业链{chance.randint(1, 8)}", "中游", chance.randint(10, 90_000), "2019年3月5日",
            "陈海", "林晓", f"138{number:08d}", chance.randint(1, 3000),
            chance.randint(10, 500_000), chance.randint(10, 500_000),
            "高新技术企业" if chance.random() < 0.2 else None, "2027-11-30",
        ]  # fmt: skip


def keeper() -> User:
    user, _ = User.objects.get_or_create(username="bench", defaults={"name": "测试"})
    RoleAssignment.objects.get_or_create(user=user, role=Role.DISPATCHER, scope=Scope.ZONE)
    return user


def timed(label: str, rows: int, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{label:24} {seconds:7.1f} s {rows / seconds:9,.0f} rows/s   peak {peak} MB")


def uploaded(path: Path, by: User) -> ImportRun:
    with path.open("rb") as file:
        run = start_import(
            File(file, name=path.name),
            name=path.name,
            max_bytes=50 * 1024 * 1024,
            by=by,
            at=timezone.now(),
        )
    return set_mapping(run.pk, columns=run.mapping, by=by, at=timezone.now())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    load_industries()
    codes = list(Industry.objects.filter(level=4).order_by("code").values_list("code", flat=True))
    by = keeper()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enterprises.xlsx"
        write_table(path, HEADER, companies(chosen.rows, codes, chosen.seed))  # type: ignore[arg-type]  # invented cells
        print(f"{chosen.rows} rows, {path.stat().st_size // 1024} KB")
        run = uploaded(path, by)
        timed("preview", chosen.rows, lambda: preview_import(run.pk, at=timezone.now()))
        request_apply(run.pk, by=by, at=timezone.now())
        timed("apply", chosen.rows, lambda: apply_import(run.pk, at=timezone.now()))
        again = uploaded(path, by)
        timed("the same again", chosen.rows, lambda: preview_import(again.pk, at=timezone.now()))
    for each in (run, again):
        each.refresh_from_db()
        print(each.state, each.counts)


if __name__ == "__main__":
    main()
