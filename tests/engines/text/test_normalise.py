import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import compact, normalise, tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("ＡＢＣ１２３", "abc123"),
        ("海纳（北京）科技", "海纳(北京)科技"),
        (" 海纳 科技　有限 公司 ", "海纳科技有限公司"),
        ("海\u200b纳\ufeff科技", "海纳科技"),
        ("Co.,  Ltd.\n", "co., ltd."),
        ("海纳 ABC 公司", "海纳abc公司"),
        ("海纳\t\r\n科技", "海纳科技"),
    ],
)
def test_normalise_makes_one_spelling(text: str, expected: object) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalise_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(st.text())
def test_compact_holds_letters_and_digits_only(text: str) -> None:
    assert all(character.isalnum() for character in compact(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海纳 科技（北京）　有限公司 ３", "海纳科技（北京）有限公司3"),
        ("Ａbc  Ltd.", "Abc Ltd."),
        ("\u200b 海纳\ufeff ", "海纳"),
        ("张三\xa0", "张三"),
    ],
)
def test_tidy_keeps_case_and_punctuation(text: str, expected: object) -> None:
    assert tidy(text) == expected
