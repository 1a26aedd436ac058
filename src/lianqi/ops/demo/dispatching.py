"""How the demands of the demo zone find their unit: mostly at once, some after an objection."""

import datetime as dt
from collections.abc import Callable
from random import Random

from lianqi.accounts.models import Unit
from lianqi.demands import actions
from lianqi.demands.enums import DemandStatus, ObjectionReason
from lianqi.demands.flow import UNANSWERED
from lianqi.demands.models import Demand
from lianqi.ops.demo.people import HANDLING, People
from lianqi.work.enums import Urgency

Later = Callable[[dt.datetime, int, int], dt.datetime | None]
OBJECTED = 0.06
ASSISTED = 0.04
# How the dispatcher judges the urgency; None is what is usual for the category.
JUDGED: dict[Urgency | None, int] = {None: 88, Urgency.URGENT: 9, Urgency.CRITICAL: 3}
REASON = "该事项的主管职责在其他部门，建议改派。"


class Desk:
    """The dispatcher at work; `later` says when the next step comes, or that it lies ahead."""

    def __init__(self, people: People, random: Random, later: Later) -> None:
        self._people, self._random, self._later = people, random, later
        self._arbitrations = 0

    def dispatch(self, demand: Demand, right: str, at: dt.datetime) -> dt.datetime | None:
        """Send a demand to its unit, by whatever way; when it has it, or None if not yet."""
        if self._random.random() >= OBJECTED:
            self._send(demand, self._people.units[right], at)
            return at
        if self._random.random() < 0.3:
            self._send(demand, self._people.units[right], at)
            return self._not_upheld(demand, right, at)
        wrong, other = self._random.sample([key for key in HANDLING if key != right], 2)
        self._send(demand, self._people.units[wrong], at)
        if self._random.random() < 0.3 or self._arbitrations == 0:
            self._arbitrations += 1
            return self._arbitrated(demand, wrong, other, right, at)
        return self._upheld(demand, wrong, right, at)

    def send(self, demand: Demand, right: str, at: dt.datetime) -> None:
        """Send a demand to its unit at once, at the urgency that the dispatcher sees in it."""
        self._send(demand, self._people.units[right], at)

    def _send(self, demand: Demand, unit: Unit, at: dt.datetime) -> None:
        urgency = self._random.choices(list(JUDGED), list(JUDGED.values()))[0]
        actions.dispatch_demand(
            demand.pk, unit=unit, urgency=urgency, by=self._people.dispatcher, at=at
        )

    def _object(
        self, demand: Demand, key: str, at: dt.datetime, proposed: str = ""
    ) -> dt.datetime | None:
        raised = self._later(at, 1, 4)
        if raised is None:
            return None
        actions.object_to_dispatch(
            demand.pk,
            reason=ObjectionReason.WRONG_UNIT,
            note=REASON,
            proposed=self._people.units.get(proposed),
            by=self._people.handlers[key][0],
            at=raised,
        )
        return self._later(raised, 1, 4)

    def _not_upheld(self, demand: Demand, right: str, at: dt.datetime) -> dt.datetime | None:
        decided = self._object(demand, right, at)
        if decided is not None:
            actions.overrule_objection(
                demand.pk,
                decision="经核对职责目录，仍由你单位办理。",
                by=self._people.dispatcher,
                at=decided,
            )
        return decided

    def _upheld(
        self, demand: Demand, wrong: str, right: str, at: dt.datetime
    ) -> dt.datetime | None:
        decided = self._object(demand, wrong, at, right)
        if decided is not None:
            actions.uphold_objection(
                demand.pk,
                unit=self._people.units[right],
                decision="经核对职责目录，异议成立，改派主管单位。",
                by=self._people.dispatcher,
                at=decided,
            )
        return decided

    def _arbitrated(
        self, demand: Demand, wrong: str, other: str, right: str, at: dt.datetime
    ) -> dt.datetime | None:
        again = self._upheld(demand, wrong, other, at)
        decided = again and self._object(demand, other, again, right)
        if decided is None:
            return None
        actions.arbitrate_objection(
            demand.pk,
            unit=self._people.units[right],
            decision="该事项以行业主管为主，由该单位牵头办理，今后同类诉求照此派发。",
            by=self._people.leader,
            at=decided,
        )
        return decided

    def assist(self, demand: Demand, lead: str, at: dt.datetime) -> None:
        """Now and then another department contributes while the lead handles a demand."""
        if self._random.random() >= ASSISTED:
            return
        other = self._random.choice([key for key in HANDLING if key != lead])
        actions.add_assistance(
            demand.pk,
            unit=self._people.units[other],
            request="请就职责范围内的事项提出办理意见。",
            by=self._people.dispatcher,
            at=at,
        )
        given = self._later(at, 2, 8)
        if given is not None:
            actions.contribute(
                demand.pk,
                text="经研究，无不同意见，可按现行规定办理。",
                by=self._people.handlers[other][0],
                at=given,
            )


def send_what_waits(people: People, *, now: dt.datetime) -> None:
    """This morning's round of the dispatcher: what waits goes out at once, with a report.

    Two demands that a colleague had sent already show what a refused line says.
    """
    at = now - dt.timedelta(minutes=10)
    waiting = Demand.objects.filter(filed_at__lt=at).order_by("pk")
    ids = list(waiting.filter(status=DemandStatus.SUBMITTED).values_list("pk", flat=True)[:4])
    ids += waiting.filter(status=DemandStatus.DISPATCHED).values_list("pk", flat=True)[:2]
    actions.dispatch_many(ids, unit=None, by=people.dispatcher, at=at)


def merge_same_matters(people: People, *, now: dt.datetime) -> None:
    """Two demands that ask what another enterprise asked already ride with that one's answer."""
    at = now - dt.timedelta(minutes=20)
    before = Demand.objects.filter(filed_at__lt=at - dt.timedelta(minutes=40))
    new = before.filter(status=DemandStatus.SUBMITTED)
    merged = 0
    for demand in new.filter(enterprise__isnull=False).order_by("-pk"):
        alike = before.filter(status__in=UNANSWERED, title=demand.title, pk__lt=demand.pk)
        survivor = alike.exclude(enterprise=demand.enterprise).order_by("-pk").first()
        if survivor is None or merged == 2:
            continue
        actions.merge_demand(
            demand.pk,
            into=survivor,
            reason="两家企业反映的是同一事项，一并办理。",
            by=people.dispatcher,
            at=at,
        )
        merged += 1
