"""Monthly reports over the API: asked for, told of when made, listed, had."""

from typing import Any

import pytest
from django.conf import settings as project
from pytest_django import Settings

from lianqi.accounts.enums import Role
from lianqi.audit.models import Event
from lianqi.demands.actions import compile_statistics, load_formulas, make_due_report, make_report
from lianqi.notices.models import Notice
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.demands.test_monthly import APRIL, MAY_FIRST, two_months
from tests.factories import AT, grant, make_user


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def leader(scene: Scene) -> Any:
    load_formulas(at=AT)
    two_months(scene)
    compile_statistics(at=MAY_FIRST)
    return grant(make_user("leader"), Role.LEADER)


def test_a_report_is_asked_for_told_of_and_had(scene: Scene, leader: Any, call: Call) -> None:
    month = f"{APRIL:%Y-%m}"
    asked, said = call("POST", "/figures/reports", {"month": month}, by=leader)
    report = make_report(APRIL, language="zh-hans", zone=project.ZONE_NAME, by=leader, at=MAY_FIRST)

    _ok, listed = call("GET", f"/figures/reports?month={month}", by=leader)
    _one, shown = call("GET", f"/figures/reports/{report.pk}", by=leader)

    assert (asked, said) == (202, {"month": month, "language": "zh-hans"})
    assert Event.objects.filter(verb="demands.report_requested", by_id=leader.pk).exists()
    assert listed == {"reports": [shown], "next_before": None}
    assert (shown["month"], shown["by_itself"]) == (month, False)
    assert [each["name"].rpartition(".")[2] for each in shown["files"]] == ["pdf", "docx"]
    told = Notice.objects.get(event="report.made")
    assert (told.person, told.url) == (leader, "/leader/reports/")
    assert month in told.title


def test_the_report_of_the_job_is_told_to_every_leader(scene: Scene, leader: Any) -> None:
    other = grant(make_user("deputy"), Role.LEADER)

    made = make_due_report(language="zh-hans", zone=project.ZONE_NAME, at=MAY_FIRST)

    assert made is not None
    told = Notice.objects.filter(event="report.made").values_list("person", flat=True)
    assert set(told) == {leader.pk, other.pk, scene.leader.pk}


@pytest.mark.parametrize(("month", "status", "code"), [
    ("1999-01", 409, "demand_month_not_compiled"), ("2026-13", 422, "malformed"),
])  # fmt: skip
def test_a_month_without_figures_is_refused(
    leader: Any, call: Call, month: str, status: int, code: str
) -> None:
    assert call("POST", "/figures/reports", {"month": month}, by=leader)[0] == status
    assert call("POST", "/figures/reports", {"month": month}, by=leader)[1]["code"] == code


def test_who_sees_no_figures_sees_no_reports(scene: Scene, leader: Any, call: Call) -> None:
    report = make_report(APRIL, language="en", zone=project.ZONE_NAME, by=leader, at=MAY_FIRST)
    auditor = grant(make_user("auditor"), Role.AUDITOR)
    month = f"{APRIL:%Y-%m}"

    assert call("GET", "/figures/reports", by=scene.handler)[0] == 403
    assert call("GET", f"/figures/reports/{report.pk}", by=scene.member)[0] == 403
    assert call("POST", "/figures/reports", {"month": month}, by=auditor)[0] == 403
    assert call("GET", f"/figures/reports/{report.pk}", by=auditor)[0] == 200
