"""Monthly reports: the same figures as the tables, in both files, made once and on demand."""

import datetime as dt
import io

import docx
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import (
    compile_statistics,
    load_formulas,
    make_due_report,
    make_report,
    request_report,
    withdraw_demand,
)
from lianqi.demands.enums import DemandStatus, Dimension, Measure, Span
from lianqi.demands.errors import MonthNotCompiled
from lianqi.demands.models import MonthlyReport
from lianqi.demands.queries import Compared, month_figures, table
from lianqi.engines.rates import Rate
from lianqi.files.models import StoredFile
from lianqi.files.queries import open_file
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
MAY_FIRST = dt.datetime(2026, 4, 30, 20, 30, tzinfo=dt.UTC)  # 04:30 in the zone
MONTH = dt.timedelta(days=31)


@pytest.fixture
def leader(db: None) -> User:
    load_formulas(at=AT)
    return grant(make_user(), Role.LEADER)


def two_months(scene: Scene) -> None:
    """March: one of two closed. April: three of four, one more withdrawn."""
    scene.demand_in(DemandStatus.CLOSED)
    scene.file()
    later = AT + MONTH
    for _each in range(3):
        demand = scene.file(at=later)
        scene.accept(scene.dispatch(demand, at=later), at=later)
        scene.answer(demand, at=later)
        scene.confirm(demand, at=later)
    scene.file(at=later)
    withdraw_demand(scene.file(at=later).pk, reason="重复", by=scene.member, at=later)


def files_of(report: MonthlyReport) -> dict[str, bytes]:
    found = {}
    for stored in StoredFile.objects.of(report):
        with open_file(stored) as file:
            found[stored.name.rpartition(".")[2]] = file.read()
    return found


def rows_of(content: bytes) -> list[list[str]]:
    tables = docx.Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for each in tables for row in each.rows]


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace(" ", "")


def test_the_figures_of_a_month_are_those_of_the_tables(scene: Scene, leader: User) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)

    found = month_figures(APRIL)

    assert found is not None
    assert (found.counted, found.withdrawn) == (4, 1)
    for measure in Measure:
        shown = table(Span.MONTH, APRIL, Dimension.ZONE, measure).total
        assert shown is not None
        assert found.rates[measure].now == shown.rate
        assert found.left_out[measure] == shown.left_out
    assert found.rates[Measure.CLOSING].before == Rate(1, 2)
    assert found.rates[Measure.CLOSING].points == pytest.approx(25.0)
    assert [month.first for month in found.months] == [MARCH, APRIL]


def test_both_files_say_the_same_figures(scene: Scene, leader: User) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)

    report = make_report(APRIL, language="zh-hans", zone="云岭高新区", by=leader, at=MAY_FIRST)

    files = files_of(report)
    rows = rows_of(files["docx"])
    assert ["办结率", "75.00%", "3 / 4", "50.00%", "+25.00"] in rows
    assert ["办结率", "撤回", "1"] in rows or ["办结率", "已撤回", "1"] in rows
    assert [row for row in rows if "75.00% · 3 / 4\n* [30–95%]" in row]
    said = text_of(files["pdf"])
    assert "2026年04月共收到诉求5件，其中撤回1件，以下按4件统计。" in said
    assert "一项也没有，因此不作比较。" in said.replace("\r\n", "")
    assert said.index("*不足30件") < said.index("按渠道")
    for row in rows:
        for cell in row:
            for line in cell.split("\n"):
                assert line.replace(" ", "")[:8] in said, line
    assert [stored.name for stored in StoredFile.objects.of(report)] == [
        "企业诉求办理月报 2026-04.pdf", "企业诉求办理月报 2026-04.docx",
    ]  # fmt: skip


def test_a_report_can_be_had_in_english(scene: Scene, leader: User) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)

    report = make_report(APRIL, language="en", zone="Yunling", by=leader, at=MAY_FIRST)

    assert ["Closing rate", "75.00%", "3 / 4", "50.00%", "+25.00"] in rows_of(
        files_of(report)["docx"]
    )


def test_only_enough_cases_are_compared_and_chance_is_named() -> None:
    few, many = Compared(Rate(29, 29), Rate(30, 60)), Compared(Rate(45, 50), Rate(20, 50))
    near = Compared(Rate(31, 50), Rate(30, 50))

    assert (few.is_sure, many.is_sure, near.is_sure) == (False, True, True)
    assert (many.may_be_chance, near.may_be_chance) == (False, True)
    assert Compared(Rate(1, 2), Rate(0, 0)).points is None
    assert Compared(Rate(1, 2), None).points is None


def test_the_job_makes_the_report_of_the_month_before_once(scene: Scene, leader: User) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)

    made = [make_due_report(language="zh-hans", zone="区", at=MAY_FIRST) for _each in range(2)]

    assert made[0] is not None
    assert (made[0].month, made[0].made_by, made[1]) == (APRIL, None, None)


@pytest.mark.parametrize("compiled", [None, MAY_FIRST - dt.timedelta(hours=5)])
def test_the_job_waits_for_the_figures_of_the_whole_month(
    scene: Scene, leader: User, compiled: dt.datetime | None
) -> None:
    two_months(scene)
    if compiled:
        compile_statistics(at=compiled)

    assert make_due_report(language="zh-hans", zone="区", at=MAY_FIRST) is None


def test_the_job_cannot_make_two_reports_of_a_month(scene: Scene, leader: User) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)
    report = make_due_report(language="zh-hans", zone="区", at=MAY_FIRST)
    assert report is not None

    with pytest.raises(IntegrityError):
        MonthlyReport.objects.create(
            month=APRIL, language="en", computed_at=AT, made_at=AT, made_by=None
        )


def test_asking_leaves_a_job_for_the_worker(
    scene: Scene, leader: User, django_capture_on_commit_callbacks: object
) -> None:
    two_months(scene)
    compile_statistics(at=MAY_FIRST)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django
        request_report(APRIL, language="zh-hans", by=leader, at=MAY_FIRST)

    jobs = ProcrastinateJob.objects.filter(task_name="lianqi.demands.monthly_report")
    assert [job.args for job in jobs] == [
        {"month": "2026-04-01", "language": "zh-hans", "user_id": leader.pk}
    ]


def test_a_month_without_figures_is_refused(scene: Scene, leader: User) -> None:
    for act in (
        lambda: request_report(APRIL, language="en", by=leader, at=AT),
        lambda: make_report(APRIL, language="en", zone="Z", by=leader, at=AT),
    ):
        with pytest.raises(MonthNotCompiled):
            act()

    assert not MonthlyReport.objects.exists()


def test_others_do_not_ask_for_reports(scene: Scene, leader: User) -> None:
    for person in (scene.handler, scene.member):
        with pytest.raises(PermissionDenied):
            request_report(APRIL, language="en", by=person, at=AT)
        assert not MonthlyReport.objects.visible_to(person).exists()
