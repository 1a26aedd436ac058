"""Anonymous tips: nothing about the tipster is kept, and the code opens what belongs to it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.enums import Role
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    allow_tips,
    close_silent_demands,
    file_tip,
    reply_to_tip,
    write_to_tipster,
)
from lianqi.demands.errors import (
    CategoryNotInUse,
    MoveNotPossible,
    TipMessageMissing,
    TipsNotTaken,
)
from lianqi.demands.models import Demand, Tip
from lianqi.notices.models import Notice
from tests.demands.scene import Scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_category, make_handler, make_unit, make_user

pytestmark = pytest.mark.django_db
SECRET = "ABCD-EFGH-IJKL-MNOP"  # of a test


@pytest.fixture
def open_scene(scene: Scene) -> Scene:
    scene.category.allows_anonymous = True
    scene.category.save()
    return scene


def tip(scene: Scene, **changes: object) -> Demand:
    given: dict[str, object] = {
        "category": scene.category,
        "title": "工地夜间施工扰民",
        "text": "每晚十一点以后仍在施工。",
        "secret": SECRET,
        "idempotency_key": "key-of-the-form",
        "at": AT,
    }
    return file_tip(**given | changes)  # type: ignore[arg-type]  # test data


def test_a_tip_names_nobody(open_scene: Scene) -> None:
    demand = tip(open_scene)

    event = Event.objects.get(verb="demand.filed")
    assert (demand.enterprise, demand.filed_by) == (None, None)
    assert not demand.contact_people.exists()
    assert (event.by_id, event.by_name, event.enterprise_id) == (None, "—", None)
    assert demand.is_tip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT demands_tip::text || demands_demand::text FROM demands_tip, demands_demand"
        )
        kept = cursor.fetchone()[0]
    assert SECRET not in kept
    assert SECRET.replace("-", "") not in kept
    assert "key-of-the-form" not in kept


def test_only_categories_that_say_so_take_tips(scene: Scene) -> None:
    with pytest.raises(TipsNotTaken):
        tip(scene)
    closed = make_category("closed", allows_anonymous=True, is_active=False)
    with pytest.raises(CategoryNotInUse):
        tip(scene, category=closed)

    assert Demand.objects.count() == 0


def test_the_same_form_twice_files_once(open_scene: Scene) -> None:
    assert tip(open_scene) == tip(open_scene)
    assert tip(open_scene, idempotency_key="another-form-of-mine", secret="X" * 16) != tip(
        open_scene
    )
    assert Tip.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_files_once(open_scene: Scene) -> None:
    results = at_once(*[lambda: tip(open_scene)] * 4)

    assert refusals(results) == []
    assert Demand.objects.count() == Tip.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "secret", "opens"),
    [
        ("", SECRET, True),
        ("", "abcd efgh ijkl mnop", True),
        ("", SECRET[:-1], False),
        ("", "", False),
        ("SQ20269999999", SECRET, False),
    ],
)
def test_number_and_code_open_it(
    open_scene: Scene, number: str, secret: str, opens: bool
) -> None:  # a table
    demand = tip(open_scene)

    found = Tip.objects.opened_by(number or demand.number.lower(), secret).exists()

    assert found is opens


def test_tipster_and_handler_write_to_one_another(open_scene: Scene) -> None:
    scene, other = open_scene, make_handler(make_unit("住房建设局"))
    demand = scene.accept(scene.dispatch(tip(scene)))
    opened = Tip.objects.get()

    write_to_tipster(demand.pk, text="请问是哪个工地？", by=scene.handler, at=AT)
    reply_to_tip(opened, text=" 云岭路三号。 ", at=AT)

    said = opened.messages.order_by("pk").values_list("text", "written_by")
    assert list(said) == [("请问是哪个工地？", scene.handler.pk), ("云岭路三号。", None)]
    assert Notice.objects.get(event="demand.tip_replied").person == scene.handler
    with pytest.raises(PermissionDenied):
        write_to_tipster(demand.pk, text="?", by=other, at=AT)
    with pytest.raises(TipMessageMissing):
        reply_to_tip(opened, text="  ", at=AT)


def test_a_closed_tip_takes_no_messages(open_scene: Scene) -> None:
    scene = open_scene
    demand = scene.answer(scene.accept(scene.dispatch(tip(scene))))
    close_silent_demands(after_days=0, at=AT.replace(day=5))

    with pytest.raises(MoveNotPossible):
        reply_to_tip(Tip.objects.get(), text="还有", at=AT)
    with pytest.raises(MoveNotPossible):
        write_to_tipster(demand.pk, text="还有", by=scene.handler, at=AT)


def test_no_demand_of_a_firm_is_written_to_as_a_tip(scene: Scene) -> None:
    demand = scene.accept(scene.dispatch(scene.file()))

    with pytest.raises(PermissionDenied):
        write_to_tipster(demand.pk, text="?", by=scene.handler, at=AT)


def test_the_administrator_says_which_categories_take_tips(scene: Scene) -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    with pytest.raises(PermissionDenied):
        allow_tips(scene.category.pk, allows_anonymous=True, by=scene.dispatcher, at=AT)

    allow_tips(scene.category.pk, allows_anonymous=True, by=admin, at=AT)
    allow_tips(scene.category.pk, allows_anonymous=True, by=admin, at=AT)

    assert Event.objects.filter(verb="demands.tips_allowed").count() == 1
    scene.category.refresh_from_db()
    assert tip(scene).is_tip
