"""Pages and API of classes of cases, by role."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.demands.actions import find_clusters
from lianqi.demands.models import CaseClass, Demand, DemandCluster
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
URL, NEW = "/demands/classes/", "/demands/classes/new/"


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def in_days(days: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def given(zone: Zone, *demands: Demand) -> dict[str, object]:
    return {
        "title": "夜间停电", "note": "更换老化线路。", "unit": zone.economy.pk, "fix_on": in_days(20),
        "demands": [each.pk for each in demands],
    }  # fmt: skip


def opened(client: Client, zone: Zone, demand: Demand) -> CaseClass:
    client.force_login(zone.dispatcher)
    answer = client.post(f"{NEW}?demand={demand.pk}", given(zone, demand))
    assert answer.status_code == 303
    return CaseClass.objects.get()


def test_from_a_group_of_demands_to_a_class(client: Client, zone: Zone) -> None:
    demands = [zone.demand() for _ in range(3)]
    find_clusters(at=timezone.now())
    cluster = DemandCluster.objects.get()
    client.force_login(zone.dispatcher)

    listed = client.get(URL).content.decode()
    form = client.get(f"{NEW}?cluster={cluster.pk}").content.decode()
    answer = client.post(f"{NEW}?cluster={cluster.pk}", given(zone, *demands[:2]))

    assert cluster.label in listed
    assert all(each.number in form for each in demands)
    assert answer.status_code == 303
    case = CaseClass.objects.get()
    assert set(case.links.values_list("demand_id", flat=True)) == {each.pk for each in demands[:2]}


def test_a_refused_day_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    answer = client.post(f"{NEW}?demand={demand.pk}", given(zone, demand) | {"fix_on": in_days(0)})

    assert answer.status_code == 422
    assert "更换老化线路。" in answer.content.decode()
    assert not CaseClass.objects.exists()


def test_the_unit_fixes_it_and_the_page_counts(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    case = opened(client, zone, demand)
    client.force_login(zone.handler)

    page = client.get(reverse("demands:class", args=[case.pk])).content.decode()
    answer = client.post(reverse("demands:fix_class", args=[case.pk]), {"note": "线路已更换。"})

    assert demand.number in page
    assert 'id="act-fix"' in page
    assert 'id="act-drop"' not in page
    assert answer.status_code == 303
    case.refresh_from_db()
    assert case.status == "fixed"


def test_a_unit_opens_only_those_demands_it_may_see(client: Client, zone: Zone) -> None:
    demand = zone.demand()  # not dispatched to anybody
    case = opened(client, zone, demand)
    client.force_login(zone.handler)

    page = client.get(reverse("demands:class", args=[case.pk])).content.decode()

    assert demand.number not in page


@pytest.mark.parametrize(
    ("person", "listing", "single", "opening"),
    [
        ("dispatcher", 200, 200, 200), ("leader", 200, 200, 200), ("auditor", 200, 200, 403),
        ("handler", 200, 200, 403), ("head", 200, 200, 403), ("other_handler", 200, 404, 403),
        ("boss", 403, 403, 403), ("officer", 403, 403, 403),
    ],
)  # fmt: skip
def test_who_sees_classes(
    client: Client, zone: Zone, person: str, listing: int, single: int, opening: int
) -> None:
    case = opened(client, zone, zone.demand())
    client.force_login(getattr(zone, person))

    assert client.get(URL).status_code == listing
    assert client.get(reverse("demands:class", args=[case.pk])).status_code == single
    assert client.get(NEW).status_code == opening
    assert client.get("/api/v1/classes").status_code == listing
    assert client.get(f"/api/v1/classes/{case.pk}").status_code == single


def test_groups_are_for_those_who_read_everything(client: Client, zone: Zone) -> None:
    for _ in range(3):
        zone.demand()
    find_clusters(at=timezone.now())
    label = DemandCluster.objects.get().label
    seen = {}
    for person in ("leader", "handler"):
        client.force_login(getattr(zone, person))
        seen[person] = (
            label in client.get(URL).content.decode(),
            client.get("/api/v1/classes/clusters").status_code,
        )

    assert seen == {"leader": (True, 200), "handler": (False, 403)}


def test_a_program_opens_and_fixes_a_class(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    body = {
        "title": "夜间停电", "note": "更换线路", "unit_id": zone.economy.pk, "fix_on": in_days(9),
        "demand_ids": [demand.pk],
    }  # fmt: skip
    client.force_login(zone.dispatcher)

    made = client.post("/api/v1/classes", body, content_type="application/json")
    again = client.post("/api/v1/classes", body, content_type="application/json")
    pk = made.json()["id"]
    fixed = client.post(
        f"/api/v1/classes/{pk}/fix", {"note": "已换"}, content_type="application/json"
    )

    assert (made.status_code, again.status_code, fixed.status_code) == (201, 409, 200)
    assert again.json()["code"] == "demand_nothing_to_link"
    assert fixed.json()["status"] == "fixed"
    assert client.get(f"/api/v1/classes/{pk}").json()["before"]["demands"] == 1
