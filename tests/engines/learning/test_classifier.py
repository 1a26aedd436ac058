"""Learning from wording: what counts of a text, what a model answers, when it may speak."""

import pytest

from lianqi.engines.learning import (
    FEATURES,
    BadModel,
    Guess,
    LinearModel,
    features,
    fit,
    held_out,
    interval,
    judge,
)

POWER = [
    "车间频繁停电",
    "变压器负荷不足",
    "供电线路跳闸",
    "停电影响生产",
    "申请电力增容",
    "配电房故障停电",
]
LOAN = [
    "贷款到期续贷",
    "银行不批贷款",
    "流动资金紧张",
    "希望对接银行",
    "贷款利率偏高",
    "融资担保费用",
]
TEXTS = [(text, "power") for text in POWER] + [(text, "loan") for text in LOAN]


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return fit(TEXTS)


def test_a_feature_is_a_run_of_one_to_three_characters() -> None:
    assert len(features("停电了")) == 6  # 停 电 了 停电 电了 停电了
    assert features("") == {}
    assert all(0 <= place < FEATURES for place in features("变压器负荷不足"))


def test_digits_case_width_and_punctuation_do_not_count() -> None:
    assert features("缺300名工人，ＡＢ") == features("缺25名工人：ab")


def test_a_new_wording_finds_its_label(model: LinearModel) -> None:
    guesses = model.guesses("昨晚又停电，变压器坏了")

    assert [each.label for each in guesses] == ["power", "loan"]
    assert guesses[0].confidence > 0.5
    assert sum(each.confidence for each in guesses) == pytest.approx(1)


def test_the_same_texts_give_the_same_model(model: LinearModel) -> None:
    assert fit(TEXTS).numbers() == model.numbers()


def test_a_model_is_read_as_it_was_written(model: LinearModel) -> None:
    again = LinearModel.read(model.description(), model.numbers())

    assert again.guesses("想贷款") == model.guesses("想贷款")


@pytest.mark.parametrize(
    "broken",
    [
        {"numbers": b"1234"},
        {"description": {"features": 7, "labels": ["power", "loan"], "temperature": 1.0}},
        {"description": {"features": FEATURES, "labels": ["power"], "temperature": 1.0}},
        {"description": {"features": FEATURES, "labels": ["power", "loan"], "temperature": 0}},
    ],
)
def test_numbers_that_do_not_belong_together_are_refused(
    model: LinearModel, broken: dict[str, object]
) -> None:
    whole = {"description": model.description(), "numbers": model.numbers()} | broken

    with pytest.raises(BadModel):
        LinearModel.read(**whole)  # type: ignore[arg-type]


def test_texts_that_differ_in_digits_and_signs_only_are_on_one_side() -> None:
    sides = {held_out(text) for text in ("停电3次，请处理", "停电 12 次 请处理！", "停电次请处理")}

    assert len(sides) == 1


def test_about_every_fifth_wording_is_held_out() -> None:
    share = sum(held_out(f"诉求{chr(0x4E00 + n)}") for n in range(1000)) / 1000

    assert 0.15 < share < 0.25


def test_a_label_that_is_often_wrong_is_never_spoken() -> None:
    answers = [("loan", Guess("power", 0.9))] * 4 + [("power", Guess("power", 0.6))] * 6

    report = judge(answers, ["power", "loan"])

    power, loan = report.labels
    assert (power.cases, power.named, power.right) == (6, 10, 6)
    assert power.threshold is None
    assert (power.spoken, power.spoken_right) == (0, 0)
    assert (loan.cases, loan.named, loan.recall, loan.f1) == (4, 0, 0.0, 0.0)
    assert report.accuracy == 0.6
    assert report.macro_f1 == pytest.approx((0.75 + 0) / 2)
    assert report.confusion == {("loan", "power"): 4, ("power", "power"): 6}


def test_the_threshold_is_the_lowest_at_which_four_in_five_are_right() -> None:
    answers = [("power", Guess("power", 0.9))] * 4
    answers += [("loan", Guess("power", 0.7)), ("loan", Guess("power", 0.5))]

    (power, _loan) = judge(answers, ["power", "loan"]).labels

    assert power.threshold == 0.7
    assert (power.spoken, power.spoken_right) == (5, 4)


def test_with_too_few_cases_the_threshold_is_cautious() -> None:
    (power,) = judge([("power", Guess("power", 0.79))] * 4, ["power"]).labels

    assert power.threshold == 0.8
    assert power.spoken == 0
    assert power.is_small


def test_the_interval_of_a_small_sample_is_wide() -> None:
    assert interval(0, 0) is None
    low, high = interval(4, 5) or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.38, 0.96)
