"""The catalogue of categories, as the platform administrator keeps it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.demands.models import CategoryVersion, DemandCategory, DutyRule
from lianqi.work.models import ClockRule
from tests.demands.duties import make_duty
from tests.factories import grant, make_category, make_unit, make_user, make_version

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def category() -> DemandCategory:
    return make_category()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(grant(make_user("admin"), Role.PLATFORM_ADMIN))
    return client


def of(name: str, pk: int | None = None) -> str:
    return reverse(f"zone:{name}", args=[pk] if pk is not None else [])


def typed(**changes: Any) -> dict[str, Any]:
    """A version from tomorrow, as the form sends it."""
    return {
        "valid_from": (timezone.localdate() + DAY).isoformat(),
        "is_accepted": "on",
        "evidence": "*用电合同\n现场照片",
        "amount_answer_normal": "3",
        "kind_answer_normal": "working_days",
    } | changes


def test_a_version_is_added_changed_and_taken_back(desk: Client, category: DemandCategory) -> None:
    new = of("new_version", category.pk)

    form = desk.get(new).text
    added = desk.post(new, typed())
    row = CategoryVersion.objects.get()
    rule = ClockRule.objects.get(rule_set=row.pk)
    changed = desk.post(of("version", row.pk), typed(evidence="营业执照", is_accepted=""))
    kept = [each.name for each in CategoryVersion.objects.get().documents]
    page = desk.get(of("category", category.pk)).text
    desk.post(of("drop_version", row.pk))

    assert 'name="amount_answer_critical"' in form
    assert (added.status_code, rule.amount, rule.step) == (303, 3, "answer")
    assert changed.status_code == 422  # not accepted, and nowhere to go instead
    assert kept == ["用电合同", "现场照片"]
    assert "用电合同" in page
    assert not CategoryVersion.objects.exists()


def test_a_refused_version_keeps_what_was_typed(desk: Client, category: DemandCategory) -> None:
    make_version(category)

    answer = desk.post(
        of("new_version", category.pk),
        typed(valid_from=timezone.localdate().isoformat(), advice="请找法院"),
    )

    assert answer.status_code == 422
    assert "请找法院" in answer.text
    assert CategoryVersion.objects.count() == 1


def test_a_line_is_added_flagged_and_ended(desk: Client, category: DemandCategory) -> None:
    today = timezone.localdate()
    make_duty(category, make_unit("甲局"), title="专精特新")
    line = {"unit": make_unit("乙局").pk, "title": "高新技术企业", "valid_from": today.isoformat()}

    added = desk.post(of("add_duty", category.pk), line)
    twice = desk.post(of("add_duty", category.pk), line)
    page = desk.get(of("category", category.pk)).text
    rule = DutyRule.objects.get(title="高新技术企业")
    desk.post(of("end_duty", rule.pk), {"last_day": today.isoformat()})

    rule.refresh_from_db()
    assert (added.status_code, twice.status_code) == (303, 422)
    assert "冲突" in page
    assert rule.valid_to == today


def test_the_tree_names_headings_and_leads_to_each(desk: Client, category: DemandCategory) -> None:
    below = make_category("below", parent=category, name_zh="停电")

    page = desk.get(of("tree")).text

    assert of("category", below.pk) in page
    assert "水电气保障 ›" in page


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.LEADER, Role.AUDITOR])
def test_nobody_else_keeps_the_catalogue(
    client: Client, category: DemandCategory, role: Role
) -> None:
    client.force_login(grant(make_user(), role))
    row, rule = make_version(category), make_duty(category, make_unit())

    statuses = {
        client.get(of("tree")).status_code,
        client.get(of("category", category.pk)).status_code,
        client.post(of("new_version", category.pk), typed()).status_code,
        client.post(of("add_duty", category.pk), {}).status_code,
        client.post(of("version", row.pk), typed()).status_code,
        client.post(of("drop_version", row.pk)).status_code,
        client.post(of("end_duty", rule.pk), {}).status_code,
    }

    assert statuses == {403}


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_needs_the_same_queries_for_any_number_of_lines(
    desk: Client, category: DemandCategory, django_assert_max_num_queries: Any, count: int
) -> None:
    for n in range(count):
        make_duty(category, make_unit(f"{n}局"))
        make_version(
            category,
            valid_from=dt.date(2026, 1, 1) + n * DAY,
            valid_to=dt.date(2026, 1, 1) + n * DAY,
        )

    with django_assert_max_num_queries(20):
        desk.get(of("category", category.pk))


def test_many_lines_are_paged_and_a_contradiction_on_another_page_is_seen(
    desk: Client, category: DemandCategory
) -> None:
    make_duty(category, make_unit("甲局"), district="云东街道")
    for number in range(30):
        make_duty(category, make_unit(f"{number}局"), district=f"{number}街道")
    make_duty(category, make_unit("乙局"), district="云东街道")

    first = desk.get(of("category", category.pk))
    older = desk.get(of("category", category.pk), {"after": first.context["page"].after})

    assert len(first.context["rules"]) == 30
    assert [rule.unit.name for rule, *_rest in older.context["rules"]] == ["0局", "甲局"]
    assert [rivals for _rule, _said, rivals, _runs in older.context["rules"]] == ["", "乙局"]
    assert first.context["rules"][0][2] == "甲局"
    assert "下一页" in first.text
