"""Breaking the text of a policy into articles."""

import pytest

from lianqi.engines.text import divide_articles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("标题\n第一条 甲。\n续。\n第二条　乙。", [("", "第一条", "甲。\n续。"), ("", "第二条", "乙。")]),
        ("第十一条：丙", [("", "第十一条", "丙")]),
        ("第1条 甲\n第2条 乙", [("", "第1条", "甲"), ("", "第2条", "乙")]),
        (
            "第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
            [("总则", "第一条", "甲。"), ("附则", "第二条", "乙。")],
        ),
        (
            "一、金融\n（一）贴息。\n（二）担保。\n二、税费\n（一）缓缴。",
            [
                ("金融", "一（一）", "贴息。"),
                ("金融", "一（二）", "担保。"),
                ("税费", "二（一）", "缓缴。"),
            ],
        ),
        ("1. 甲\n2．乙\n3、丙", [("", "1", "甲"), ("", "2", "乙"), ("", "3", "丙")]),
        ("甲\n乙", [("", "1", "甲"), ("", "2", "乙")]),
        ("一、金融\n甲\n乙", [("金融", "1", "甲"), ("金融", "2", "乙")]),
        ("一、对企业给予补贴。\n第一条 甲", [("", "第一条", "甲")]),
    ],
    ids=[
        "empty", "continued", "eleventh", "digits", "chapters", "items", "numbers", "lines",
        "lines_under_a_heading", "sentence",
    ],
)  # fmt: skip
def test_a_text_is_divided_by_the_marks_it_has(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    found = [(each.aspect, each.number, each.wording) for each in divide_articles(text)]

    assert found == expected
