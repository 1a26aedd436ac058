"""The first catalogue and the published time limits, as the platform administrator sees them."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.demands.actions import load_clock_rules
from lianqi.demands.defaults import default_categories, time_limits
from lianqi.demands.models import DemandCategory
from tests.factories import grant, make_category, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(grant(make_user("admin"), Role.PLATFORM_ADMIN))
    return client


def test_missing_categories_are_added_and_then_the_same(desk: Client) -> None:
    url = reverse("zone:defaults")

    before = desk.get(url).text
    added = desk.post(reverse("zone:load_defaults"))
    after = desk.get(url).text

    assert before.count(">缺少<") == len(default_categories())
    assert (added.status_code, added.headers["Location"]) == (303, url)
    assert DemandCategory.objects.count() == len(default_categories())
    assert after.count(">一致<") == len(default_categories())
    assert "缺少" not in after
    assert "采用<" not in after


def test_a_different_category_says_in_what_and_is_taken_over(desk: Client) -> None:
    make_category(code="customs", name_zh="海关")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    page = desk.get(reverse("zone:defaults")).text
    taken = desk.post(
        reverse("zone:take_over_default", args=["customs"]), {"valid_from": tomorrow.isoformat()}
    )

    assert "名称、上级类别" in page
    assert taken.status_code == 303
    assert DemandCategory.objects.get(code="customs").name_zh == "通关外贸"


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01"])
def test_a_day_that_will_not_do_is_refused_in_words(desk: Client, day: str) -> None:
    url = reverse("zone:take_over_default", args=["customs"])
    desk.post(url, {"valid_from": timezone.localdate().isoformat()})
    DemandCategory.objects.filter(code="customs").update(name_zh="海关")
    DemandCategory.objects.get(code="customs").versions.get().evidence.create(name="报关单")

    page = desk.post(url, {"valid_from": day}, follow=True).text

    assert "alert" in page
    assert DemandCategory.objects.get(code="customs").name_zh == "海关"


def test_an_unknown_code_is_not_found(desk: Client) -> None:
    answer = desk.post(reverse("zone:take_over_default", args=["nothing"]), {"valid_from": ""})

    assert answer.status_code == 404


def test_published_limits_stand_beside_the_general_ones(desk: Client) -> None:
    load_clock_rules(at=timezone.now())

    page = desk.get(reverse("zone:limits")).text

    assert all(each.name_zh in page and each.document in page for each in time_limits().values())
    assert "15 个工作日" in page
    assert "待核对" in page


def test_chosen_limits_fill_in_a_new_version(desk: Client) -> None:
    category = make_category()

    way = desk.get(reverse("zone:use_limits"), {"limits": "shandong-2020", "category": category.pk})
    form = desk.get(way.headers["Location"])
    lost = desk.get(reverse("zone:use_limits"), {"limits": "nowhere", "category": category.pk})

    filled = form.context["form"]
    assert way.status_code == 302
    assert filled["amount_answer_normal"].value() == 15
    assert filled["source"].value() == time_limits()["shandong-2020"].source
    assert lost.headers["Location"] == reverse("zone:limits")


@pytest.mark.parametrize("role", [None, Role.DISPATCHER, Role.LEADER])
@pytest.mark.parametrize("name", ["defaults", "limits", "use_limits"])
def test_others_are_turned_away(client: Client, role: Role | None, name: str) -> None:
    person = make_user("other")
    client.force_login(grant(person, role) if role else person)

    assert client.get(reverse(f"zone:{name}")).status_code in {302, 403}
