"""A department's list from the file to the register: found, refused, compared, taken over."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.matching.actions import ListAbout, apply_list, preview_list, start_list
from lianqi.matching.errors import (
    ListColumnsMissing,
    ListFactUnknown,
    ListHeadingWrong,
    ListOfAnotherPeriod,
    ListPeriodMissing,
)
from lianqi.matching.models import FactList
from lianqi.matching.queries import snapshots
from lianqi.matching.queries.asking import published_catalogue
from lianqi.matching.reasons import reason_text
from lianqi.register.actions import change_enterprise, merge_enterprises, request_apply
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.errors import (
    ObservedInFuture,
    SourceMissing,
    StatementEndsBeforeItBegins,
    UnreadableFile,
)
from lianqi.register.models import Enterprise, Fact, ImportRow, Statement, Title
from tests.factories import AT, make_enterprise
from tests.matching.scene import ON, Scene, make_scene
from tests.register.scene import workbook

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
CODE, NAME = "统一社会信用代码", "企业名称"
ABNORMAL = ListAbout("abnormal", "市场监督管理局经营异常名录（2026年3月）", preset=True)


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return make_scene()


def sent(
    scene: Scene, about: ListAbout, header: Sequence[str], *rows: Sequence[Any], by: User | None = None
) -> FactList:  # fmt: skip
    file = SimpleUploadedFile("名单.xlsx", workbook(header, rows))
    return start_list(
        file, about, name=file.name or "", max_bytes=10**7, by=by or scene.dispatcher, at=AT
    )


def previewed(
    scene: Scene, about: ListAbout, header: Sequence[str], *rows: Sequence[Any]
) -> FactList:
    run = sent(scene, about, header, *rows)
    preview_list(run.pk, at=AT)
    return FactList.objects.get(pk=run.pk)


def applied(scene: Scene, run: FactList, at: dt.datetime = AT) -> FactList:
    request_apply(run.pk, by=scene.dispatcher, at=at)
    apply_list(run.pk, at=at)
    return FactList.objects.get(pk=run.pk)


def plans(run: FactList) -> list[str]:
    return [each.plan for each in run.rows.order_by("number")]


def reasons(run: FactList) -> list[str]:
    with translation.override("en"):
        rows = run.rows.planned(RowPlan.REFUSE)
        return [f"{each.number}: {reason_text(each.reason)}" for each in rows]


def known(firm: Enterprise, slot: str, on: dt.date = ON) -> Any:
    return snapshots([firm.pk], published_catalogue(), on=on)[firm.pk].values.get(slot)


# --- statements -----------------------------------------------------------------------------------


def test_whoever_is_on_the_list_is_so(scene: Scene) -> None:
    run = previewed(
        scene, ABNORMAL, [CODE, NAME, "列入日期"],
        [scene.firm.code, scene.firm.name, "2026-02-01"], ["", scene.other.name, ""],
    )  # fmt: skip
    assert run.state == ImportState.PREVIEWED
    assert plans(run) == ["create", "create"]
    assert not Statement.objects.exists()

    run = applied(scene, run)

    assert run.state == ImportState.APPLIED
    first, second = Statement.objects.order_by("enterprise")
    assert (first.value, first.since, first.source) == (True, dt.date(2026, 2, 1), ABNORMAL.source)
    assert (second.enterprise, second.since) == (scene.other, None)
    assert known(scene.firm, "abnormal") is True
    assert known(scene.firm, "abnormal", on=dt.date(2026, 1, 31)) is None
    event = Event.objects.get(verb="register.statements_listed", enterprise_id=scene.firm.pk)
    assert (event.by_id, event.detail["source"]) == (scene.dispatcher.pk, ABNORMAL.source)


def test_words_by_their_names_and_yes_or_no_by_row(scene: Scene) -> None:
    about = ListAbout("rd_body", "科技局名单")
    run = previewed(
        scene, about, [NAME, "研发机构级别"], [scene.firm.name, "省级"], [scene.other.name, "无"]
    )
    mixed = previewed(
        scene, ABNORMAL, [NAME, "经营异常"], [scene.firm.name, "否"], [scene.other.name, "是"]
    )

    assert [each.values["value"] for each in run.rows.order_by("number")] == ["province", "none"]
    assert [each.values["value"] for each in mixed.rows.order_by("number")] == [False, True]


def test_what_is_known_is_compared(scene: Scene) -> None:
    third = make_enterprise()
    applied(scene, previewed(
        scene, ListAbout("rd_body", "去年名单"), [CODE, "研发机构级别"],
        [scene.firm.code, "市级"], [scene.other.code, "省级"],
    ))  # fmt: skip
    later = ListAbout("rd_body", "今年名单", observed_at=AT)

    run = previewed(
        scene, later, [CODE, "研发机构级别"],
        [scene.firm.code, "省级"], [scene.other.code, "省级"], [third.code, "国家级"],
    )  # fmt: skip

    assert plans(run) == ["change", "same", "create"]
    assert run.rows.get(plan="change").changes == {"before": ["city", "", ""]}
    assert run.counts == {"create": 1, "change": 1, "same": 1, "refuse": 0, "near": 0}
    applied(scene, run, AT + HOUR)
    assert Statement.objects.count() == 4
    assert known(scene.firm, "rd_body") == "province"


def test_a_list_confirms_what_only_the_enterprise_said(scene: Scene) -> None:
    Statement.objects.create(
        enterprise=scene.firm, key="abnormal", value=True, source="enterprise",
        observed_at=AT - DAY, stated_at=AT, stated_by=scene.boss,
    )  # fmt: skip

    run = previewed(scene, ABNORMAL, [CODE], [scene.firm.code])

    assert plans(run) == ["change"]


def test_an_older_list_joins_the_history_and_says_so(scene: Scene) -> None:
    newer = ListAbout("rd_body", "今年名单")
    applied(scene, previewed(scene, newer, [CODE, "研发机构级别"], [scene.firm.code, "省级"]))
    older = ListAbout("rd_body", "去年名单", observed_at=AT - 90 * DAY)

    run = previewed(scene, older, [CODE, "研发机构级别"], [scene.firm.code, "市级"])

    with translation.override("en"):
        (row,) = run.rows.all()
        assert reason_text(row.reason) == (
            "今年名单 stated something later, on 2026-03-04: that goes on counting, and the list "
            "joins the history."
        )
    applied(scene, run)
    assert known(scene.firm, "rd_body") == "province"
    assert Statement.objects.count() == 2


# --- figures and titles ---------------------------------------------------------------------------


def test_figures_of_a_year(scene: Scene) -> None:
    scene.pack()
    about = ListAbout("rd_expense", "统计局2025年研发统计", period="2025")
    header = [CODE, "研发费用（万元）"]
    run = previewed(scene, about, header, [scene.firm.code, 120.5], [scene.other.code, "80万元"])

    applied(scene, run)
    again = previewed(scene, about, header, [scene.firm.code, 120.5], [scene.other.code, 81])

    fact = Fact.objects.get(enterprise=scene.firm)
    assert (fact.key, fact.value, fact.unit, fact.period) == (
        "研发费用", Decimal(1_205_000), "元", "2025"
    )  # fmt: skip
    assert known(scene.other, "rd_expense@2025") == 800_000
    assert plans(again) == ["same", "change"]
    assert Event.objects.filter(verb="register.figures_listed").count() == 2


def test_the_unit_chosen_counts_where_the_heading_names_none(scene: Scene) -> None:
    header = [CODE, "研发费用"]
    about = ListAbout("rd_expense", "名单", period="2025")

    without = previewed(scene, about, header, [scene.firm.code, 5])
    chosen = previewed(
        scene, ListAbout("rd_expense", "名单", period="2025", unit="万元"), header,
        [scene.firm.code, 5],
    )  # fmt: skip

    assert reasons(without) == [
        (
            "2: Cell B2: 5 has no unit (write 研发费用@2025（元） or 研发费用@2025（万元） above the "
            "column)"
        )
    ]
    assert chosen.rows.get().values["value"] == "50000"


def test_the_size_class_follows_a_list_of_figures(scene: Scene) -> None:
    from tests.matching.scene import industry

    change_enterprise(scene.firm.pk, industry=industry(), by=scene.dispatcher, at=AT)
    for fact, heading, value in (
        ("employees", "从业人员", 300),
        ("revenue", "营业收入（万元）", 2000),
    ):
        about = ListAbout(fact, "名单", period="2025")
        applied(scene, previewed(scene, about, [CODE, heading], [scene.firm.code, value]))

    assert Enterprise.objects.get(pk=scene.firm.pk).size_class == "medium"


def test_certificates_become_titles(scene: Scene) -> None:
    about = ListAbout(
        "titles", "2025年第一批高企名单",
        preset={"label": "高新技术企业", "level": "", "batch": "2025年第1批"},
    )  # fmt: skip
    header = [NAME, "发证日期", "有效期至"]
    run = previewed(scene, about, header, [scene.firm.name, "2025-10-28", "2028-10-27"])

    applied(scene, run)
    again = previewed(scene, about, header, [scene.firm.name, "2025-10-28", ""])
    longer = previewed(scene, about, header, [scene.firm.name, "", "2028-12-31"])
    applied(scene, longer)

    title = Title.objects.get()
    assert (title.label, title.level, title.batch) == ("高新技术企业", "national", "2025年第1批")
    assert (title.granted_on, title.valid_until) == (dt.date(2025, 10, 28), dt.date(2028, 12, 31))
    assert title.source == about.source
    assert (plans(again), plans(longer)) == (["same"], ["change"])
    assert known(scene.firm, "high_tech_until") == dt.date(2028, 12, 31)


def test_titles_by_row_with_their_level(scene: Scene) -> None:
    header = [CODE, "资质称号", "级别", "批次"]
    run = previewed(
        scene, ListAbout("titles", "名单", preset={"label": "", "level": "", "batch": ""}), header,
        [scene.firm.code, "瞪羚企业", "市级", "2025"], [scene.firm.code, "独角兽", "", ""],
        [scene.firm.code, "瞪羚企业", "市级", "2025"], [scene.other.code, "瞪羚企业", "乡级", ""],
    )  # fmt: skip

    assert plans(run) == ["create", "refuse", "refuse", "refuse"]
    assert reasons(run) == [
        "3: The title “独角兽” has no level. Add a column with the level.",
        "4: The same enterprise stands in row 2 already. Leave one of them out.",
        "5: Cell C5: “乡级” is no level. Use one of: 国家级、省级、市级、区级.",
    ]


# --- rows that cannot be taken --------------------------------------------------------------------


def test_every_wrong_row_says_where_and_why(scene: Scene) -> None:
    make_enterprise("云岭同名有限公司")
    make_enterprise("云岭同名有限公司")
    about = ListAbout("rd_body", "名单")
    wrong = "91350200MA0000000X"
    run = previewed(
        scene, about, [CODE, NAME, "研发机构级别", "起始日期", "截止日期"],
        ["", "不在册有限公司", "省级", "", ""],
        [wrong, "", "省级", "", ""],
        ["", "云岭同名有限公司", "省级", "", ""],
        [scene.firm.code, "", "县级", "", ""],
        [scene.firm.code, "", "", "", ""],
        ["", "", "省级", "", ""],
        [scene.firm.code, "", "省级", "2026-02-30", ""],
        [scene.firm.code, "", "省级", "2026-02-02", "2026-02-01"],
        [scene.firm.code, "", "省级", "", ""],
        ["", scene.firm.name, "市级", "", ""],
    )  # fmt: skip

    told = reasons(run)

    assert told[0].startswith("2: “不在册有限公司” is not in the register.")
    assert told[1].startswith("3: The credit code has")
    assert told[2].startswith("4: Several enterprises are called “云岭同名有限公司”.")
    assert told[3].startswith("5: Cell C5: 县级 is no value of 研发机构级别")
    assert told[4] == "6: Cell C6 is empty. Enter the value, or leave the row out."
    assert told[5].startswith("7: The row names no enterprise.")
    assert told[6] == "8: Column “起始日期”: the calendar has no day “2026-02-30”."
    assert told[7] == "9: The last day lies before the first. Check both days."
    assert told[8] == "11: The same enterprise stands in row 10 already. Leave one of them out."
    assert len(told) == 9
    with translation.override("zh-hans"):
        assert "C5" in reason_text(run.rows.get(number=5).reason)


def test_a_former_name_and_a_merged_code_find_the_enterprise(scene: Scene) -> None:
    before = scene.firm.name
    change_enterprise(scene.firm.pk, name="云岭新名精密有限公司", by=scene.dispatcher, at=AT)
    merged = make_enterprise("云岭旧册有限公司")
    merge_enterprises(
        survivor_id=scene.other.pk, duplicate_id=merged.pk, by=scene.dispatcher, at=AT
    )

    run = previewed(scene, ABNORMAL, [CODE, NAME], ["", before], [merged.code, "别名有限公司"])

    rows = list(run.rows.order_by("number"))
    assert [each.values["enterprise"] for each in rows] == [scene.firm.pk, scene.other.pk]
    assert rows[1].reason == {"code": "other_name", "params": {"found": "别名有限公司"}}
    applied(scene, run)
    assert known(scene.other, "abnormal") is True


# --- files that cannot be taken -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "header", "refusal"),
    [
        (ListAbout("no_such_fact", "名单"), [CODE], ListFactUnknown),
        (ListAbout("industry", "名单"), [CODE], ListFactUnknown),
        (ListAbout("rd_expense", "名单"), [CODE, "研发费用（万元）"], ListPeriodMissing),
        (ListAbout("abnormal", "名单", period="2025"), [CODE], ListPeriodMissing),
        (ListAbout("abnormal", " ", preset=True), [CODE], SourceMissing),
        (ListAbout("abnormal", "名单", observed_at=AT + HOUR), [CODE], ObservedInFuture),
        (
            ListAbout("abnormal", "名单", since=ON, until=ON - DAY), [CODE],
            StatementEndsBeforeItBegins,
        ),
        (ListAbout("abnormal", "名单"), [CODE, NAME], ListColumnsMissing),
        (ListAbout("rd_body", "名单"), ["研发机构级别", "备注"], ListColumnsMissing),
        (
            ListAbout("rd_expense", "名单", period="2025"), [CODE, "研发费用@2024（万元）"],
            ListOfAnotherPeriod,
        ),
        (
            ListAbout("rd_expense", "名单", period="2025"), [CODE, "研发费用（人）"],
            ListHeadingWrong,
        ),
    ],
)  # fmt: skip
def test_what_is_refused_at_once(
    scene: Scene, about: ListAbout, header: list[str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sent(scene, about, header, [scene.firm.code, 1])

    assert not FactList.objects.exists()


def test_no_table_is_no_list(scene: Scene) -> None:
    file = SimpleUploadedFile("名单.xlsx", b"%PDF-1.7 nothing")

    with pytest.raises(UnreadableFile):
        start_list(file, ABNORMAL, name="名单.xlsx", max_bytes=10**7, by=scene.dispatcher, at=AT)


def test_who_takes_lists_over(scene: Scene) -> None:
    for by in (scene.boss, scene.handler, scene.editor, scene.stranger):
        with pytest.raises(PermissionDenied):
            sent(scene, ABNORMAL, [CODE], [scene.firm.code], by=by)


# --- chunks, crashes, numbers ---------------------------------------------------------------------


def test_a_crash_between_chunks_writes_nothing_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianqi.matching.actions.lists.runs.CHUNK", 1)
    run = previewed(scene, ABNORMAL, [CODE], [scene.firm.code], [scene.other.code])
    request_apply(run.pk, by=scene.dispatcher, at=AT)
    from lianqi.matching.actions.lists import runs

    written = runs.state_list

    def once(*args: Any, **kwargs: Any) -> int:
        if Statement.objects.exists():
            raise ZeroDivisionError
        return written(*args, **kwargs)

    monkeypatch.setattr(runs, "state_list", once)
    with pytest.raises(ZeroDivisionError):
        apply_list(run.pk, at=AT)
    found = FactList.objects.get(pk=run.pk)
    assert (found.state, found.rows_done, Statement.objects.count()) == (ImportState.FAILED, 1, 1)


def test_what_somebody_stated_meanwhile_is_not_stated_again(scene: Scene) -> None:
    first = previewed(scene, ABNORMAL, [CODE], [scene.firm.code])
    second = previewed(scene, ABNORMAL, [CODE], [scene.firm.code])
    applied(scene, first)

    applied(scene, second)

    assert Statement.objects.count() == 1
    assert plans(FactList.objects.get(pk=second.pk)) == ["same"]


def test_a_cancelled_list_writes_nothing_more(scene: Scene) -> None:
    from lianqi.register.actions import cancel_import

    run = previewed(scene, ABNORMAL, [CODE], [scene.firm.code])
    request_apply(run.pk, by=scene.dispatcher, at=AT)
    cancel_import(run.pk, by=scene.dispatcher, at=AT)

    apply_list(run.pk, at=AT)

    assert FactList.objects.get(pk=run.pk).state == ImportState.CANCELLED
    assert not Statement.objects.exists()


def test_a_long_list_takes_as_many_queries_as_a_short_one(scene: Scene) -> None:
    firms = [make_enterprise() for _ in range(60)]

    def queries(rows: list[list[str]]) -> tuple[int, int]:
        run = sent(scene, ABNORMAL, [CODE, NAME], *rows)
        with CaptureQueriesContext(connection) as looking:
            preview_list(run.pk, at=AT)
        request_apply(run.pk, by=scene.dispatcher, at=AT)
        with CaptureQueriesContext(connection) as writing:
            apply_list(run.pk, at=AT)
        return len(looking), len(writing)

    short = queries([[firms[0].code, ""], ["", firms[1].name]])
    long = queries(
        [*([each.code, ""] for each in firms[2:30]), *(["", each.name] for each in firms[30:])]
    )

    assert long == short
    assert ImportRow.objects.count() == 60
