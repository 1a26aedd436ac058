"""The ladder of reminders as data: changed on a page, followed by steps that are open."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.notices.models import Notice
from lianqi.work.actions import change_rung, create_rung, escalate_due, pause_item, remove_rung
from lianqi.work.enums import Level, PauseReason
from lianqi.work.errors import RungOutOfRange, RungTaken
from lianqi.work.models import EscalationRule
from tests.work.scene import KIND, Scene, grant, local, opened, person


@pytest.fixture
def admin(scene: Scene) -> User:  # the zone comes first
    admin = person("admin")
    grant(admin, Role.PLATFORM_ADMIN)
    return admin


def rung(admin: User, share: str, level: Level, step: str = "") -> EscalationRule:
    return create_rung(
        subject_kind=KIND,
        step=step,
        share=Decimal(share),
        level=level,
        by=admin,
        at=local("2026-03-02 11:00"),
    )


def told() -> list[str]:
    return sorted(Notice.objects.values_list("person__username", flat=True))


def test_an_open_step_follows_a_new_entry(scene: Scene, admin: User) -> None:
    item = opened(scene, "2026-03-02 10:00")
    assert item.next_escalation_at is None

    rung(admin, "0.5", Level.HEAD)
    handled = escalate_due(at=local("2026-03-02 11:01"))
    item.refresh_from_db()
    half_time = item.next_escalation_at
    assert (handled, told(), Event.objects.filter(verb="work.escalated").count()) == (1, [], 0)

    assert half_time is not None
    escalate_due(at=half_time)
    assert told() == ["head"]


def test_nobody_is_told_of_an_entry_that_was_removed(scene: Scene, admin: User) -> None:
    opened(scene, "2026-03-02 10:00")
    entry = rung(admin, "0.5", Level.HEAD)
    escalate_due(at=local("2026-03-02 11:01"))

    remove_rung(entry.pk, by=admin, at=local("2026-03-02 12:00"))
    escalate_due(at=local("2026-03-09 17:00"))

    assert told() == []
    assert Event.objects.filter(verb="work.escalation_rule_removed").count() == 1


def test_what_was_told_is_not_told_again_after_a_change(scene: Scene, admin: User) -> None:
    item = opened(scene, "2026-03-02 10:00")
    entry = rung(admin, "0.5", Level.HEAD)
    escalate_due(at=local("2026-03-06 09:00"))

    change_rung(
        entry.pk, share=Decimal("0.4"), level=Level.HEAD, by=admin, at=local("2026-03-06 10:00")
    )
    escalate_due(at=local("2026-03-06 10:01"))

    item.refresh_from_db()
    assert (told(), str(item.escalated_share)) == (["head"], "0.50")


def test_the_service_centre_can_stand_on_the_ladder(scene: Scene, admin: User) -> None:
    opened(scene, "2026-03-02 10:00")
    rung(admin, "1.5", Level.DISPATCH_DESK)

    escalate_due(at=local("2026-04-01 09:00"))

    assert told() == ["dispatcher"]


def test_a_clock_that_stands_stays_out_of_the_round(scene: Scene, admin: User) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause_item(
        item.pk,
        reason=PauseReason.EXPERT_REVIEW,
        evidence="鉴定",
        by=scene.head,
        at=local("2026-03-02 10:30"),
    )

    rung(admin, "0.5", Level.HEAD)

    assert escalate_due(at=local("2026-03-31 09:00")) == 0


@pytest.mark.parametrize("share", ["0", "-0.1", "5.01"])
def test_a_share_without_sense_is_refused(admin: User, share: str) -> None:
    with pytest.raises(RungOutOfRange):
        rung(admin, share, Level.HEAD)


def test_an_entry_stands_once(admin: User) -> None:
    rung(admin, "0.5", Level.HEAD)

    with pytest.raises(RungTaken, match="50%"):
        rung(admin, "0.50", Level.HEAD)


def test_the_same_entry_again_writes_nothing(admin: User) -> None:
    entry = rung(admin, "0.5", Level.HEAD)

    change_rung(
        entry.pk, share=Decimal("0.50"), level=Level.HEAD, by=admin, at=local("2026-03-02 12:00")
    )

    assert not Event.objects.filter(verb="work.escalation_rule_changed").exists()


def test_only_the_platform_administrator_keeps_the_ladder(scene: Scene, admin: User) -> None:
    entry = rung(admin, "0.5", Level.HEAD)

    for who in (scene.head, scene.leader, scene.dispatcher):
        with pytest.raises(PermissionDenied):
            rung(who, "0.6", Level.HEAD)
        with pytest.raises(PermissionDenied):
            remove_rung(entry.pk, by=who, at=local("2026-03-02 12:00"))
