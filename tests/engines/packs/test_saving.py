"""A saved assessment is replayed byte for byte."""

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction

import pytest

from lianqi.engines.packs import shipped
from lianqi.engines.packs.saving import NotSavedError, canonical, replayed, saved, version_of

DAY = dt.date(2026, 6, 1)
SNAPSHOT = {
    "registered_here": True,
    "above_scale": None,
    "industry": "C3911",
    "founded": dt.date(2012, 5, 1),
    "titles": frozenset({"srdi_sme", "high_tech"}),
    "employees@2025": 320,
    "revenue@2025": Fraction(150_000_001, 100),
    "ip_rights": ({"class": "one", "related": True, "holder_rank": Fraction(1)}, {"class": "two"}),
    "judged:srdi_share": True,
}


def all_rules() -> list:  # type: ignore[type-arg]
    return [
        measure.rule(pack.key) for pack in shipped() for measure in pack.readings[0][1].measures
    ]


def test_every_shipped_rule_is_replayed_byte_for_byte() -> None:
    for rule in all_rules():
        text = saved(rule, SNAPSHOT, DAY)

        assert replayed(text) == text, rule.key
        assert json.loads(text)["version"] == version_of(rule)


def test_the_version_is_that_of_the_meaning() -> None:
    rules = all_rules()

    assert len({version_of(rule) for rule in rules}) == len(rules)
    assert version_of(rules[0]) == version_of(all_rules()[0])
    assert version_of(replace(rules[0], key="other")) != version_of(rules[0])


def test_facts_are_kept_as_they_were_and_missing_ones_left_out() -> None:
    kept = json.loads(saved(all_rules()[0], SNAPSHOT, DAY))["facts"]

    assert "above_scale" not in kept
    assert kept["revenue@2025"] == {"number": "150000001/100"}
    assert kept["titles"] == {"set": ["high_tech", "srdi_sme"]}
    assert kept["employees@2025"] == 320


@pytest.mark.parametrize(
    ("old", "new"), [('"status":"unknown"', '"status":"met"'), ('"asks":["main_', '"asks":["sub_')]
)
def test_a_changed_record_is_not_what_a_replay_gives(old: str, new: str) -> None:
    text = saved(all_rules()[0], SNAPSHOT, DAY)
    changed = text.replace(old, new, 1)
    assert changed != text

    assert replayed(changed) == text


def test_a_rule_that_is_not_the_named_one_is_refused() -> None:
    text = saved(all_rules()[0], SNAPSHOT, DAY)

    with pytest.raises(NotSavedError, match="not the one"):
        replayed(text.replace('"key":"above-scale/', '"key":"below-scale/', 1))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"rule": 1, "on": "2026-01-01", "facts": {}}', "null"]
)
def test_what_was_never_saved_is_refused(text: str) -> None:
    with pytest.raises(NotSavedError):
        replayed(text)


def test_floats_cannot_be_saved() -> None:
    with pytest.raises(TypeError):
        canonical({"x": 0.1}.values)
