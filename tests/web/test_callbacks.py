"""The callers' pages: the list, the next call, its number and its outcome."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.demands.actions import confirm_demand, draw_callbacks
from lianqi.demands.enums import DemandStatus, Rating, Solved
from lianqi.demands.models import Callback
from tests.web.test_demands import page_of, soup
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def callback(zone: Zone) -> Callback:
    demand, now = zone.demand("answered"), timezone.now()
    confirm_demand(
        demand.pk, rating=Rating.DISSATISFIED, solved=Solved.NO, note="慢", by=zone.boss, at=now
    )
    draw_callbacks(timezone.localdate(now), seed="s", at=now)
    return Callback.objects.get()


def test_from_the_list_to_the_number_to_the_outcome_to_reopening(
    client: Client, zone: Zone, callback: Callback
) -> None:
    page = page_of(client, zone.dispatcher, reverse("demands:callbacks"))
    assert "园区夜间停电" in page.text

    started = client.post(reverse("demands:next_call"))
    assert started["Location"] == callback.get_absolute_url()
    page = page_of(client, zone.dispatcher, started["Location"])
    assert "13800001234" not in page.text
    fields = {each["name"] for each in page.select("form.lq-form [name]")}
    assert fields - {"csrfmiddlewaretoken"} == {
        "outcome", "contacted", "solved", "rating", "remarks",
    }  # fmt: skip

    shown = soup(client.post(reverse("demands:callback_phone", args=[callback.pk])))
    assert "13800001234" in shown.text
    given = {"outcome": "reached", "remarks": "仍有两处"}
    incomplete = client.post(reverse("demands:record_call", args=[callback.pk]), given)
    assert incomplete.status_code == 422
    assert "仍有两处" in incomplete.content.decode()
    given |= {"contacted": "no", "solved": "no", "rating": "2"}
    noted = client.post(reverse("demands:record_call", args=[callback.pk]), given)
    assert (noted.status_code, noted["Location"]) == (303, callback.get_absolute_url())

    client.post(reverse("demands:callback_reopen", args=[callback.pk]))

    callback.refresh_from_db()
    assert (callback.has_reopened, callback.demand.status) == (True, DemandStatus.IN_PROGRESS)


def test_nobody_to_call_is_said_on_the_list(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    response = client.post(reverse("demands:next_call"), follow=True)

    assert "There is nobody to call now" in response.content.decode()


@pytest.mark.parametrize("who", ["boss", "handler", "head", "officer", "newcomer"])
def test_who_does_not_look_after_all_demands_sees_no_calls(
    client: Client, zone: Zone, callback: Callback, who: str
) -> None:
    client.force_login(getattr(zone, who))

    answers = [
        client.get(reverse("demands:callbacks")).status_code,
        client.get(callback.get_absolute_url()).status_code,
    ]

    assert set(answers) <= {302, 303, 403, 404}


@pytest.mark.parametrize("state", ["", "waiting", "done", "satisfied", "false", "nonsense"])
def test_the_list_can_be_narrowed(
    client: Client, zone: Zone, callback: Callback, state: str
) -> None:
    page = page_of(client, zone.leader, reverse("demands:callbacks"), state=state)

    listed = [row["id"] for row in page.select("tbody > tr")]
    assert listed == ([f"callback-{callback.pk}"] if state in {"", "waiting", "nonsense"} else [])
    assert "Next call" not in page.text


def test_a_repeat_is_shown_on_both_demands(client: Client, zone: Zone) -> None:
    first, second = zone.demand(), zone.demand()

    for one, other in ((first, second), (second, first)):
        page = page_of(client, zone.dispatcher, reverse("demands:detail", args=[one.pk]))
        section = page.select_one("#repeats")
        assert section is not None
        assert other.number in section.text
