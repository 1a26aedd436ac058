"""Demands from a spreadsheet: the dry run, the filing, the same file again."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from lianqi.audit.models import Event
from lianqi.demands.actions import (
    apply_demands,
    preview_demands,
    start_demand_import,
    withdraw_demand,
)
from lianqi.demands.actions import importing as module
from lianqi.demands.actions.importing import contacts_of_row
from lianqi.demands.columns import TEMPLATE
from lianqi.demands.enums import Channel, DemandStatus
from lianqi.demands.errors import ImportColumnsMissing
from lianqi.demands.models import Demand, DemandImport, ImportedDemand
from lianqi.demands.reasons import reason_text
from lianqi.register.actions import cancel_import, request_apply
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.errors import ImportMoveNotPossible, UnreadableFile
from lianqi.register.models import ImportRun
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once
from tests.factories import AT, make_enterprise, make_version
from tests.register.scene import workbook

MIB = 1024 * 1024


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def row(scene: Scene, number: int = 1, **cells: str) -> list[str]:
    known = {
        "外部编号": f"12345-{number:04}", "统一社会信用代码": scene.enterprise.code, "企业名称": "",
        "诉求类别": scene.category.name_zh, "标题": f"第{number}件诉求", "诉求内容": "请协调。",
        "联系人": "李女士", "联系电话": "139 1234 5678", "其他联系人": "", "紧急程度": "",
    }  # fmt: skip
    return [(known | cells)[heading] for heading in TEMPLATE]


def uploaded(scene: Scene, *rows: Sequence[Any], header: Sequence[str] = TEMPLATE) -> DemandImport:
    file = SimpleUploadedFile("诉求.xlsx", workbook(header, rows))
    return start_demand_import(file, name="诉求.xlsx", max_bytes=MIB, by=scene.dispatcher, at=AT)


def previewed(scene: Scene, *rows: Sequence[Any]) -> DemandImport:
    run = uploaded(scene, *rows)
    preview_demands(run.pk, at=AT)
    return DemandImport.objects.get(pk=run.pk)


def applied(scene: Scene, *rows: Sequence[Any]) -> DemandImport:
    run = previewed(scene, *rows)
    request_apply(run.pk, by=scene.dispatcher, at=AT)
    apply_demands(run.pk, at=AT)
    return DemandImport.objects.get(pk=run.pk)


def reasons(run: DemandImport) -> dict[int, str]:
    return {each.number: each.reason["code"] for each in run.rows.planned(RowPlan.REFUSE)}


def test_the_dry_run_files_nothing(scene: Scene) -> None:
    run = previewed(scene, row(scene), row(scene, 2))

    assert run.state == ImportState.PREVIEWED
    assert run.counts[RowPlan.CREATE] == 2
    assert not Demand.objects.exists()


def test_each_row_becomes_a_demand_by_the_filing_action(scene: Scene) -> None:
    run = applied(scene, row(scene, 紧急程度="紧急"), row(scene, 2))

    first, second = Demand.objects.order_by("pk")
    assert run.state == ImportState.APPLIED
    assert (first.enterprise, first.channel, first.status) == (
        scene.enterprise, Channel.IMPORT, DemandStatus.SUBMITTED,
    )  # fmt: skip
    assert (first.urgency, second.urgency) == ("urgent", "normal")
    assert (first.contact_people.get().phone, first.filed_by) == ("13912345678", scene.dispatcher)
    assert WorkItem.objects.open().filter(step="dispatch").count() == 2
    assert Event.objects.filter(verb="demand.filed").count() == 2


def test_a_second_upload_of_the_same_file_creates_nothing(scene: Scene) -> None:
    rows = [row(scene), row(scene, 2)]
    applied(scene, *rows)

    again = applied(scene, *rows, row(scene, 3))

    assert (again.counts[RowPlan.SAME], again.counts[RowPlan.CREATE]) == (2, 1)
    assert Demand.objects.count() == ImportedDemand.objects.count() == 3


def test_what_was_withdrawn_is_not_filed_anew(scene: Scene) -> None:
    applied(scene, row(scene))
    withdraw_demand(Demand.objects.get().pk, reason="已解决", by=scene.member, at=AT)

    again = applied(scene, row(scene))

    assert again.counts[RowPlan.SAME] == 1
    assert Demand.objects.count() == 1


def test_every_wrong_row_says_why_and_the_others_are_filed(scene: Scene) -> None:
    rows = [
        row(scene, 1, 外部编号=""),
        row(scene, 2, 标题=" "),
        row(scene, 3, 诉求类别=""),
        row(scene, 4, 诉求类别="外星"),
        row(scene, 5, 统一社会信用代码=""),
        row(scene, 6, 紧急程度="火急"),
        row(scene, 7, 标题="长" * 101),
        row(scene, 8, 统一社会信用代码="91000000MA0000000X"),
        row(scene, 9),
        row(scene, 9),
    ]

    run = applied(scene, *rows)

    assert reasons(run) == {
        2: "external_missing", 3: "title_missing", 4: "category_missing", 5: "category_unknown",
        6: "firm_missing", 7: "urgency_unknown", 8: "too_long", 9: "firm_unknown",
        11: "external_twice",
    }  # fmt: skip
    assert Demand.objects.get().title == "第9件诉求"
    for line in run.rows.planned(RowPlan.REFUSE):
        assert "%(" not in reason_text(line.reason)


def test_an_enterprise_is_found_by_its_name_or_kept_as_told(scene: Scene) -> None:
    applied(
        scene,
        row(scene, 1, 统一社会信用代码="", 企业名称=scene.enterprise.name),
        row(scene, 2, 统一社会信用代码="", 企业名称="云岭新来贸易有限公司"),
    )

    known, told = Demand.objects.order_by("pk")
    assert known.enterprise == scene.enterprise
    assert (told.enterprise, told.firm_name) == (None, "云岭新来贸易有限公司")


def test_a_merged_entry_names_the_one_that_is_left(scene: Scene) -> None:
    survivor = make_enterprise()
    scene.enterprise.merged_into, scene.enterprise.merged_at = survivor, AT
    scene.enterprise.save()

    run = previewed(scene, row(scene))

    why = run.rows.get().reason
    assert why["code"] == "firm_merged"
    assert survivor.code in reason_text(why)


def test_what_is_not_accepted_is_refused_in_the_dry_run(scene: Scene) -> None:
    make_version(scene.category, is_accepted=False, advice="请到大厅")

    assert reasons(previewed(scene, row(scene))) == {2: "category_not_accepted"}


def test_what_changed_since_the_dry_run_is_said_in_the_row(scene: Scene) -> None:
    run = previewed(scene, row(scene))
    scene.category.is_active = False
    scene.category.save()
    request_apply(run.pk, by=scene.dispatcher, at=AT)

    apply_demands(run.pk, at=AT)

    line = run.rows.get()
    assert (line.plan, line.reason["code"]) == (RowPlan.REFUSE, "refused")
    assert not Demand.objects.exists()


def test_a_table_without_the_obligatory_columns_is_refused(scene: Scene) -> None:
    with pytest.raises(ImportColumnsMissing):
        uploaded(scene, ["x", "y"], header=["企业名称", "标题"])
    with pytest.raises(UnreadableFile):
        start_demand_import(
            SimpleUploadedFile("x.xlsx", b"no table"), name="x", max_bytes=MIB,
            by=scene.dispatcher, at=AT,
        )  # fmt: skip
    assert not ImportRun.objects.exists()


def test_who_imports_and_who_reads(scene: Scene) -> None:
    run = previewed(scene, row(scene))
    for person in (scene.handler, scene.member, scene.leader):
        assert not DemandImport.objects.visible_to(person).exists()
        with pytest.raises(PermissionDenied):
            request_apply(run.pk, by=person, at=AT)
        with pytest.raises(PermissionDenied):
            cancel_import(run.pk, by=person, at=AT)
    assert not ImportRun.objects.visible_to(scene.dispatcher).exists()


def test_a_crash_between_chunks_files_nothing_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    run = previewed(scene, *[row(scene, number) for number in range(5)])
    request_apply(run.pk, by=scene.dispatcher, at=AT)
    module._apply_chunk(run.pk, at=AT)
    assert Demand.objects.count() == 2

    apply_demands(run.pk, at=AT)
    apply_demands(run.pk, at=AT)

    assert Demand.objects.count() == 5


def test_a_cancelled_import_keeps_what_was_filed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    run = previewed(scene, *[row(scene, number) for number in range(5)])
    request_apply(run.pk, by=scene.dispatcher, at=AT)
    module._apply_chunk(run.pk, at=AT)
    cancel_import(run.pk, by=scene.dispatcher, at=AT)

    apply_demands(run.pk, at=AT)

    run.refresh_from_db()
    assert (run.state, Demand.objects.count()) == (ImportState.CANCELLED, 2)
    with pytest.raises(ImportMoveNotPossible):
        request_apply(run.pk, by=scene.dispatcher, at=AT)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_file_it_once() -> None:
    scene = make_scene()
    rows = [row(scene, number) for number in range(6)]
    runs = [previewed(scene, *rows) for _twice in range(2)]
    for run in runs:
        request_apply(run.pk, by=scene.dispatcher, at=AT)

    at_once(*[lambda pk=run.pk: apply_demands(pk, at=AT) for run in runs])

    assert Demand.objects.count() == ImportedDemand.objects.count() == 6
    ended = DemandImport.objects.all()
    assert sum(run.counts[RowPlan.CREATE] for run in ended) == 6
    assert sum(run.counts[RowPlan.SAME] for run in ended) == 6


def test_one_column_holds_the_other_contacts() -> None:
    row = {
        "contact_name": "李女士",
        "contact_phone": "13912345678",
        "other_contacts": "沈工 138-1234-5678；贺经理：0551-65312345;尹厂长",
    }

    people = contacts_of_row(row)

    assert [(each.name, each.phone) for each in people] == [
        ("李女士", "13912345678"), ("沈工", "138-1234-5678"),
        ("贺经理", "0551-65312345"), ("尹厂长", ""),
    ]  # fmt: skip
