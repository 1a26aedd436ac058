"""How alike texts are, and the marks by which likely ones are found."""

from lianqi.engines.learning import MARKS, likeness, marks, pairs


def test_what_everybody_writes_does_not_count() -> None:
    assert pairs("我司希望尽快解决停电问题，谢谢！") == pairs("停电")
    assert pairs("请问如何办理") == frozenset()


def test_digits_do_not_count() -> None:
    assert pairs("停电3次") == pairs("停电12次")


def test_likeness_is_one_for_the_same_and_none_for_nothing_in_common() -> None:
    power, loan = pairs("车间频繁停电跳闸"), pairs("贷款到期续贷")

    assert likeness(power, power) == 1
    assert likeness(power, loan) == 0
    assert likeness(frozenset(), frozenset()) == 0


def test_likeness_is_the_share_of_common_pairs() -> None:
    assert likeness(pairs("停电跳闸"), pairs("停电故障")) == 2 * 1 / (3 + 3)


def test_marks_are_few_fit_four_bytes_and_do_not_depend_on_the_order() -> None:
    text = "雷雨天气电压骤降，贴片机主板烧毁，检测电能质量，供电公司一直没有答复。"

    found = marks("电压暂降损坏设备", text)

    assert len(found) == len(set(found)) == MARKS
    assert all(-(1 << 31) <= mark < 1 << 31 for mark in found)
    assert marks("", "。".join(reversed(text.split("，")))) != ()


def test_another_wording_of_a_matter_shares_a_mark() -> None:
    one = marks("园区夜间频繁停电", "本月夜间停电3次，产线停工，请协调供电公司处理。")
    other = marks("反映夜间停电", "夜间频繁停电，产线被迫停工，供电公司没有答复。")

    assert set(one) & set(other)


def test_an_empty_text_has_no_marks() -> None:
    assert marks("请问", "您好") == ()
