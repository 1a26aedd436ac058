"""Rule packs of the demo zone: its own policy as rules, and packs of other places to look at."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from lianqi.accounts.models import User
from lianqi.matching.actions import adopt_pack, adopt_shipped, publish_pack, revise_pack
from lianqi.ops.demo.people import People
from lianqi.ops.demo.policies import OWN_TITLE
from lianqi.policies.models import PolicyDocument
from lianqi.register.actions import add_fact
from lianqi.register.models import Enterprise, Fact

DATA = Path(__file__).parent / "data"
OWN = "yunling-growth"
# In force, and about enterprises as a high-tech zone has them; one waits to be read.
TAKEN_OVER = ("rm15-hefei-tapeout", "rm20-gongyi-hiring", "rm14-fujian-power-2026")
BOTH = 20_000_000  # yuan of revenue from which its own policy gives two awards
WAITS = "rm08-shenzhen-software"
DAY = dt.timedelta(days=1)
REVIEWED = "已与法制部门逐条核对，提示事项不影响执行。"


def fill_packs(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Publish the packs, begin a revision of one, and let firms state what the rules ask for."""
    editor, at = people.editor, now - 20 * DAY
    own = adopt_pack(
        (DATA / f"{OWN}.yaml").read_text("utf-8"),
        (DATA / f"{OWN}.cases.yaml").read_text("utf-8"),
        by=editor,
        at=at,
        document=_own_policy(),
    )
    publish_pack(own.pk, by=editor, at=at, reason=REVIEWED)
    for name in TAKEN_OVER:
        row = adopt_shipped(name, by=editor, at=at)
        publish_pack(row.pk, by=editor, at=at, reason=REVIEWED)
    revise_pack(row.pk, by=editor, at=now - 2 * DAY)
    adopt_shipped(WAITS, by=editor, at=now - DAY)
    _state(people.dispatcher, firms, now=now)


def _own_policy() -> PolicyDocument | None:
    titled = PolicyDocument.objects.made_known().filter(title=OWN_TITLE)
    return titled.order_by("-version").first()


def _state(by: User, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Research expenses and revenues of two years, from reports: above, at and below the mark."""
    last = now.year - 1
    for number, firm in enumerate(firms[:12]):
        revenue = _revenue(firm, last)
        if revenue is None:
            continue
        share, before = 3 + number % 5, 80 + number % 4 * 8
        if is_of_both := number % 3 == 1 and revenue >= BOTH:
            share, before = 7, 80  # meets two awards, of which the higher is paid
        stated = {
            (f"{last}", "研发费用"): revenue * share / 100,
            (f"{last - 1}", "revenue"): revenue * before / 100,
        }
        for (period, key), value in stated.items():
            if (
                number % 4 == 3 and not is_of_both and key == "研发费用"
            ):  # what is missing is asked for
                continue
            add_fact(
                firm.pk, key=key, value=value.quantize(Decimal("0.01")), unit="元", period=period,
                source=f"{period}年度审计报告", by=by, at=now - 15 * DAY,
            )  # fmt: skip


def _revenue(firm: Enterprise, year: int) -> Decimal | None:
    facts = Fact.objects.standing().filter(enterprise=firm).of_year("revenue", year)
    return facts.order_by("-observed_at", "-pk").values_list("value", flat=True).first()
