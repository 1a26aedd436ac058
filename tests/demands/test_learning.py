"""Learning from closed demands, and what the classifier then says, or does not say."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import Unit
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    file_demand,
    request_training,
    train_classifiers,
    train_if_due,
)
from lianqi.demands.enums import Channel, DemandStatus, Learned
from lianqi.demands.errors import TooLittleToLearn
from lianqi.demands.models import Classifier, Demand, DemandCategory
from lianqi.demands.queries import suggested_category, unit_hints
from tests.demands.scene import Scene
from tests.factories import AT, make_category, make_unit

pytestmark = pytest.mark.slow

POWER = ("车间第{n}次停电", "变压器负荷不足，{w}，供电线路跳闸，产线停工。")
LOAN = ("流动资金贷款续贷{n}", "银行要求先还后贷，{w}，担保费用偏高，资金周转困难。")
WAYS = "春夏秋冬东南西北红黄蓝绿甲乙丙丁子丑寅卯辰巳午未申酉戌亥金木水火土日月星辰风云雨雪"
LATER = AT + dt.timedelta(days=1)


def closed(
    scene: Scene, category: DemandCategory, unit: Unit, words: tuple[str, str], n: int
) -> Demand:
    """A closed demand as the moves would leave it, without their notices."""
    way = WAYS[n % len(WAYS)]
    demand = file_demand(
        enterprise=scene.enterprise, category=category, title=words[0].format(n=way),
        text=words[1].format(w=way), channel=Channel.PHONE, idempotency_key=f"{category.code}-{n}",
        by=scene.dispatcher, at=AT,
    )  # fmt: skip
    Demand.objects.filter(pk=demand.pk).update(
        status=DemandStatus.CLOSED, unit=unit, answer="已办理", answered_at=AT, closed_at=AT,
        closure="confirmed", rating="5",
    )  # fmt: skip
    return demand


@pytest.fixture
def taught(scene: Scene) -> tuple[DemandCategory, Unit]:
    """Forty closed demands about power and forty about loans, each with its unit."""
    bank, loans = make_unit("金融服务局"), make_category("loans", name_zh="融资", name_en="Loans")
    for n in range(40):
        closed(scene, scene.category, scene.unit, POWER, n)
        closed(scene, loans, bank, LOAN, n)
    return loans, bank


def test_two_models_are_learned_and_examined_on_others(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    category, unit = train_classifiers(by=scene.dispatcher, at=LATER)

    assert (category.kind, unit.kind) == (Learned.CATEGORY, Learned.UNIT)
    assert (category.version, category.trained_for) == (1, scene.dispatcher)
    assert category.learned + category.held_out == 80
    assert category.held_out > 0
    assert {each["label"] for each in category.judgements} == {"utilities", "loans"}
    assert {each["label"] for each in unit.judgements} == {str(scene.unit.pk), str(taught[1].pk)}
    assert sum(count for *_labels, count in category.confusion) == category.held_out
    assert Event.objects.filter(verb="demands.classifier_trained").count() == 2


def test_it_says_category_and_unit_with_the_reason(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    train_classifiers(by=None, at=LATER)
    demand = file_demand(
        enterprise=scene.enterprise, category=taught[0], title="贷款到期续贷",
        text="银行要求先还后贷，资金周转困难。", channel=Channel.PHONE, idempotency_key="new-one",
        by=scene.dispatcher, at=LATER,
    )  # fmt: skip

    hint = suggested_category(demand.title, demand.text)
    units = unit_hints(demand, on=LATER.date())

    judged = {each["label"]: each for each in Classifier.objects.of(Learned.CATEGORY)[0].judgements}
    assert hint is not None
    assert hint.category == taught[0]
    assert (hint.spoken, hint.spoken_right) == (
        judged["loans"]["spoken"],
        judged["loans"]["spoken_right"],
    )
    assert "推荐" in units[0].reason
    assert units[0].unit == taught[1]
    assert "金融服务局" in units[0].reason
    assert "SQ2026" in units[0].reason  # a similar solved demand is named
    assert 0 < units[0].confidence <= 1


def test_it_is_silent_before_it_has_learned(scene: Scene) -> None:
    demand = scene.file()

    assert suggested_category("车间停电", "变压器跳闸") is None
    assert unit_hints(demand, on=AT.date()) == []


def test_it_is_silent_below_the_threshold(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    train_classifiers(by=None, at=LATER)
    row = Classifier.objects.of(Learned.CATEGORY)[0]
    row.pk, row.version = None, 2
    row.judgements = [each | {"threshold": 1.1} for each in row.judgements]
    row.save()

    assert suggested_category("贷款到期续贷", "银行要求先还后贷") is None


def test_a_category_out_of_use_is_not_suggested(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    train_classifiers(by=None, at=LATER)
    DemandCategory.objects.filter(pk=taught[0].pk).update(is_active=False)

    assert suggested_category("贷款到期续贷", "银行要求先还后贷，资金周转困难") is None


def test_older_versions_keep_their_figures_and_lose_their_numbers(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    for day in range(4):
        train_classifiers(by=None, at=LATER + dt.timedelta(days=day))

    found = {row.version: bool(row.numbers) for row in Classifier.objects.of(Learned.CATEGORY)}

    assert found == {1: False, 2: True, 3: True, 4: True}


def test_it_learns_anew_only_when_enough_was_closed_since(
    scene: Scene, taught: tuple[DemandCategory, Unit]
) -> None:
    first = train_if_due(at=LATER)
    again = train_if_due(at=LATER + dt.timedelta(days=7))
    Demand.objects.filter(pk__in=Demand.objects.order_by("pk").values("pk")[:30]).update(
        closed_at=LATER + dt.timedelta(days=8)
    )
    third = train_if_due(at=LATER + dt.timedelta(days=14))

    assert [len(first), len(again), len(third)] == [2, 0, 2]


def test_too_little_to_learn_is_refused_and_nothing_is_learned(scene: Scene) -> None:
    with pytest.raises(TooLittleToLearn):
        request_training(by=scene.dispatcher, at=AT)

    assert train_classifiers(by=None, at=AT) == []


def test_only_the_dispatcher_asks_for_it(scene: Scene) -> None:
    for person in (scene.member, scene.handler):
        with pytest.raises(PermissionDenied):
            request_training(by=person, at=AT)
