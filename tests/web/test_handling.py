"""Handling on the page and over JSON: what comes first, what is refused, what stays inside."""

import io
import json

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.accounts.models import User
from lianqi.demands.actions import ask_enterprise, log_contact, write_note, write_report
from lianqi.demands.enums import ContactOutcome, ContactWay, ReportKind
from lianqi.demands.models import ContactAttempt, Demand, InternalNote, Question, Report
from lianqi.files.models import StoredFile
from lianqi.notices.models import Delivery, Notice
from lianqi.work.enums import PauseReason
from lianqi.work.models import WorkItem
from tests.factories import make_clock_rule
from tests.web.test_demands import HTMX, offered, page_of
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def address(demand: Demand, act: str = "detail") -> str:
    return reverse(f"demands:{act}", args=[demand.pk])


def unfolded(page: BeautifulSoup) -> list[str]:
    return [act["id"].removeprefix("act-") for act in page.select("details.lq-offer[open]")]


def ask(zone: Zone, demand: Demand) -> Question:
    return ask_enterprise(
        demand.pk, reason=PauseReason.ENTERPRISE_MATERIAL, text="请补充用电记录。",
        evidence="机密佐证", by=zone.handler, at=timezone.now(),
    )  # fmt: skip


# --- What the handler sees first ---------------------------------------------------------------


