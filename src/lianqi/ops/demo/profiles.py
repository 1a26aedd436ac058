"""What people of the demo zone entered by hand: contacts, facts, titles, lists, requests."""

import datetime as dt
from decimal import Decimal

from lianqi.accounts.actions import create_person
from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.ops.demo.people import People, invented_name
from lianqi.register.actions import (
    add_contact,
    add_fact,
    add_title,
    change_title,
    put_on_list,
    refuse_membership,
    request_membership,
    withdraw_fact,
)
from lianqi.register.enums import Qualifier, TitleLevel
from lianqi.register.models import Enterprise, KeyList, Membership

DAY = dt.timedelta(days=1)
# Title, level, and how many days from now its last day lies: one that is over, one that ends soon.
AWARDS = (
    ("瞪羚企业", TitleLevel.ZONE, 400),
    ("专精特新“小巨人”企业", TitleLevel.NATIONAL, 60),
    ("企业技术中心", TitleLevel.PROVINCIAL, -40),
    ("智能工厂", TitleLevel.MUNICIPAL, 700),
)


def complete_profiles(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Let the service centre, the enterprises and their officers state what they know."""
    key_list = KeyList.objects.earliest("pk")
    for number, firm in enumerate(firms):
        _by_the_centre(people.dispatcher, firm, number, now=now)
        if number % 3 == 0:
            put_on_list(key_list, enterprise=firm, by=people.dispatcher, at=now - 90 * DAY)
    for membership in _administrators(firms):
        assert membership.user is not None
        _by_the_enterprise(membership.user, membership.enterprise, now=now)
    for officer in User.objects.filter(pk__in=[each.pk for each in people.officers]):
        visited = Enterprise.objects.of_own_circle(officer).filter(pk__in=[f.pk for f in firms])
        for firm in visited.order_by("pk")[:2]:
            _by_the_officer(officer, firm, now=now)


def leave_requests(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Two people want to act for an enterprise: one waits for the decision, one was refused."""
    for number, firm in enumerate(firms[:2]):
        person = create_person(
            username=f"applicant{number + 1}",
            name=invented_name(number + 83),
            password=None,
            email=f"applicant{number + 1}@example.org",
            by=None,
            at=now - DAY,
        )
        asked = request_membership(code=firm.code, by=person, at=now - DAY / 6)
        if number:
            reason = "经电话核实，该人员不在贵单位任职，请由企业管理员邀请加入。"
            refuse_membership(asked.pk, reason=reason, by=people.dispatcher, at=now - DAY / 12)


def _administrators(firms: list[Enterprise]) -> list[Membership]:
    held = Membership.objects.confirmed().filter(enterprise__in=firms, role=Role.ENTERPRISE_ADMIN)
    return list(held.select_related("enterprise", "user").order_by("pk"))


def _by_the_centre(by: User, firm: Enterprise, number: int, *, now: dt.datetime) -> None:
    """An earlier year from the annual report, and a title; one of them was corrected later."""
    add_fact(
        firm.pk,
        key="revenue",
        value=Decimal(1_200_000 + number * 3_500_000),
        unit="元",
        period="2024",
        source="2024年度报告",
        by=by,
        at=now - 200 * DAY,
    )
    label, level, days = AWARDS[number % len(AWARDS)]
    last = (now + days * DAY).date()
    first = last - dt.timedelta(days=3 * 365)
    title = add_title(
        firm.pk, label=label, level=level, granted_on=first, by=by, at=now - 180 * DAY
    )
    change_title(
        title.pk,
        label=label,
        level=level,
        batch="",
        granted_on=first,
        valid_until=last,
        source="云高新认定通知",
        by=by,
        at=now - 60 * DAY,
    )


def _by_the_enterprise(by: User, firm: Enterprise, *, now: dt.datetime) -> None:
    """Its own contact and patents, and a figure it took back because the year was wrong."""
    add_contact(
        firm.pk,
        name=by.name,
        position="总经理助理",
        mobile=f"1980000{firm.pk:04d}",
        email=by.email,
        by=by,
        at=now - 45 * DAY,
    )
    at, half = now - 40 * DAY, f"{now.year - 1}-H2"
    add_fact(
        firm.pk,
        key="发明专利",
        value=Decimal(3 + firm.pk % 9),
        unit="件",
        period=half,
        by=by,
        at=at,
    )
    wrong = add_fact(
        firm.pk, key="研发费用", value=Decimal(2_600_000), unit="元", period="2023", by=by, at=at
    )
    withdraw_fact(wrong.pk, by=by, at=at + DAY)
    add_fact(
        firm.pk, key="研发费用", value=wrong.value, unit="元", period="2024", by=by, at=at + DAY
    )


def _by_the_officer(by: User, firm: Enterprise, *, now: dt.datetime) -> None:
    """What was said during a visit: whom to speak to, and about how many people there are."""
    at = now - 12 * DAY
    add_contact(
        firm.pk,
        name=invented_name(firm.pk + 17),
        position="行政主管",
        mobile=f"1970000{firm.pk:04d}",
        by=by,
        at=at,
    )
    add_fact(
        firm.pk,
        key="在岗职工",
        value=Decimal(20 + firm.pk % 60),
        unit="人",
        period=f"{at:%Y-%m}",
        qualifier=Qualifier.ABOUT,
        by=by,
        at=at,
    )
