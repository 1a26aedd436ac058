import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import bigrams, compact, initials, query_tokens, search_tokens

names = st.text(alphabet="海纳百川科技北京有限公司重庆abcXYZ019（）· ", min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海纳科技", ("海纳", "纳科", "科技")),
        ("海纳3A（北京）", ("海纳", "纳3", "3a", "北京")),
        ("海", ()),
        ("海 Ltd", ("海l", "lt", "td")),
        ("科技科技", ("科技", "技科")),
        ("a_b", ()),
        ("", ()),
    ],
)
def test_bigrams(text: str, expected: object) -> None:
    assert bigrams(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("福州海纳科技有限公司", "fzhnkjyxgs"),
        ("重庆长安", "cqca"),
        ("3Com（北京）", "3combj"),
        ("安溪", "ax"),
        ("", ""),
    ],
)
def test_initials(name: str, expected: object) -> None:
    assert initials(name) == expected


def test_search_tokens_cover_former_names_and_initials() -> None:
    tokens = search_tokens("海纳（北京）", "百川")

    assert tokens == ("~bc", "~bj", "~hn", "~nb", "北京", "海纳", "百川", "纳北")


def test_query_of_latin_letters_asks_for_name_or_initials() -> None:
    query = query_tokens("HNkj")

    assert query.words == ("hnkj",)
    assert query.name == ("hn", "nk", "kj")
    assert query.initials == "hnkj"
    assert query.by_initials == ("~hn", "~nk", "~kj")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("海纳 科技", ("海纳", "科技")),
        ("海 纳科技", ("海纳科技",)),
        ("海纳（北京）", ("海纳北京",)),
        ("Haina 科技", ("haina", "科技")),
    ],
)
def test_query_words(query: str, words: tuple[str, ...]) -> None:
    found = query_tokens(query)

    assert found.words == words
    assert (found.initials, found.by_initials) == ("", ())


@pytest.mark.parametrize(
    ("query", "tokens"),
    [
        ("海纳", ("海纳",)),
        ("海纳科", ("海纳", "纳科")),
        ("海纳科技", ("海纳", "科技")),
        ("海纳科技园", ("海纳", "科技", "技园")),
        ("海纳海纳", ("海纳",)),
    ],
)
def test_tokens_of_a_query_cover_each_word(query: str, tokens: tuple[str, ...]) -> None:
    assert query_tokens(query).name == tokens


@pytest.mark.parametrize(
    ("query", "said"), [("海纳", True), ("海纳 3a科", True), ("hn", False), ("海纳 91", False)]
)
def test_words_that_could_be_initials_or_codes_say_too_little(query: str, said: bool) -> None:
    assert query_tokens(query).is_said_by_words is said


@pytest.mark.parametrize("query", ["", " ", "海", "（）", "a"])
def test_query_of_fewer_than_two_characters_is_too_short(query: str) -> None:
    assert query_tokens(query).is_too_short


@given(names, st.data())
def test_any_two_or_more_characters_of_a_name_find_it(name: str, data: st.DataObject) -> None:
    whole = compact(name)
    start = data.draw(st.integers(0, max(len(whole) - 2, 0)))
    end = data.draw(st.integers(start + 2, max(len(whole), start + 2)))

    query = query_tokens(whole[start:end])

    assert set(query.name) <= set(search_tokens(name))
    assert all(word in whole for word in query.words)


@given(names)
def test_initials_find_the_name(name: str) -> None:
    query = query_tokens(initials(name))

    assert set(query.by_initials) <= set(search_tokens(name))
