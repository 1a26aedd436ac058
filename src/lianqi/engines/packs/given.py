"""Facts as somebody states them, with unit, period, source and day; what does not fit is refused.

营业收入[上年]: 40000万元
资质称号: [高新技术企业]
研发费用: {2023年: 900万元, 2024年: {value: 3500万元, source: 审计报告}}
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from lianqi.engines.packs.errors import NotAValueError, Wrong
from lianqi.engines.packs.quantities import (
    GRAIN_WORDS,
    NONE_OF_THEM,
    UNKNOWN,
    period_for,
    scalar_for,
    word_for,
)
from lianqi.engines.packs.sheet import Sheet
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind, slot

_NAME = re.compile(r"([^\[\]]+?)\s*(?:\[\s*(.+?)\s*\])?")
_VALUE_KEYS = frozenset({"value", "unit", "period", "source", "observed_at"})


@dataclass(frozen=True)
class Given:
    """One value as it was stated.

    Attributes:
        value: In base units, ready for a snapshot; None if it is said to be unknown.
        observed_at: The day on which it was found to be so.
    """

    value: Any
    source: str = ""
    observed_at: dt.date | None = None


def given(sheet: Sheet, node: yaml.Node, catalogue: Catalogue, day: dt.date) -> dict[str, Given]:
    """The facts of a mapping by slot; what cannot be read is noted in the sheet."""
    return _Reading(sheet, catalogue, day).of(node)


def snapshot(facts: Mapping[str, Given]) -> dict[str, Any]:
    """The values that are known."""
    return {name: each.value for name, each in facts.items() if each.value is not None}


class _Reading:
    def __init__(self, sheet: Sheet, catalogue: Catalogue, day: dt.date) -> None:
        self.sheet, self.catalogue, self.day = sheet, catalogue, day
        self.found: dict[str, Given] = {}

    def of(self, node: yaml.Node) -> dict[str, Given]:
        for name, (key, value) in self.sheet.entries_of(node).items():
            parts = _NAME.fullmatch(name)
            spec = self.catalogue.find(parts[1]) if parts else None
            if parts is None or spec is None:
                self._unknown(key, parts[1] if parts else name)
                continue
            self._fact(spec, parts[2], key, value)
        return self.found

    def _unknown(self, key: yaml.Node, name: str) -> None:
        near = get_close_matches(name, self.catalogue.names(), n=3, cutoff=0.5)
        if near:
            self.sheet.wrong(key, Wrong.FACT_MISSPELT, name=name, near="、".join(near))
        else:
            self.sheet.wrong(key, Wrong.FACT_NOT_KNOWN, name=name)

    def _fact(self, spec: FactSpec, period: str | None, key: yaml.Node, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode) and spec.grain and period is None:
            entries = self.sheet.entries_of(node)
            if not set(entries) & _VALUE_KEYS:
                for each, (place, value) in entries.items():
                    self._fact(spec, each, place, value)
                return
        value_node, unit, source, observed = node, "", "", None
        if isinstance(node, yaml.MappingNode) and spec.kind is not Kind.LIST:
            stated = self.sheet.fields(node, tuple(sorted(_VALUE_KEYS)), ("value",))
            if "value" not in stated:
                return
            value_node, unit = stated["value"], stated.text("unit")
            source, observed = stated.text("source"), stated.day("observed_at")
            period = stated.text("period") or period
        if spec.grain and period is None:
            problem = Wrong.WHICH_YEAR if spec.grain == "year" else Wrong.WHICH_PERIOD
            self.sheet.wrong(key, problem, name=spec.label, grain=GRAIN_WORDS[spec.grain])
            return
        try:
            named = slot(spec.key, period_for(spec, period, self.day) if period else None)
        except NotAValueError as error:
            self.sheet.refused(key, error)
            return
        if named in self.found:
            self.sheet.wrong(key, Wrong.STATED_TWICE, name=spec.label, slot=named)
        self.found[named] = Given(self._value(spec, value_node, unit), source, observed)

    def _value(self, spec: FactSpec, node: yaml.Node, unit: str = "") -> Any:
        if isinstance(node, yaml.ScalarNode) and self.sheet.text_of(node) in UNKNOWN | {""}:
            return None
        if spec.kind is Kind.LIST:
            return tuple(self._entry(spec, each) for each in self._several(node))
        try:
            if spec.kind is Kind.SET:
                return frozenset(
                    word_for(spec, self.sheet.text_of(each)) for each in self._several(node)
                )
            return scalar_for(spec, self.sheet.text_of(node) + unit)
        except NotAValueError as error:
            self.sheet.refused(node, error)
            return None

    def _several(self, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.ScalarNode) and self.sheet.text_of(node) in NONE_OF_THEM:
            return []
        return self.sheet.items_of(node)

    def _entry(self, spec: FactSpec, node: yaml.Node) -> dict[str, Any]:
        names = {each.label: key for key, each in spec.fields.items()}
        entry = {}
        for name, (key, value) in self.sheet.entries_of(node).items():
            field = spec.fields.get(names.get(name, name))
            if field is None:
                self.sheet.wrong(
                    key,
                    Wrong.UNKNOWN_ENTRY_FIELD,
                    name=spec.label,
                    written=name,
                    known="、".join(names),
                )
                continue
            found = self._value(field, value)
            if found is not None:
                entry[field.key] = found
        return entry
