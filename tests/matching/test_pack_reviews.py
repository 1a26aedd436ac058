"""Before publication: what cannot be is refused, what is doubtful needs a reason that is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.audit.models import Event
from lianqi.matching.actions import change_pack, publish_pack
from lianqi.matching.errors import PackContradicts, PackNeedsReason
from lianqi.matching.models import PackReview
from lianqi.matching.queries import review_of
from tests.factories import AT
from tests.matching.scene import CASES, TEXT, Scene, make_scene

pytestmark = pytest.mark.django_db
NEVER = TEXT.replace("研发费用 / 营业收入 ≥ 5%", "研发费用 < 0元")
CASES_OF_NEVER = CASES.replace("{status: met, amount: 3万元}", "{status: unmet}")


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def test_what_is_saved_is_looked_through_once_for_its_text(scene: Scene) -> None:
    row = scene.pack(published=False)
    before = review_of(row)

    change_pack(row.pk, TEXT, CASES, by=scene.editor, at=AT)

    assert before is not None
    assert {each["fault"] for each in before.remarks} >= {"not_checked", "no_evidence"}
    assert not before.stops
    assert PackReview.objects.count() == 1


def test_a_condition_that_nobody_can_fulfil_is_not_published(scene: Scene) -> None:
    row = scene.pack(NEVER, CASES_OF_NEVER, published=False)

    with pytest.raises(PackContradicts) as refused:
        publish_pack(row.pk, by=scene.editor, at=AT, reason="照样发布")

    assert refused.value.params["where"] == "rate"
    row.refresh_from_db()
    assert row.status == "draft"


def test_remarks_ask_for_a_reason_which_is_kept(scene: Scene) -> None:
    row = scene.pack(published=False)

    with pytest.raises(PackNeedsReason):
        publish_pack(row.pk, by=scene.editor, at=AT, reason="  ")
    publish_pack(row.pk, by=scene.editor, at=AT, reason="已与法制部门核对")

    event = Event.objects.get(verb="matching.pack_published")
    assert event.detail["reason"] == "已与法制部门核对"
    assert {each["fault"] for each in event.detail["remarks"]} >= {"not_checked"}


def test_the_page_shows_what_was_found_and_asks_for_the_reason(
    client: Client, scene: Scene
) -> None:
    row = scene.pack(published=False)
    client.force_login(scene.editor)
    url = reverse("matching:act", args=[row.pk, "publish"])

    page = client.get(row.get_absolute_url()).content.decode()
    silent = client.post(url, follow=True).content.decode()
    client.post(url, {"reason": "已核对"})

    for part in ("发布前检查", "没有写明何时核对原文", "须说明理由", 'name="reason"'):
        assert part in page, part
    assert "发布前检查发现" in silent
    row.refresh_from_db()
    assert row.status == "published"


def test_only_the_editor_sees_what_was_found(client: Client, scene: Scene) -> None:
    row = scene.pack()
    client.force_login(scene.handler)

    assert "发布前检查" not in client.get(row.get_absolute_url()).content.decode()
