"""Files as evidence of a step: who may bring them, to which step, and what becomes of them."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.audit.models import Event
from lianqi.conversions.actions import Papers, attach_evidence, go_back, report_step, settle_step
from lianqi.conversions.errors import FilesMissing, NotTheCurrentStep, StepNotBegun
from lianqi.conversions.models import Conversion
from lianqi.files.errors import FileTooLarge
from lianqi.files.models import StoredFile
from lianqi.notices.models import Notice
from lianqi.webhooks.queries import payloads
from tests.conversions.scene import begin, make_force, member, settle_until
from tests.factories import AT
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def conversion(zone: Zone) -> Conversion:
    return begin(zone, make_force(zone))


def papers(*names: str, max_bytes: int = 1000) -> Papers:
    uploads = [SimpleUploadedFile(name, "缺口二十万只".encode()) for name in names]
    return Papers(uploads, max_bytes)


def names_at(conversion: Conversion, position: int) -> list[str]:
    step = conversion.steps.get(position=position)
    return [each.name for each in StoredFile.objects.of(step)]


def test_files_come_with_the_settling_and_stay_with_the_step(
    zone: Zone, conversion: Conversion
) -> None:
    settle_step(
        conversion.pk, position=1, evidence="缺口清单", papers=papers("清单.txt", "照片说明.txt"),
        by=member(zone), at=AT + HOUR,
    )  # fmt: skip

    stored = Event.objects.filter(verb="files.stored")
    assert names_at(conversion, 1) == ["清单.txt", "照片说明.txt"]
    assert Event.objects.get(verb="conversions.settled").detail["files"] == [
        "清单.txt", "照片说明.txt",
    ]  # fmt: skip
    assert {each.enterprise_id for each in stored} == {zone.firm.pk}


def test_a_file_that_is_refused_settles_nothing(zone: Zone, conversion: Conversion) -> None:
    with pytest.raises(FileTooLarge):
        settle_step(
            conversion.pk, position=1, evidence="缺口清单",
            papers=papers("小.txt", "大.txt", max_bytes=5), by=member(zone), at=AT,
        )  # fmt: skip

    conversion.refresh_from_db()
    assert conversion.step is not None
    assert (conversion.step.position, names_at(conversion, 1)) == (1, [])


def test_the_enterprise_brings_files_with_its_report_and_to_the_step_under_way(
    zone: Zone, conversion: Conversion
) -> None:
    by = member(zone)
    report_step(
        conversion.pk, position=1, text="已备料", papers=papers("合同.txt"), by=zone.boss, at=AT
    )
    attach_evidence(
        conversion.pk, position=1, papers=papers("补充.txt"), by=zone.boss, at=AT + HOUR
    )
    settle_step(conversion.pk, position=1, evidence="清单", by=by, at=AT + HOUR)

    with pytest.raises(NotTheCurrentStep):
        attach_evidence(conversion.pk, position=1, papers=papers("晚.txt"), by=zone.boss, at=AT)
    attach_evidence(conversion.pk, position=1, papers=papers("专班补.txt"), by=by, at=AT + HOUR)

    assert names_at(conversion, 1) == ["合同.txt", "补充.txt", "专班补.txt"]
    assert Notice.objects.filter(event="conversions.reported", person=by).count() == 2


@pytest.mark.parametrize(
    ("position", "names", "refusal"), [(2, ("a.txt",), StepNotBegun), (1, (), FilesMissing)]
)
def test_files_belong_to_a_step_that_began(
    zone: Zone, conversion: Conversion, position: int, names: Any, refusal: Any
) -> None:
    with pytest.raises(refusal):
        attach_evidence(
            conversion.pk, position=position, papers=papers(*names), by=member(zone), at=AT
        )


def test_others_attach_nothing(zone: Zone, conversion: Conversion) -> None:
    for who in (zone.other_boss, zone.handler, zone.leader, zone.officer, zone.auditor):
        with pytest.raises(PermissionDenied):
            attach_evidence(conversion.pk, position=1, papers=papers("a.txt"), by=who, at=AT)


def test_files_of_an_earlier_attempt_are_told_apart(zone: Zone, conversion: Conversion) -> None:
    by = member(zone)
    settle_step(
        conversion.pk, position=1, evidence="清单", papers=papers("旧.txt"), by=by, at=AT + HOUR
    )
    go_back(conversion.pk, position=1, reason="清单有误", by=by, at=AT + 2 * HOUR)
    attach_evidence(conversion.pk, position=1, papers=papers("新.txt"), by=by, at=AT + 2 * HOUR)

    step = conversion.steps.get(position=1)
    of_this = [step.is_of_this_attempt(each) for each in StoredFile.objects.of(step)]
    assert of_this == [False, True]


def test_other_systems_are_told_how_far_it_is_and_no_evidence(zone: Zone) -> None:
    conversion = begin(zone, make_force(zone), product="口罩，电13800138000")
    settle_until(zone, conversion, "lines")
    events = Event.objects.filter(verb__startswith="conversions.")

    told = {each["type"]: each["data"]["conversion"] for each in payloads(events).values()}

    last = told["conversions.settled"]
    assert (last["step"], last["steps"], last["steps_settled"]) == ("lines", 10, 3)
    assert (last["product"], last["enterprise"]["id"]) == ("口罩，电138****8000", zone.firm.pk)
    assert "见附件" not in str(told)
