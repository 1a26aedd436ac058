"""The language switch: of the page for everybody, of one's messages for whoever is signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_dispatcher

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("chosen", "kept"), [("en", "en"), ("zh-hans", "zh-hans"), ("fr", "en")])
def test_the_switch_also_chooses_the_language_of_the_messages(chosen: str, kept: str) -> None:
    person, other = make_dispatcher(language="en"), make_dispatcher()
    client = Client()
    client.force_login(person)

    client.post(reverse("set_language"), {"language": chosen, "next": "/"})

    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.language, other.language) == (kept, "zh-hans")


def test_the_public_switches_only_the_page() -> None:
    answer = Client().post(reverse("set_language"), {"language": "en", "next": "/"})

    assert (answer.status_code, answer.cookies["django_language"].value) == (302, "en")
