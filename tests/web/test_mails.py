"""Pages for mails of unknown senders."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.demands.enums import MailState
from lianqi.demands.models import Demand, IncomingMail
from tests.factories import AT
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
MAILS = reverse("demands:mails")


@pytest.fixture
def mail(zone: Zone) -> IncomingMail:  # noqa: F811
    return IncomingMail.objects.create(
        message_id="one",
        sender="li@example.org",
        subject="<b>厂区停电</b>",
        text="三次<script>alert(1)</script>",
        received_at=AT,
        state=MailState.WAITING,
    )


def test_the_list_leads_to_the_mail_and_nothing_in_it_is_markup(
    client: Client,
    zone: Zone,  # noqa: F811
    mail: IncomingMail,
) -> None:
    url = reverse("demands:mail", args=[mail.pk])

    listed = page_of(client, zone.dispatcher, MAILS)
    page = page_of(client, zone.dispatcher, url)

    assert listed.select_one(f'a[href="{url}"]')
    assert "<script>alert(1)</script>" in page.get_text()
    assert "alert(1)" not in "".join(each.text for each in page.find_all("script"))


def test_finding_choosing_and_filing(client: Client, zone: Zone, mail: IncomingMail) -> None:  # noqa: F811
    url = reverse("demands:mail", args=[mail.pk])
    client.force_login(zone.dispatcher)

    found = client.post(url, {"firm": "海纳光电", "find": "1"})
    bare = client.post(url, {"firm": "", "category": zone.category.pk})
    filed = client.post(
        url, {"enterprise": zone.firm.pk, "firm": "海纳光电", "category": zone.category.pk}
    )
    again = client.post(url, {"firm": "海纳", "category": zone.category.pk})

    choices = BeautifulSoup(found.content, "html.parser").select("[name=enterprise]")
    assert [each["value"] for each in choices] == [str(zone.firm.pk)]
    assert (found.status_code, bare.status_code, filed.status_code, again.status_code) == (
        200, 422, 303, 422,
    )  # fmt: skip
    assert Demand.objects.get().enterprise == zone.firm


def test_setting_aside_and_who_may(client: Client, zone: Zone, mail: IncomingMail) -> None:  # noqa: F811
    aside = reverse("demands:set_aside", args=[mail.pk])
    for who in (zone.leader, zone.handler, zone.auditor, zone.boss):
        client.force_login(who)
        assert client.get(MAILS).status_code == 403
        assert client.post(aside, {"reason": "广告"}).status_code == 403
    client.force_login(zone.dispatcher)

    assert client.post(aside, {"reason": "广告"}).status_code == 303
    assert "No mail waits." in client.get(MAILS).content.decode()
