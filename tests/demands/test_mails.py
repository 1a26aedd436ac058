"""Mails: known senders file a demand once, others wait, machines are never answered."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import assign_mail, set_mail_aside, take_mail
from lianqi.demands.enums import Channel, MailState
from lianqi.demands.errors import EnterpriseNotNamed, MailDecided
from lianqi.demands.models import Demand, IncomingMail
from lianqi.engines.mails import Attached, Mail
from lianqi.files.models import StoredFile
from lianqi.notices.models import Delivery
from lianqi.register.models import Contact
from tests.demands.scene import Scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_enterprise, make_user

pytestmark = pytest.mark.django_db
SENDER = "li.na@example.org"


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django


def arrive(scene: Scene, *, is_filed: bool = True, **changes: object) -> IncomingMail:
    given: dict[str, object] = {
        "message_id": "one@example.org",
        "sender": SENDER,
        "sender_name": "李娜",
        "subject": "厂区停电",
        "text": "本周停电三次。",
        "attachments": (),
        "automatic": "",
    }
    return take_mail(
        Mail(**given | changes),  # type: ignore[arg-type]  # test data
        category=scene.category if is_filed else None,
        own_address="zone@example.org",
        max_bytes=1000,
        daemon="",
        at=AT,
    )


@pytest.fixture
def known(scene: Scene) -> Scene:
    Contact.objects.create(enterprise=scene.enterprise, name="李娜", email=SENDER.title())
    return scene


def test_a_known_sender_files_a_demand_and_gets_its_number(known: Scene) -> None:
    files = (Attached("说明.txt", "情况".encode()), Attached("坏.exe", b"MZ"))

    mail = arrive(known, attachments=files)

    demand = Demand.objects.get()
    assert (mail.state, mail.demand) == (MailState.TAKEN, demand)
    assert (demand.channel, demand.enterprise, demand.filed_by) == (
        Channel.MAIL, known.enterprise, None,
    )  # fmt: skip
    assert demand.title == "厂区停电"
    assert [each.name for each in StoredFile.objects.of(demand)] == ["说明.txt"]
    assert demand.text.startswith("本周停电三次。")
    assert "坏.exe" in demand.text
    letter = Delivery.objects.get(address=SENDER)
    assert demand.number in letter.title


def test_the_same_message_twice_files_once(known: Scene) -> None:
    assert arrive(known) == arrive(known)
    assert Demand.objects.count() == Delivery.objects.filter(address=SENDER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_message_at_once_files_once(known: Scene) -> None:
    results = at_once(*[lambda: arrive(known)] * 3)

    assert refusals(results) == []
    assert Demand.objects.count() == 1


@pytest.mark.parametrize("changes", [{"automatic": "List-Id"}, {"sender": "zone@example.org"}])
def test_a_machine_is_neither_filed_nor_answered(known: Scene, changes: dict[str, object]) -> None:
    mail = arrive(known, **changes)

    assert mail.state == MailState.IGNORED
    assert mail.reason
    assert Demand.objects.count() == Delivery.objects.count() == 0


def test_an_unknown_sender_one_of_two_firms_or_no_category_wait(known: Scene) -> None:
    waiting = [
        arrive(known, message_id="two", sender="nobody@example.org"),
        arrive(known, message_id="three", is_filed=False),
    ]
    Contact.objects.create(enterprise=make_enterprise(), name="李娜", email=SENDER)
    waiting.append(arrive(known, message_id="four"))

    assert [each.state for each in waiting] == [MailState.WAITING] * 3
    assert Demand.objects.count() == 0
    assert set(IncomingMail.objects.visible_to(known.dispatcher).waiting()) == set(waiting)
    assert not IncomingMail.objects.visible_to(known.handler).exists()


def test_the_dispatcher_says_whose_it_is_once(scene: Scene) -> None:
    mail = arrive(scene, attachments=(Attached("说明.txt", "情况".encode()),))

    with pytest.raises(EnterpriseNotNamed):
        assign(scene, mail, scene.dispatcher, enterprise=None)
    with pytest.raises(PermissionDenied):
        assign(scene, mail, scene.handler)
    demand = assign(scene, mail, scene.dispatcher)
    with pytest.raises(MailDecided):
        assign(scene, mail, scene.dispatcher)
    with pytest.raises(MailDecided):
        set_mail_aside(mail.pk, reason="广告", by=scene.dispatcher, at=AT)

    assert (demand.enterprise, demand.filed_by) == (scene.enterprise, scene.dispatcher)
    assert StoredFile.objects.of(demand).count() == 1
    assert Delivery.objects.filter(address=SENDER).count() == 1


def test_a_sender_not_in_the_register_stays_as_named(scene: Scene) -> None:
    operator = grant(make_user(), Role.OPERATOR)

    demand = assign(scene, arrive(scene), operator, enterprise=None, firm_name="新来贸易")

    assert demand.from_whom == "新来贸易"


def test_a_mail_that_is_no_demand_is_set_aside_with_the_reason(scene: Scene) -> None:
    mail = set_mail_aside(arrive(scene).pk, reason=" 广告 ", by=scene.dispatcher, at=AT)

    assert (mail.state, mail.reason, mail.decided_by) == (
        MailState.IGNORED, "广告", scene.dispatcher,
    )  # fmt: skip


def assign(scene: Scene, mail: IncomingMail, by: User, **changes: object) -> Demand:
    given: dict[str, object] = {"enterprise": scene.enterprise, "category": scene.category}
    return assign_mail(mail.pk, by=by, at=AT, **given | changes)  # type: ignore[arg-type]  # data
