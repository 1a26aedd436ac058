"""A small unit with its people, clocks and escalation rules. 2 March 2026 is a Monday."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.engines.calendar import ZONE
from lianqi.work.actions import load_official_days, open_item
from lianqi.work.models import ClockRule, EscalationRule, WorkItem

KIND = "accounts.unit"  # any record can be a subject; a unit is at hand on this floor


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass(frozen=True)
class Scene:
    """A bureau under the committee; a leader in charge; a dispatcher; somebody of another unit."""

    zone: Unit
    bureau: Unit
    other_unit: Unit
    handler: User
    colleague: User
    head: User
    leader: User
    dispatcher: User
    stranger: User
    subject: Unit


def person(name: str, unit: Unit | None = None, **fields: Any) -> User:
    return User.objects.create(username=name, name=name, unit=unit, **fields)


def grant(user: User, role: Role, unit: Unit | None = None) -> None:
    scope = Scope.ZONE if unit is None else Scope.UNIT
    RoleAssignment.objects.create(
        user=user, role=role, scope=scope, scope_id=unit.pk if unit else None
    )


def unit_under(parent: Unit | None, name: str, kind: UnitKind) -> Unit:
    unit = Unit.objects.create(name=name, kind=kind, parent=parent, path=f"new-{name}")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    return unit


def build_scene() -> Scene:
    zone = unit_under(None, "管委会", UnitKind.ZONE)
    bureau = unit_under(zone, "经发局", UnitKind.DEPARTMENT)
    other_unit = unit_under(zone, "住建局", UnitKind.DEPARTMENT)
    scene = Scene(
        zone=zone,
        bureau=bureau,
        other_unit=other_unit,
        handler=person("handler", bureau),
        colleague=person("colleague", bureau),
        head=person("head", bureau),
        leader=person("leader", zone),
        dispatcher=person("dispatcher", bureau),
        stranger=person("stranger", other_unit),
        subject=Unit.objects.create(name="记录", kind=UnitKind.COMPANY, path="/subject/"),
    )
    zone.leader = scene.leader
    zone.save()
    grant(scene.handler, Role.HANDLER, bureau)
    grant(scene.head, Role.DEPARTMENT_HEAD, bureau)
    grant(scene.leader, Role.LEADER)
    grant(scene.dispatcher, Role.DISPATCHER)
    grant(scene.stranger, Role.HANDLER, other_unit)
    load_official_days(at=local("2026-01-05 09:00"))
    clock("answer", 5)
    clock("answer", 3, priority="urgent")
    clock("answer", 16, kind="working_hours", priority="hours")
    clock("answer", 10, priority="slow")
    clock("accept", 4, kind="working_hours", outside_hours="next_working_time")
    return scene


def clock(step: str, amount: int, kind: str = "working_days", **fields: Any) -> ClockRule:
    fields = {"outside_hours": "as_filed"} | fields
    return ClockRule.objects.create(
        subject_kind=KIND, step=step, kind=kind, amount=amount, **fields
    )


def escalation(share: str, level: int, step: str = "") -> EscalationRule:
    return EscalationRule.objects.create(subject_kind=KIND, step=step, share=share, level=level)


def opened(scene: Scene, at: str, **fields: Any) -> WorkItem:
    """Open a step of the scene's record for the bureau."""
    for_whom = {"unit": scene.bureau} if not fields.keys() & {"unit", "person", "desk"} else {}
    known = {"step": "answer", "label": "SQ1 路灯不亮", "url": "/demands/1/"} | for_whom
    return open_item(
        scene.subject, by=scene.dispatcher, at=local(at), enterprise_id=None, **(known | fields)
    )
