"""The messages that come with the program: complete, in both languages, and nothing unknown."""

import ast
from dataclasses import astuple
from pathlib import Path

import pytest

import lianqi
from lianqi.engines.wording import fill, has_stray_brace, places
from lianqi.notices.wordings import MessageEvent, message_events

PACKAGE = Path(lianqi.__file__).parent
# Functions that take the code of an event: where it stands among the arguments without a name.
TELLERS = {"tell": 2, "tell_the_enterprise": 1, "_tell_the_applicant": 1, "notify": 9}


@pytest.mark.parametrize("event", message_events().values(), ids=lambda event: event.code)
def test_a_message_uses_only_the_names_it_is_given(event: MessageEvent) -> None:
    for wording in event.wordings.values():
        for text in astuple(wording):
            assert places(text) <= set(event.names)
            assert not has_stray_brace(text)
        assert wording.title_zh
        assert wording.title_en


@pytest.mark.parametrize("event", message_events().values(), ids=lambda event: event.code)
def test_both_languages_say_the_same(event: MessageEvent) -> None:
    for wording in event.wordings.values():
        said = [places(wording.title_zh + wording.body_zh)]
        said.append(places(wording.title_en + wording.body_en))
        assert said[0] == said[1]


def test_every_event_that_the_program_tells_of_has_a_message() -> None:
    told = set()
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in {*TELLERS, "write_letter"}:
                continue
            given = call.args[TELLERS.get(name, 9) : TELLERS.get(name, 9) + 1]
            given += [each.value for each in call.keywords if each.arg == "event"]
            told |= {
                node.value
                for each in given
                for node in ast.walk(each)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }

    assert len(told) > 8
    assert told <= set(message_events())


def test_values_are_put_into_their_places_and_not_read_again() -> None:
    assert fill("{a}-{b_1}", {"a": "{b_1}", "b_1": 2}) == "{b_1}-2"
    with pytest.raises(KeyError):
        fill("{a}", {})


@pytest.mark.parametrize("text", ["{", "}", "{a b}", "{A}", "{}", "{a!r}", "{a.b}", "{{a}}"])
def test_a_brace_that_is_no_place_is_noticed(text: str) -> None:
    assert has_stray_brace(text)


def test_places_of_a_text() -> None:
    assert places("{a} {b} {a}") == {"a", "b"}
    assert not has_stray_brace("{a} {b}")
