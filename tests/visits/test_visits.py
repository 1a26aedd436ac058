"""Notes of visits: drafts, what they raise, who reads them, two clicks at once."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.enums import Channel, Closure, DemandStatus
from lianqi.demands.errors import CategoryNotInUse
from lianqi.demands.models import Demand
from lianqi.notices.models import Notice
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from lianqi.visits.actions import (
    MOST_MATTERS,
    drop_draft,
    file_visit,
    remind_of_visits,
    save_draft,
)
from lianqi.visits.enums import VisitKind, VisitStatus
from lianqi.visits.errors import (
    NextVisitTooEarly,
    TooManyMatters,
    VisitEnterpriseMerged,
    VisitFiledAlready,
    VisitInFuture,
    VisitTextMissing,
)
from lianqi.visits.models import Matter, Note, Visit
from lianqi.visits.queries import VisitCount, visit_count
from tests.factories import AT, grant, make_enterprise, make_unit, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def note(zone: Zone, *matters: Matter, **fields: Any) -> Note:
    known: dict[str, Any] = {
        "enterprise": zone.firm,
        "kind": VisitKind.ON_SITE,
        "on": TODAY,
        "theirs": "林总",
        "ours": "吴涛",
        "said": "谈扩产与用电。",
    }
    return Note(**known | fields, matters=matters)


def power(zone: Zone, **fields: Any) -> Matter:
    return Matter(category=zone.category, title="用电增容", **fields)


def record(zone: Zone, *matters: Matter, by: User | None = None, **fields: Any) -> Visit:
    key = fields.pop("key", "key-1")
    return file_visit(
        note(zone, *matters, **fields), idempotency_key=key, by=by or zone.officer, at=AT
    )


def test_a_visit_raises_several_demands_and_tells_the_enterprise(zone: Zone) -> None:
    zone.officer.unit = zone.economy
    zone.officer.save()
    Membership.objects.create(
        enterprise=zone.firm, user=zone.boss, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip

    visit = record(
        zone,
        power(zone),
        Matter(category=zone.category, title="停水时间", answer="本周六上午。"),
    )

    first, second = Demand.objects.filter(visit_matter__visit=visit).order_by("pk")
    assert (first.status, first.channel, first.text) == (
        DemandStatus.SUBMITTED, Channel.VISIT, "用电增容",
    )  # fmt: skip
    assert (second.closure, second.channel, second.unit) == (
        Closure.AT_ONCE, Channel.VISIT, zone.economy,
    )  # fmt: skip
    assert visit.number.startswith("ZF2026")
    assert Notice.objects.filter(person=zone.boss, event="visit.filed").count() == 1
    assert Event.objects.filter(verb="visit.filed", enterprise_id=zone.firm.pk).count() == 1


def test_the_same_key_records_once(zone: Zone) -> None:
    first = record(zone, power(zone))

    second = record(zone, power(zone), said="anders")

    assert first == second
    assert (Visit.objects.count(), Demand.objects.count()) == (1, 1)


def test_a_draft_is_gone_on_with_and_recorded_as_one_visit(zone: Zone) -> None:
    begun = save_draft(
        note(zone, Matter(None, "半句"), said=""), idempotency_key="k", by=zone.officer, at=AT
    )
    assert begun.draft == [{"category": None, "title": "半句", "text": "", "answer": ""}]

    visit = record(zone, power(zone), key="k")

    assert (visit.pk, visit.status, visit.draft) == (begun.pk, VisitStatus.FILED, [])
    with pytest.raises(VisitFiledAlready):
        save_draft(note(zone), idempotency_key="k", by=zone.officer, at=AT)
    with pytest.raises(VisitFiledAlready):
        drop_draft(visit.pk, by=zone.officer, at=AT)


def test_a_matter_that_is_refused_leaves_the_draft_as_it_was(zone: Zone) -> None:
    begun = save_draft(note(zone), idempotency_key="k", by=zone.officer, at=AT)

    with pytest.raises(CategoryNotInUse):
        record(zone, power(zone), Matter(None, "无类别"), key="k")

    begun.refresh_from_db()
    assert begun.status == VisitStatus.DRAFT
    assert not Demand.objects.exists()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"on": TODAY + dt.timedelta(days=1)}, VisitInFuture),
        ({"said": "  "}, VisitTextMissing),
        ({"next_on": TODAY}, NextVisitTooEarly),
    ],
)
def test_an_incomplete_note_is_refused_and_kept_as_a_draft(
    zone: Zone, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        record(zone, **fields)

    draft = save_draft(note(zone, **fields), idempotency_key="key-1", by=zone.officer, at=AT)

    assert draft.status == VisitStatus.DRAFT


def test_what_holds_one_matter_too_many_is_refused(zone: Zone) -> None:
    assert record(zone, *[power(zone)] * MOST_MATTERS).status == VisitStatus.FILED
    with pytest.raises(TooManyMatters):
        record(zone, *[power(zone)] * (MOST_MATTERS + 1), key="other")


def test_a_merged_entry_is_refused(zone: Zone) -> None:
    zone.firm.merged_into, zone.firm.merged_at = zone.other_firm, AT
    zone.firm.save()

    with pytest.raises(VisitEnterpriseMerged):
        record(zone)


def test_only_whoever_looks_after_it_records_a_visit(zone: Zone) -> None:
    record(zone, by=zone.dispatcher)
    for person in (zone.boss, zone.handler, zone.head, zone.leader, zone.auditor):
        with pytest.raises(PermissionDenied):
            record(zone, by=person)
    with pytest.raises(PermissionDenied):
        file_visit(
            replace(note(zone), enterprise=zone.other_firm), idempotency_key="x", by=zone.officer,
            at=AT,
        )  # fmt: skip


def test_a_draft_is_seen_by_its_writer_alone(zone: Zone) -> None:
    draft = save_draft(note(zone), idempotency_key="k", by=zone.officer, at=AT)

    everybody = (zone.boss, zone.dispatcher, zone.leader, zone.auditor, zone.handler)
    assert [who for who in everybody if Visit.objects.visible_to(who).exists()] == []
    assert list(Visit.objects.visible_to(zone.officer)) == [draft]
    with pytest.raises(PermissionDenied):
        drop_draft(draft.pk, by=zone.dispatcher, at=AT)

    drop_draft(draft.pk, by=zone.officer, at=AT)

    assert not Visit.objects.exists()


def test_a_recorded_visit_is_seen_by_the_enterprise_and_the_desk(zone: Zone) -> None:
    visit = record(zone)

    readers = (zone.boss, zone.officer, zone.dispatcher, zone.leader, zone.auditor)
    others = (zone.other_boss, zone.handler, zone.head, zone.newcomer)
    assert [list(Visit.objects.visible_to(who)) for who in readers] == [[visit]] * len(readers)
    assert [who for who in others if Visit.objects.visible_to(who).exists()] == []


def test_an_officer_without_a_unit_answers_for_the_zone(zone: Zone) -> None:
    record(zone, power(zone, answer="已告知。"))

    assert Demand.objects.get().unit == zone.root


def test_visits_and_enterprises_are_counted_apart(zone: Zone) -> None:
    for number in range(2):
        record(zone, key=f"k{number}")
    record(zone, by=zone.dispatcher, enterprise=zone.other_firm)
    save_draft(note(zone), idempotency_key="d", by=zone.officer, at=AT)

    assert visit_count(Visit.objects.all()) == VisitCount(visits=3, firms=2)


def test_an_announced_visit_is_reminded_of_once_and_not_after_it_took_place(zone: Zone) -> None:
    day = TODAY + dt.timedelta(days=3)
    at = AT + dt.timedelta(days=3)
    record(zone, next_on=day)
    other = make_enterprise(grid=None)
    person = grant(make_user(unit=make_unit()), Role.LIAISON_OFFICER, Scope.ENTERPRISE, other.pk)
    record(zone, enterprise=other, next_on=day, by=person)
    record(zone, enterprise=other, on=TODAY, by=person, key="early")
    file_visit(
        note(zone, enterprise=other, on=day - dt.timedelta(days=1)),
        idempotency_key="since", by=person, at=at,
    )  # fmt: skip

    counted = [remind_of_visits(on=day, at=at, limit=10) for _again in range(2)]

    told = Notice.objects.filter(event="visit.next_due")
    assert counted == [1, 1]
    assert [each.person for each in told] == [zone.officer]
    assert remind_of_visits(on=day - dt.timedelta(days=1), at=at, limit=10) == 0
