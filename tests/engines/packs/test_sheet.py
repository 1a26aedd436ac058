"""Places in YAML files, and what is refused."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.packs.errors import PackErrors
from lianqi.engines.packs.reading import check, read
from lianqi.engines.packs.sheet import Sheet


def scalar(sheet: Sheet, name: str) -> yaml.Node:
    assert sheet.root is not None
    return sheet.entries_of(sheet.root)[name][1]


@pytest.mark.parametrize(
    "text",
    [
        "a: 营业收入 ≥ 坏",
        'a: "营业收入 ≥ 坏"',
        "a: '营业收入 ≥ 坏'",
        "a: |\n  营业收入\n  ≥ 坏",
        "a: >-\n    营业收入\n      ≥ 坏",
        "a: 营业收入\n  ≥ 坏",
    ],
)
def test_a_character_of_a_text_has_the_place_it_has_in_the_file(text: str) -> None:
    sheet = Sheet(text, "x")
    node = scalar(sheet, "a")
    lines = text.split("\n")

    place = sheet.place(node, node.value.index("坏"))

    assert place == (len(lines), lines[-1].index("坏") + 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty"),
        ("a: [1", "not readable as YAML"),
        ("a: 1\na: 2", "2:1: a stands here twice"),
        ("a: &x 1\nb: *x", "an anchor"),
        ("[" * 100_000, "nested too deeply"),
        ("a: \x00", "not readable as YAML"),
        ("- " * 3_000 + "a", "nested too deeply"),
        ("? " * 3_000 + "a", ""),
        ("a" * 1_000_001, "too long"),
        ("!!python/object/apply:os.system [ls]", ""),
    ],
)
def test_hostile_and_broken_files_get_an_error_with_a_place(text: str, said: str) -> None:
    pack, errors = check(text, "x.yaml")

    assert pack is None
    assert errors
    assert any(said in str(each) for each in errors), errors


@given(st.text(max_size=200) | st.text(alphabet="[]{}:,-?&*!|>'\"#% \n一a1", max_size=80))
def test_nothing_but_errors_comes_out_of_a_random_text(text: str) -> None:
    with pytest.raises(PackErrors):
        read(text)
