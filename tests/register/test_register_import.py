"""Spreadsheets on their way into the register, through the real actions."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.audit.models import Event
from lianqi.register.actions import (
    apply_import,
    cancel_import,
    decide_near_duplicates,
    merge_enterprises,
    preview_import,
    request_apply,
    set_mapping,
    start_import,
)
from lianqi.register.actions.importing import applying
from lianqi.register.errors import (
    ImportMoveNotPossible,
    MappingIncomplete,
    MappingTwice,
    PeriodMissing,
    UnreadableFile,
)
from lianqi.register.models import (
    ColumnMemory,
    Contact,
    Enterprise,
    Fact,
    ImportRun,
    KeyList,
    Title,
)
from lianqi.register.queries import refused_rows
from tests.register.scene import MIB, NOON, Scene, code, fresh, workbook

HEADER = ["统一社会信用代码", "企业名称"]
RICH = [
    "统一社会信用代码", "企业名称", "曾用名", "登记状态", "企业类型", "行业代码", "所属街道",
    "注册地址", "网格编号", "园区", "产业链", "环节", "注册资本（万元）", "成立日期", "法定代表人",
    "联系人", "联系电话", "邮箱", "从业人员（2025年）", "2025年营业收入（万元）",
    "2025年资产总额（亿元）", "称号", "批次", "有效期至", "重点企业名单",
]  # fmt: skip
RICH_ROW = [
    code(1), "海纳科技有限公司", "海纳贸易有限公司", "在营", "工业", "3911", "五里街道",
    "科技路1号", "W01", "海纳大厦", "新型显示", "上游", 1500, "2019年3月5日", "陈海",
    "林晓", "138 0000 1234", "lin@example.com", "320人", "45,000", 1.2,
    "高新技术企业；省级专精特新中小企业", "2024年第一批",
    "2027-11-30", "百强企业",
]  # fmt: skip


def counts(run: ImportRun) -> dict[str, int]:
    return {name: run.counts[name] for name in ("create", "change", "same", "refuse")}


def reasons(run: ImportRun) -> list[str]:
    return [row.reason["code"] for row in run.rows.order_by("number") if row.reason]


def test_a_rich_row_fills_every_part_of_the_register(scene: Scene) -> None:
    run = scene.applied(RICH, RICH_ROW)

    enterprise = Enterprise.objects.get()
    assert (run.state, counts(run)) == (
        "applied",
        {"create": 1, "change": 0, "same": 0, "refuse": 0},
    )
    assert (enterprise.status, enterprise.type, enterprise.industry_id) == (
        "operating",
        "industry",
        "3911",
    )
    assert enterprise.capital_yuan == Decimal(15_000_000)
    assert enterprise.established_on == dt.date(2019, 3, 5)
    assert (enterprise.grid, str(enterprise.park)) == (scene.grid, "海纳大厦")
    assert enterprise.size_class == "medium"  # 320 people and 45,000 万元: both reach medium
    assert list(Fact.objects.order_by("key").values_list("key", "value", "unit", "period")) == [
        ("employees", Decimal(320), "人", "2025"),
        ("revenue", Decimal(450_000_000), "元", "2025"),
        ("total_assets", Decimal(120_000_000), "元", "2025"),
    ]
    assert list(Title.objects.order_by("pk").values_list("label", "level", "valid_until")) == [
        ("高新技术企业", "national", dt.date(2027, 11, 30)),
        ("专精特新中小企业", "provincial", dt.date(2027, 11, 30)),
    ]
    contact = Contact.objects.get()
    assert (contact.name, contact.mobile, contact.is_main) == ("林晓", "13800001234", True)
    assert list(enterprise.chain_places.values_list("chain__name", "layer")) == [
        ("新型显示", "上游")
    ]
    assert [former.name for former in enterprise.former_names.all()] == ["海纳贸易有限公司"]
    assert list(KeyList.objects.get(name="百强企业").members.all()) == [enterprise]
    assert list(Enterprise.objects.search("海纳贸易")) == [enterprise]


def test_the_same_file_twice_changes_nothing(scene: Scene) -> None:
    scene.applied(RICH, RICH_ROW)
    before = (Fact.objects.count(), Title.objects.count(), Contact.objects.count())

    run = scene.applied(RICH, RICH_ROW)

    assert counts(run) == {"create": 0, "change": 0, "same": 1, "refuse": 0}
    assert (Fact.objects.count(), Title.objects.count(), Contact.objects.count()) == before
    verbs = Event.objects.filter(subject_kind="register.enterprise").values_list("verb", flat=True)
    assert list(verbs) == ["register.created"]


def test_a_change_is_shown_before_it_is_written_and_blanks_erase_nothing(scene: Scene) -> None:
    scene.applied(RICH, RICH_ROW)
    header = [
        "统一社会信用代码",
        "企业名称",
        "注册资本（万元）",
        "2025年营业收入（万元）",
        "法定代表人",
    ]

    run = scene.previewed(header, [code(1), "海纳智能科技有限公司", 2000, 50_000, None])
    shown = run.rows.get().changes
    scene.apply(run)

    enterprise = Enterprise.objects.get()
    assert shown == {
        "name": ["海纳科技有限公司", "海纳智能科技有限公司"],
        "capital_yuan": ["15000000", "20000000"],
        "revenue 2025": ["450000000", "500000000.00"],
    }
    assert (enterprise.name, enterprise.legal_representative) == ("海纳智能科技有限公司", "陈海")
    assert set(enterprise.former_names.values_list("name", flat=True)) == {
        "海纳贸易有限公司",
        "海纳科技有限公司",
    }
    assert Fact.objects.filter(key="revenue").count() == 2
    changed = Event.objects.get(verb="register.changed")
    assert changed.detail["changed"] == shown


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([None, "海纳有限公司"], "code_missing"),
        (["91000000MA0000015", "海纳有限公司"], "code_length"),
        (["91000000MA0000015I", "海纳有限公司"], "code_character"),
        ([code(1)[:16] + ("1" if code(1)[16] == "0" else "0") + code(1)[17], "海纳"],
         "code_inner_check"),
        ([code(1)[:17] + ("1" if code(1)[17] == "0" else "0"), "海纳"], "code_outer_check"),
        (["350100100012345", "海纳有限公司"], "code_old_registration_number"),
        ([code(1), None], "name_missing"),
        ([code(1), "=A1&B1"], "cell_formula"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_reason(
    scene: Scene, row: list[str | None], reason: str
) -> None:
    run = scene.previewed(HEADER, row)

    assert (counts(run)["refuse"], reasons(run)) == (1, [reason])
    assert Enterprise.objects.count() == 0


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("注册资本（万元）", "约500", "amount_approximate"),
        ("注册资本", "500", "amount_unit_missing"),
        ("注册资本（万元）", "500美元", "amount_foreign_currency"),
        ("注册资本（万元）", -5, "cell_negative"),
        ("注册资本（亿元）", 10**9, "cell_number_too_large"),
        ("2025年从业人员", "12.5", "amount_not_whole"),
        ("成立日期", "2020-02-30", "date_no_such_day"),
        ("成立日期", "2030-01-01", "cell_date_in_future"),
        ("登记状态", "不清楚", "cell_word"),
        ("行业代码", "9999", "cell_industry"),
        ("网格编号", "W99", "cell_grid"),
        ("联系电话", "12345", "cell_mobile"),
        ("邮箱", "nobody", "cell_email"),
        ("称号", "领军企业", "level_missing"),
        ("园区", "园" * 81, "cell_too_long"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_reason(
    scene: Scene, heading: str, cell: object, reason: str
) -> None:
    run = scene.previewed([*HEADER, heading], [code(1), "海纳有限公司", cell])

    assert reasons(run) == [reason]


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("注册资本（万元）", "１，５００", Decimal(15_000_000)),
        ("注册资本", "1.2亿元", Decimal(120_000_000)),
        ("注册资本（元）", " 1 000 ", Decimal(1000)),
    ],
)
def test_full_width_digits_spaces_and_units_are_understood(
    scene: Scene, heading: str, cell: str, expected: Decimal
) -> None:
    wide = code(1).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})

    scene.applied([*HEADER, heading], [f" {wide} ", "海 纳有限公司", cell])

    enterprise = Enterprise.objects.get()
    assert (enterprise.code, enterprise.name) == (code(1), "海纳有限公司")
    assert enterprise.capital_yuan == expected


@pytest.mark.parametrize(
    "cell", ["2019年3月5日", "2019/3/5", "20190305", dt.date(2019, 3, 5), 43529]
)
def test_dates_as_text_and_as_cells_are_one_day(scene: Scene, cell: object) -> None:
    scene.applied([*HEADER, "成立日期"], [code(1), "海纳有限公司", cell])

    assert Enterprise.objects.get().established_on == dt.date(2019, 3, 5)


def test_merged_header_cells_below_a_title_are_read(scene: Scene) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["园区企业一览表", None, None, None])
    sheet.append(["统一社会信用代码", "企业名称", "联系人", None])
    sheet.append([None, None, "姓名", "联系电话"])
    sheet.append([code(1), "海纳有限公司", "林晓", "13800001234"])
    for block in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        sheet.merge_cells(block)
    buffer = io.BytesIO()
    book.save(buffer)

    run = scene.upload(buffer.getvalue())

    assert [column["heading"] for column in run.mapping] == [
        "统一社会信用代码",
        "企业名称",
        "联系人/姓名",
        "联系人/联系电话",
    ]
    assert [column["field"] for column in run.mapping][-1] == "contact_mobile"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_files_are_read_in_both_encodings(scene: Scene, encoding: str) -> None:
    text = f"统一社会信用代码,企业名称\r\n{code(1)},海纳有限公司\r\n"

    scene.apply(scene.previewed([], content=text.encode(encoding)))

    assert Enterprise.objects.get().name == "海纳有限公司"


def test_a_formula_in_a_text_file_is_refused_too(scene: Scene) -> None:
    text = f"统一社会信用代码,企业名称\n{code(1)},=1+1\n"

    run = scene.previewed([], content=text.encode())

    assert reasons(run) == ["cell_formula"]


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * MIB))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file_empty_sheet"),
        (workbook([], []), "file_empty_sheet"),
        (workbook(HEADER, []), "file_empty_sheet"),
        (b"%PDF-1.7 something", "file_not_a_spreadsheet"),
        (zip_bomb(), "file_zip_bomb"),
        (b"PK\x03\x04 broken", "file_broken"),
    ],
)
def test_an_unreadable_file_is_refused_and_not_kept(
    scene: Scene, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        scene.upload(content)

    assert refused.value.reason["code"] == reason
    assert ImportRun.objects.count() == 0


def test_a_file_of_200_mb_is_refused_before_it_is_stored(scene: Scene) -> None:
    file = SimpleUploadedFile("big.xlsx", b"")
    file.size = 200 * MIB

    with pytest.raises(UnreadableFile) as refused:
        start_import(file, name="big.xlsx", max_bytes=50 * MIB, by=scene.keeper, at=NOON)

    assert refused.value.reason == {"code": "file_too_large_bytes", "params": {"limit": 50}}


def test_the_mapping_needs_a_code_a_year_and_no_field_twice(scene: Scene) -> None:
    run = scene.upload(
        workbook(["代号", "企业名称", "营业收入（万元）", "名称"], [["x", "y", 1, "z"]])
    )
    columns = [dict(column) for column in run.mapping]

    with pytest.raises(MappingIncomplete):
        set_mapping(run.pk, columns=columns, by=scene.keeper, at=NOON)  # type: ignore[arg-type]
    columns[0]["field"] = "code"
    with pytest.raises(PeriodMissing):
        set_mapping(run.pk, columns=columns, by=scene.keeper, at=NOON)  # type: ignore[arg-type]
    columns[2]["period"] = "2025"
    columns[3]["field"] = "name"
    with pytest.raises(MappingTwice):
        set_mapping(run.pk, columns=columns, by=scene.keeper, at=NOON)  # type: ignore[arg-type]


def test_a_corrected_mapping_is_remembered_for_the_next_file(scene: Scene) -> None:
    content = workbook(["企业编号（18位）", "企业名称"], [[code(1), "海纳有限公司"]])
    run = scene.upload(content)
    columns = [dict(column) for column in run.mapping]
    columns[0]["field"] = "code"

    set_mapping(run.pk, columns=columns, by=scene.keeper, at=NOON)  # type: ignore[arg-type]
    again = scene.upload(content)

    assert ColumnMemory.objects.get().heading == "企业编号"
    assert again.mapping[0]["field"] == "code"


def test_a_code_that_stands_twice_is_refused_the_second_time(scene: Scene) -> None:
    run = scene.previewed(HEADER, [code(1), "海纳有限公司"], [code(1), "海纳股份有限公司"])

    assert counts(run) == {"create": 1, "change": 0, "same": 0, "refuse": 1}
    assert run.rows.get(plan="refuse").reason == {"code": "code_twice", "params": {"row": 2}}


def test_the_code_of_a_merged_entry_is_refused_with_the_code_to_use(scene: Scene) -> None:
    survivor, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    merge_enterprises(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)

    run = scene.previewed(HEADER, [code(2), "海纳科技公司"])

    assert run.rows.get().reason == {
        "code": "code_merged",
        "params": {"name": survivor.name, "code": code(1)},
    }


def test_near_duplicates_wait_for_a_decision(scene: Scene) -> None:
    entry = scene.enterprise(1, "海纳科技有限公司")
    run = scene.previewed(
        HEADER,
        [code(2), "海纳（云岭）科技股份有限公司"],
        [code(3), "远山医药有限公司"],
        [code(4), "远山医药有限责任公司"],
    )
    asked = list(run.rows.undecided().order_by("number").values_list("number", flat=True))

    decide_near_duplicates(run.pk, row_numbers=[4], by=scene.keeper, at=NOON)
    run = scene.apply(run)

    assert asked == [2, 4]
    assert run.rows.get(number=2).near_duplicate_of == entry
    assert set(Enterprise.objects.values_list("code", flat=True)) == {code(1), code(3), code(4)}
    assert run.counts["near"] == 1


def test_refused_rows_come_back_as_they_were_with_the_reason_last(scene: Scene) -> None:
    header = [*HEADER, "注册资本（万元）"]
    run = scene.previewed(header, [code(1), "海纳有限公司", 5], ["123", "远山有限公司", "约7"])

    rows = list(refused_rows(run))

    assert [row[:-1] for row in rows] == [["123", "远山有限公司", "约7"]]
    assert "18" in str(rows[0][-1])


def test_a_shifted_row_is_refused(scene: Scene) -> None:
    text = f"统一社会信用代码,企业名称\n{code(1)},海纳有限公司,多出来的\n"

    run = scene.previewed([], content=text.encode())

    assert reasons(run) == ["row_shifted"]


def test_applying_goes_on_where_a_crash_stopped_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 2)
    rows = [[code(n), f"云岭{chr(0x4E00 + 97 * n)}{chr(0x5E00 + n)}有限公司"] for n in range(1, 6)]
    run = scene.previewed(HEADER, *rows)
    request_apply(run.pk, by=scene.keeper, at=NOON)

    applying._apply_chunk(run.pk, at=NOON)
    half_way = (Enterprise.objects.count(), ImportRun.objects.get(pk=run.pk).rows_done)
    apply_import(run.pk, at=NOON)
    apply_import(run.pk, at=NOON)

    assert half_way == (2, 2)
    assert Enterprise.objects.count() == 5
    assert Event.objects.filter(verb="register.created").count() == 5


def test_a_cancelled_import_stops_after_the_chunk_and_says_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 1)
    run = scene.previewed(HEADER, [code(1), "海纳有限公司"], [code(2), "远山有限公司"])
    request_apply(run.pk, by=scene.keeper, at=NOON)
    applying._apply_chunk(run.pk, at=NOON)

    cancel_import(run.pk, by=scene.keeper, at=NOON)
    apply_import(run.pk, at=NOON)

    run.refresh_from_db()
    assert (run.state, run.rows_done, Enterprise.objects.count()) == ("cancelled", 1, 1)
    with pytest.raises(ImportMoveNotPossible):
        request_apply(run.pk, by=scene.keeper, at=NOON)


def test_a_cancelled_preview_stops(scene: Scene) -> None:
    run = scene.upload(workbook(HEADER, [[code(1), "海纳有限公司"]]))
    set_mapping(run.pk, columns=run.mapping, by=scene.keeper, at=NOON)

    cancel_import(run.pk, by=scene.keeper, at=NOON)
    preview_import(run.pk, at=NOON)

    run.refresh_from_db()
    assert (run.state, run.finished_at) == ("cancelled", NOON)


def test_a_preview_that_meets_a_broken_file_fails_with_the_reason(scene: Scene) -> None:
    run = scene.upload(workbook(HEADER, [[code(1), "海纳有限公司"]]))
    set_mapping(run.pk, columns=run.mapping, by=scene.keeper, at=NOON)
    ImportRun.objects.filter(pk=run.pk).update(
        mapping=[*run.mapping, {"heading": "x", "field": "", "period": "", "unit": ""}]
    )

    preview_import(run.pk, at=NOON)

    run.refresh_from_db()
    assert (run.state, run.error["code"]) == ("failed", "file_changed")


def test_an_import_plans_again_when_it_is_applied(scene: Scene) -> None:
    run = scene.previewed(HEADER, [code(1), "海纳科技有限公司"])
    entered = scene.enterprise(1)

    run = scene.apply(run)

    assert run.rows.get().plan == "same"
    assert fresh(entered).name == "海纳科技有限公司"