def test_what_is_due_first_stands_first_and_alone_unfolded(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    make_clock_rule("contact", amount=1, rule_set=7)
    answer = WorkItem.objects.about(demand).open().get()
    due = timezone.now()
    WorkItem.objects.create(
        subject_kind=answer.subject_kind, subject_id=demand.pk, label="", url="", step="contact",
        unit=answer.unit, person=zone.handler, opened_at=due, clock_kind="working_days",
        clock_amount=1, outside_hours="next_working_time", amber_share="0.80", due_at=due,
    )  # fmt: skip

    page = page_of(client, zone.handler, address(demand))

    assert offered(page)[0] == "contact"
    assert unfolded(page) == ["contact"]
    assert "Contact the enterprise" in page.select_one(".lq-state").text


def test_without_anything_beside_the_answer_comes_first(client: Client, zone: Zone) -> None:
    page = page_of(client, zone.handler, address(zone.demand("accepted")))

    assert unfolded(page) == ["answer"]


# --- Contact, note, report ---------------------------------------------------------------------


def test_a_contact_is_logged_and_told_to_both_sides(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)
    given = {"way": "telephone", "outcome": "reached", "spoke_with": "林晓燕", "note": "语气不善"}

    response = client.post(address(demand, "contact"), given)

    assert response.status_code == 303
    staff = page_of(client, zone.handler, address(demand)).select_one(".lq-timeline").text
    firm = page_of(client, zone.boss, address(demand)).select_one(".lq-timeline").text
    assert "经济发展局 spoke with 林晓燕 (Telephone)" in staff
    assert "经济发展局 spoke with 林晓燕 (Telephone)" in firm
    assert ("语气不善" in staff, "语气不善" in firm) == (True, False)


def test_what_was_typed_comes_back_with_the_refusal(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)
    given = {"way": "visit", "outcome": "reached", "note": "在厂区"}

    response = client.post(address(demand, "contact"), given, headers=HTMX)

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert "Enter whom you spoke with." in page.text
    assert page.select_one("#act-contact textarea").text.strip() == "在厂区"


def test_reports_are_shown_to_the_enterprise_unless_kept_inside(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)

    client.post(address(demand, "interim"), {"text": "已立项"})
    client.post(address(demand, "progress"), {"text": "等财政批复"})
    client.post(address(demand, "progress"), {"text": "设备已到货", "is_shared": "on"})

    firm = page_of(client, zone.boss, address(demand)).text
    assert ("已立项" in firm, "设备已到货" in firm, "等财政批复" in firm) == (True, True, False)
    assert "等财政批复" in page_of(client, zone.head, address(demand)).text


# --- Questions ---------------------------------------------------------------------------------


def test_the_enterprise_replies_with_files_and_the_clock_runs_on(
    client: Client, zone: Zone
) -> None:
    demand = zone.demand("accepted")
    ask(zone, demand)
    page = page_of(client, zone.boss, address(demand))
    assert unfolded(page) == ["reply"]
    assert page.select_one("#act-reply form")["enctype"] == "multipart/form-data"
    file = SimpleUploadedFile("用电记录.txt", "三月".encode(), content_type="text/plain")

    response = client.post(address(demand, "reply"), {"text": "见附件", "attachments": file})

    assert response.status_code == 303
    assert StoredFile.objects.of(demand).get().name == "用电记录.txt"
    assert WorkItem.objects.about(demand).open().get().paused_since is None
    assert "见附件" in page_of(client, zone.handler, address(demand)).text


def test_while_a_question_stands_the_unit_may_go_on(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    ask(zone, demand)

    page = page_of(client, zone.handler, address(demand))
    client.post(address(demand, "resume"))

    assert {"resume"} <= set(offered(page))
    assert not {"ask", "close_unreplied"} & set(offered(page))
    assert WorkItem.objects.about(demand).open().get().paused_since is None


def test_only_the_answering_clock_can_be_stopped(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.handler)
    given = {"reason": "enterprise_material", "text": "请补充", "evidence": "通话记录"}

    response = client.post(address(demand, "ask"), given)

    assert response.status_code == 422
    assert WorkItem.objects.about(demand).open().get().paused_since is None


# --- What stays inside -------------------------------------------------------------------------

SECRETS = ("绝密便笺", "绝密通话", "绝密进展", "机密佐证")


@pytest.fixture
def secret(zone: Zone) -> Demand:
    """A demand about which everything internal was written."""
    zone.boss.email = "boss@example.com"
    zone.boss.save()
    demand, at = zone.demand("accepted"), timezone.now()
    write_note(demand.pk, text="绝密便笺", by=zone.dispatcher, at=at)
    log_contact(
        demand.pk, way=ContactWay.MAIL, outcome=ContactOutcome.NOT_REACHED, spoke_with="",
        note="绝密通话", made_at=at, by=zone.handler, at=at,
    )  # fmt: skip
    write_report(
        demand.pk, kind=ReportKind.PROGRESS, text="绝密进展", is_shared=False, by=zone.handler,
        at=at,
    )  # fmt: skip
    ask(zone, demand)
    return demand


def doors(client: Client, user: User, demand: Demand) -> dict[str, str]:
    """Everything a person can read of a demand, by the way it comes."""
    client.force_login(user)
    api = f"/api/v1/demands/{demand.pk}"
    pages = {
        "page": address(demand),
        "list": reverse("demands:list"),
        "register": reverse("register:detail", args=[demand.enterprise_id]),
        "notices": reverse("notices:list"),
        "api": api,
        "api list": "/api/v1/demands",
        **{
            f"api {part}": f"{api}/{part}" for part in ("contacts", "notes", "reports", "questions")
        },
    }
    found = {}
    for name, url in pages.items():
        text = client.get(url).content.decode()
        found[name] = json.dumps(json.loads(text), ensure_ascii=False) if "api" in name else text
    sheet = b"".join(client.get(reverse("demands:export")).streaming_content)  # type: ignore[arg-type]  # a file
    rows = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert rows is not None
    found["export"] = str(list(rows.iter_rows(values_only=True)))
    return found


def test_nothing_internal_leaves_by_any_door(client: Client, zone: Zone, secret: Demand) -> None:
    read = doors(client, zone.boss, secret)
    read["mail"] = str(list(Delivery.objects.values()))
    read["notice"] = str(list(Notice.objects.filter(person=zone.boss).values()))

    leaked = [(door, word) for door, text in read.items() for word in SECRETS if word in text]

    assert Delivery.objects.exists()
    assert leaked == []


def test_the_zone_reads_all_of_it(client: Client, zone: Zone, secret: Demand) -> None:
    page = doors(client, zone.handler, secret)["page"]

    assert [word for word in SECRETS if word not in page] == []


def test_an_auditor_reads_the_notes_and_a_stranger_nothing(
    client: Client, zone: Zone, secret: Demand
) -> None:
    url = f"/api/v1/demands/{secret.pk}/notes"

    statuses = {}
    for person in ("auditor", "officer", "boss", "other_handler"):
        client.force_login(getattr(zone, person))
        statuses[person] = client.get(url).status_code

    assert statuses == {"auditor": 200, "officer": 200, "boss": 403, "other_handler": 404}


# --- Over JSON ---------------------------------------------------------------------------------


def test_the_same_acts_over_json(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    api = f"/api/v1/demands/{demand.pk}"

    def post(user: User, part: str, **body: object) -> int:
        client.force_login(user)
        return client.post(f"{api}/{part}", body, content_type="application/json").status_code

    statuses = [
        post(zone.handler, "contacts", way="visit", outcome="reached", spoke_with="林晓燕"),
        post(zone.handler, "notes", text="便笺"),
        post(zone.handler, "reports", kind="interim", text="已立项", is_shared=False),
        post(zone.handler, "questions", reason="enterprise_material", text="补充", evidence="函"),
        post(zone.boss, "reply", text="已补充"),
        post(zone.boss, "reply", text="又补充"),
    ]

    assert statuses == [201, 201, 201, 201, 200, 409]
    counts = [model.objects.count() for model in (ContactAttempt, InternalNote, Report, Question)]
    assert counts == [1, 1, 1, 1]
    assert Report.objects.get().is_shared
