"""Groups of texts about one matter, and whether another text belongs to one."""

from lianqi.engines.learning import belonging, centre_of, group, pairs

POWER = [
    ("园区夜间频繁停电", "本月夜间停电三次，产线停工，供电公司没有答复。"),
    ("夜间停电影响产线", "夜间频繁停电，产线停工损失大，请供电公司检修线路。"),
    ("反映夜间停电", "上周起夜间停电，供电公司说线路检修，产线停工。"),
]
LOAN = [
    ("流动资金贷款续贷", "银行要求先还后贷，过桥资金成本高。"),
    ("贷款到期续贷困难", "流动资金贷款下月到期，银行要求先还后贷。"),
    ("续贷周转困难", "银行要求先还后贷，流动资金周转不开。"),
]
ALONE = [
    ("路灯不亮", "厂区门口路灯不亮，夜班不安全。"),
    ("商标被抢注", "品牌在境外被抢注，咨询维权。"),
]


def test_matters_are_told_apart_and_single_ones_are_no_group() -> None:
    texts = [POWER[0], LOAN[0], ALONE[0], POWER[1], LOAN[1], ALONE[1], POWER[2], LOAN[2]]

    found = group(texts, least=3)

    assert [each.members for each in found] == [(0, 3, 6), (1, 4, 7)]


def test_the_same_texts_give_the_same_groups() -> None:
    assert group(POWER + LOAN + ALONE, least=2) == group(POWER + LOAN + ALONE, least=2)


def test_a_group_is_named_by_what_its_texts_say() -> None:
    power, loan = group(POWER + LOAN, least=3)

    assert any("停电" in word for word in power.words)
    assert any("贷" in word for word in loan.words)
    assert 0 < len(power.words) <= 3


def test_another_text_about_the_matter_belongs_and_others_do_not() -> None:
    (power,) = group(POWER + ALONE, least=3)

    assert belonging(pairs("昨晚夜间又停电，产线停工"), power.centre) >= power.limit
    assert belonging(pairs("银行要求先还后贷"), power.centre) < power.limit
    assert round(sum(power.centre.values()), 2) == 1


def test_demands_put_together_by_hand_have_a_centre_too() -> None:
    centre, limit = centre_of(POWER[:1])

    assert belonging(pairs(POWER[1][0] + POWER[1][1]), centre) >= limit


def test_nothing_gives_no_group() -> None:
    assert group([], least=1) == []
    assert group([("", "")] * 3, least=2) == []
