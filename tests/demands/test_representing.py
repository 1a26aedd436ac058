"""Filing for another enterprise: with its consent on record, and until it objects."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import Consent, end_representation, file_for_another
from lianqi.demands.enums import Channel, ConsentWay, Covers, DemandStatus
from lianqi.demands.errors import (
    ConsentInTheFuture,
    ConsentLetterMissing,
    ConsentMissing,
    EnterpriseMerged,
    MoveNotPossible,
    NothingRepresented,
    ObjectionWindowOver,
    RepresentsItself,
)
from lianqi.demands.models import Demand, HandlingRule, Representation
from lianqi.notices.models import Delivery, Notice
from lianqi.register.enums import MembershipState
from lianqi.register.models import Contact, Enterprise, Membership
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_enterprise, make_member, make_user

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TODAY = AT.date()


@pytest.fixture(autouse=True)
def files_folder(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def member_of_the_enterprise(scene: Scene) -> None:
    Membership.objects.create(
        enterprise=scene.enterprise, user=scene.member, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip


@pytest.fixture
def park(scene: Scene) -> Enterprise:
    return make_enterprise("云岭园区运营有限公司")


@pytest.fixture
def clerk(park: Enterprise) -> User:
    return make_member(park, name="庄敏")


def consent(**fields: Any) -> Consent:
    known: dict[str, Any] = {
        "by": "沈工", "position": "设备主管", "way": ConsentWay.PHONE, "on": TODAY,
        "covers": Covers.FOLLOW,
    }  # fmt: skip
    return Consent(**known | fields)


def represented(scene: Scene, agent: Enterprise | None, by: User, **fields: Any) -> Demand:
    known: dict[str, Any] = {
        "enterprise": scene.enterprise, "agent": agent, "consent": consent(),
        "category": scene.category, "title": "厂区频繁停电", "text": "本周三次。",
        "channel": Channel.PORTAL, "idempotency_key": "for-another", "max_bytes": 10_000,
        "daemon": "", "by": by, "at": AT,
    }  # fmt: skip
    return file_for_another(**known | fields)


def sees(person: User, demand: Demand) -> bool:
    fresh = User.objects.get(pk=person.pk)
    listed = Demand.objects.visible_to(fresh).filter(pk=demand.pk).exists()
    assert listed == fresh.has_perm("demands.view", demand)
    return listed


def told(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("event", flat=True))


def test_the_enterprise_is_told_at_once_and_the_demand_is_its_own(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    demand = represented(scene, park, clerk)

    held = demand.representation
    assert (demand.enterprise, demand.filed_by) == (scene.enterprise, clerk)
    assert (held.agent, held.consent_by, held.object_until) == (
        park, "沈工", TODAY + dt.timedelta(days=10)
    )  # fmt: skip
    assert told(scene.member) == ["demand.filed_for_you"]
    assert "云岭园区运营有限公司" in Notice.objects.get(person=scene.member).title
    assert sees(scene.member, demand)
    event = Event.objects.get(verb="demand.represented")
    assert (event.enterprise_id, event.detail["way"]) == (scene.enterprise.pk, "phone")
    assert "沈" not in str(event.detail)


def test_where_nobody_has_an_account_the_contact_of_the_register_is_written_to(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    Membership.objects.all().delete()
    Contact.objects.create(
        enterprise=scene.enterprise, name="尹厂长", mobile="13912345678", is_main=True
    )

    represented(scene, park, clerk)

    letter = Delivery.objects.get(person__isnull=True)
    assert (letter.channel, letter.address) == ("sms", "13912345678")
    assert "云岭园区运营有限公司" in letter.title


def test_who_files_sees_what_the_consent_covers(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    colleague, stranger = make_member(park), make_member(make_enterprise("云岭某公司"))
    followed = represented(scene, park, clerk)
    filed = represented(
        scene, park, clerk, consent=consent(covers=Covers.FILE), idempotency_key="only"
    )

    assert [sees(person, followed) for person in (clerk, colleague, stranger)] == [
        True, True, False
    ]  # fmt: skip
    assert [sees(person, filed) for person in (clerk, colleague, stranger)] == [False] * 3
    assert set(Representation.objects.filed_by(clerk)) == {
        followed.representation, filed.representation
    }  # fmt: skip
    assert not Representation.objects.visible_to(stranger).exists()


def test_who_files_hears_of_it_as_far_as_the_consent_goes(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    for covers, events in ((Covers.FOLLOW, ["demand.accepted"]), (Covers.FILE, [])):
        Notice.objects.all().delete()
        demand = represented(
            scene, park, clerk, consent=consent(covers=covers), idempotency_key=str(covers)
        )
        scene.accept(scene.dispatch(demand))

        assert told(clerk) == events


def test_who_files_may_not_act_for_the_enterprise(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    demand = represented(scene, park, clerk)

    for verb in ("withdraw", "reply", "rate", "end_representation", "keep_contacts"):
        assert not clerk.has_perm(f"demands.{verb}", demand), verb
    assert not clerk.has_perm("demands.reveal_contact", demand)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"by": " "}, ConsentMissing),
        ({"position": ""}, ConsentMissing),
        ({"on": TODAY + dt.timedelta(days=1)}, ConsentInTheFuture),
        ({"way": ConsentWay.LETTER}, ConsentLetterMissing),
    ],
)
def test_without_consent_on_record_nothing_is_filed(
    scene: Scene, park: Enterprise, clerk: User, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        represented(scene, park, clerk, consent=consent(**fields))

    assert not Demand.objects.exists()


def test_a_letter_is_kept_with_the_demand(scene: Scene, park: Enterprise, clerk: User) -> None:
    letter = SimpleUploadedFile("同意书.pdf", PDF)

    demand = represented(scene, park, clerk, consent=consent(way=ConsentWay.LETTER, letter=letter))

    held = Representation.objects.get(demand=demand)
    assert held.letter is not None
    assert held.letter.subject_id == demand.pk


def test_own_and_merged_enterprises_are_refused(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    gone = make_enterprise("云岭旧名公司", merged_into=scene.enterprise, merged_at=AT)

    with pytest.raises(RepresentsItself):
        represented(scene, park, clerk, enterprise=park)
    with pytest.raises(EnterpriseMerged):
        represented(scene, park, clerk, enterprise=gone)


def test_only_in_ones_own_name(scene: Scene, park: Enterprise, clerk: User) -> None:
    outsider = make_member(make_enterprise("云岭某公司"))

    for agent, person in ((park, outsider), (None, clerk), (park, scene.handler)):
        with pytest.raises(PermissionDenied):
            represented(scene, agent, person)
    for person in (scene.handler, scene.leader):
        with pytest.raises(PermissionDenied):
            represented(scene, None, person)


def test_a_liaison_officer_files_for_an_enterprise_beyond_the_own_ones(scene: Scene) -> None:
    other = make_enterprise("云岭某公司")
    officer = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, other.pk)

    demand = represented(scene, None, officer, channel=Channel.COUNTER)

    assert sees(officer, demand)
    assert demand.representation.acting == officer.name


def test_the_enterprise_objects_and_the_demand_goes_on(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    demand = scene.accept(scene.dispatch(represented(scene, park, clerk)))

    end_representation(demand.pk, goes_on=True, reason="未授权", by=scene.member, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS
    assert not sees(clerk, demand)
    assert sees(scene.member, demand)
    assert told(clerk)[-1] == "demand.representation_ended"
    Notice.objects.all().delete()
    scene.answer(demand)
    assert told(clerk) == []
    assert told(scene.member) == ["demand.answered"]


def test_or_it_is_withdrawn(scene: Scene, park: Enterprise, clerk: User) -> None:
    demand = represented(scene, park, clerk)

    end_representation(demand.pk, goes_on=False, reason="", by=scene.member, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.WITHDRAWN


def test_what_is_answered_is_not_withdrawn_any_more_and_nothing_ends(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    demand = scene.answer(scene.accept(scene.dispatch(represented(scene, park, clerk))))

    with pytest.raises(MoveNotPossible):
        end_representation(demand.pk, goes_on=False, reason="", by=scene.member, at=AT)

    assert Representation.objects.get().ended_at is None


def test_the_last_day_counts_and_is_the_zones_to_set(
    scene: Scene, park: Enterprise, clerk: User
) -> None:
    HandlingRule.objects.create(category=scene.category, represented_days=3)
    demand = represented(scene, park, clerk)
    end = {"goes_on": True, "reason": "", "by": scene.member}

    with pytest.raises(ObjectionWindowOver):
        end_representation(demand.pk, at=AT + dt.timedelta(days=4), **end)
    end_representation(demand.pk, at=AT + dt.timedelta(days=3), **end)

    with pytest.raises(NothingRepresented):
        end_representation(demand.pk, at=AT, **end)


def test_nobody_else_objects(scene: Scene, park: Enterprise, clerk: User) -> None:
    demand = represented(scene, park, clerk)

    for person in (clerk, scene.dispatcher, scene.leader):
        with pytest.raises(PermissionDenied):
            end_representation(demand.pk, goes_on=True, reason="", by=person, at=AT)
    with pytest.raises(NothingRepresented):
        end_representation(scene.file().pk, goes_on=True, reason="", by=scene.member, at=AT)


def test_the_same_key_files_once(scene: Scene, park: Enterprise, clerk: User) -> None:
    assert represented(scene, park, clerk) == represented(scene, park, clerk)
    assert Notice.objects.filter(event="demand.filed_for_you").count() == 1
