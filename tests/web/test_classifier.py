"""The page that says how good the classifier is."""

import pytest
from django.test import Client

from lianqi.demands.models import Classifier
from tests.factories import AT
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
URL = "/demands/classifier/"


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def examined(zone: Zone) -> Classifier:
    never = {
        "label": "gone",
        "cases": 4,
        "named": 9,
        "right": 3,
        "threshold": None,
        "spoken": 0,
        "spoken_right": 0,
    }
    good = never | {"label": zone.category.code, "cases": 40, "right": 36, "named": 38, "threshold": 0.62, "spoken": 30, "spoken_right": 29}  # fmt: skip
    return Classifier.objects.create(
        kind="category", version=3, trained_at=AT, learned=176, held_out=44, description={},
        numbers=b"", judgements=[good, never], confusion=[[zone.category.code, "gone", 4]],
    )  # fmt: skip


def test_accuracy_is_shown_by_category_with_cases_and_threshold(client: Client, zone: Zone) -> None:
    examined(zone)
    client.force_login(zone.dispatcher)

    page = client.get(URL).content.decode()

    for said in ("36 / 40", "62 %", "水电气保障", "29 / 30", "39 / 44", "gone"):
        assert said in page


def test_an_empty_page_says_when_it_will_learn(client: Client, zone: Zone) -> None:
    client.force_login(zone.leader)

    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(
    ("person", "page", "train"),
    [
        ("dispatcher", 200, 303), ("leader", 200, 403), ("auditor", 200, 403), ("head", 200, 403),
        ("handler", 403, 403), ("boss", 403, 403), ("officer", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_it_and_who_lets_it_learn(
    client: Client, zone: Zone, person: str, page: int, train: int
) -> None:
    client.force_login(getattr(zone, person))

    assert client.get(URL).status_code == page
    assert client.get("/api/v1/classifiers").status_code == page
    assert client.post(URL + "train/").status_code == train


def test_too_little_to_learn_is_said_on_the_page(client: Client, zone: Zone) -> None:
    client.force_login(zone.dispatcher)

    answer = client.post(URL + "train/", follow=True)

    assert "60" in answer.content.decode()
