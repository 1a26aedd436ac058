"""A pack in work: its data, section by section, and the two files."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from typing import Any

import yaml

from lianqi.engines.packs.pack import Pack
from lianqi.engines.packs.reading import check
from lianqi.engines.packs.rows.naming import Names
from lianqi.engines.packs.rows.parts import Entry, Path, Row
from lianqi.engines.packs.rows.tables import CASE, HEAD, MEASURE
from lianqi.engines.packs.rows.texts import dumped, read

# Mappings of a file that are rows of a form; and what stands behind the measures.
_NAMED = ("facts", "parameters", "definitions")
MOST_KEPT = 16  # packs in work that a process keeps, as every page of one proves it anew
_AFTER = ("cap_groups", "alternatives", "open")


@dataclass(frozen=True)
class Draft:
    """A pack as plain data.

    Attributes:
        whole: The pack, by the names of its file.
        cases: The cases, the earliest first.
    """

    whole: Entry = field(default_factory=dict)
    cases: tuple[Entry, ...] = ()

    @cached_property
    def names(self) -> Names:
        return Names.of(self.whole)

    @property
    def measures(self) -> list[Entry]:
        told = self.whole.get("measures") or []
        return told if isinstance(told, list) else [told]

    def index(self, key: str) -> int:
        """The place of a measure.

        Raises:
            KeyError: There is none of this key.
        """
        for index, each in enumerate(self.measures):
            if each.get("key") == key:
                return index
        raise KeyError(key)

    # --- sections -------------------------------------------------------------------------------

    @property
    def head(self) -> Row:
        """Document, days, facts, definitions, parameters, and what binds several measures."""
        return HEAD.row(_with_rows(self.whole), self.names)

    def measure(self, key: str) -> Row:
        return MEASURE.row(self.measures[self.index(key)], self.names)

    def cases_of(self, key: str) -> list[Row]:
        return [CASE.row(_flat(self.cases[index]), self.names) for index in self.places_of(key)]

    def places_of(self, key: str) -> list[int]:
        """Where the cases of a measure stand among all cases."""
        found: dict[str, str] = {}
        only = self.measures[0].get("key", "") if len(self.measures) == 1 else ""
        places = []
        for index, each in enumerate(self.cases):
            measure = each.get("measure") or found.get(each.get("like", ""), only)
            found[each.get("name", "")] = measure
            if measure == key:
                places.append(index)
        return places

    # --- what was typed --------------------------------------------------------------------------

    def with_head(self, row: Row) -> "Draft":
        told = _without_rows(HEAD.entry(row))
        # The order of a file: what is about the document, the measures, what binds them.
        after = {name: told.pop(name) for name in _AFTER if name in told}
        measures = {"measures": self.whole["measures"]} if "measures" in self.whole else {}
        return Draft({**told, **measures, **after}, self.cases)

    def with_measure(self, row: Row, key: str = "") -> "Draft":
        """A measure in the place of the one of this key; the last one if it is new.

        Where its key is another now, whatever names it follows.
        """
        entry = MEASURE.entry(row)
        if not key:
            return _told_apart(_with(self, [*self.measures, entry]))
        measures = list(self.measures)
        measures[self.index(key)] = entry
        changed = _with(self, measures)
        new = entry.get("key", "")
        return _renamed(changed, key, new) if new and new != key else changed

    def with_cases(self, key: str, rows: Iterable[Row]) -> "Draft":
        """These cases in the place of those of a measure; more than there were come behind them."""
        told = [_deep(CASE.entry(each)) for each in rows]
        if len(self.measures) > 1:
            told = [
                each if "measure" in each or "like" in each else _placed(each, key) for each in told
            ]
        places = self.places_of(key)
        found: list[Entry] = []
        for index, each in enumerate(self.cases):
            if index not in places:
                found.append(each)
            elif told:
                found.append(told.pop(0))
            if places and index == places[-1]:
                found += told
                told = []
        return Draft(self.whole, (*found, *told))

    # --- measures as a list ----------------------------------------------------------------------

    def without(self, key: str) -> "Draft":
        """Without a measure and its cases."""
        gone = self.places_of(key)
        cases = tuple(each for index, each in enumerate(self.cases) if index not in gone)
        measures = [each for each in self.measures if each.get("key") != key]
        return _with(Draft(self.whole, cases), measures)

    def doubled(self, key: str) -> "Draft":
        """With a copy of a measure behind it, under a key of its own and without cases."""
        index, taken = self.index(key), {each.get("key") for each in self.measures}
        new = next(name for at in range(2, 1_000) if (name := f"{key[:36]}-{at}") not in taken)
        copy = {**deepcopy(self.measures[index]), "key": new}
        measures = [*self.measures[: index + 1], copy, *self.measures[index + 1 :]]
        return _with(_told_apart(self), measures)

    def moved(self, key: str, by: int) -> "Draft":
        """With a measure one place up (-1) or down (1); caps over several are used up in order."""
        index, measures = self.index(key), list(self.measures)
        other = min(max(index + by, 0), len(measures) - 1)
        measures[index], measures[other] = measures[other], measures[index]
        return _with(self, measures)


def _with(draft: Draft, measures: list[Entry]) -> Draft:
    whole = dict(draft.whole)
    if "measures" in whole or not measures:
        whole["measures"] = measures
        return Draft(whole, draft.cases)
    after = {name: whole.pop(name) for name in _AFTER if name in whole}
    return Draft({**whole, "measures": measures, **after}, draft.cases)


def _told_apart(draft: Draft) -> Draft:
    """Every case names its measure, which that of the only measure of a pack need not."""
    first = draft.measures[0].get("key", "") if draft.measures else ""
    cases = tuple(
        each if each.get("measure") or each.get("like") else _placed(each, first)
        for each in draft.cases
    )
    return Draft(draft.whole, cases)


def _renamed(draft: Draft, old: str, new: str) -> Draft:
    whole = deepcopy(draft.whole)
    for each in whole["measures"]:
        _rename(each, ("excludes", "stacks_with"), "measure", old, new)
    _rename(whole, ("alternatives",), "of", old, new)
    _rename(whole, ("open",), "measure", old, new)
    _rename(whole, ("cap_groups",), "measures", old, new)
    cases = tuple(
        {**each, "measure": new} if each.get("measure") == old else each for each in draft.cases
    )
    return Draft(whole, cases)


def _rename(entry: Entry, places: Iterable[str], inner: str, old: str, new: str) -> None:
    for name in places:
        if name in entry:
            entry[name] = _replaced(entry[name], inner, old, new)


def _replaced(value: Any, inner: str, old: str, new: str) -> Any:
    """Keys in lists, and below one name of mappings."""
    if isinstance(value, list):
        return [_replaced(each, inner, old, new) for each in value]
    if isinstance(value, dict):
        return {
            name: _replaced(each, inner, old, new) if name == inner else each
            for name, each in value.items()
        }
    return new if value == old else value


def _placed(case: Entry, measure: str) -> Entry:
    name = {"name": case["name"]} if "name" in case else {}
    return {**name, "measure": measure, **case}


@lru_cache(maxsize=MOST_KEPT)
def opened(text: str, cases_text: str) -> Draft | None:
    """A pack for rows; None if they would not give the same rules again."""
    try:
        whole, told = read(text), read(cases_text)
        draft = Draft(whole, tuple((told or {}).get("cases") or ()))
        again = rewritten(draft)
        before, after = check(text)[0], check(written(again)[0])[0]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
    return draft if before is not None and after is not None and same_rules(before, after) else None


def rewritten(draft: Draft) -> Draft:
    """The same after each section was opened and saved."""
    found = draft.with_head(draft.head)
    for each in draft.measures:
        found = found.with_measure(draft.measure(each["key"]), each["key"])
        found = found.with_cases(each["key"], draft.cases_of(each["key"]))
    return found


def written(draft: Draft) -> tuple[str, str]:
    """The two files."""
    cases = dumped({"cases": list(draft.cases)}) if draft.cases else ""
    return dumped(draft.whole), cases


def same_rules(one: Pack, other: Pack) -> bool:
    """Whether two packs say the same; their catalogues hold the same if their own facts do."""
    return all(
        getattr(one, each.name) == getattr(other, each.name)
        for each in fields(Pack)
        if each.name != "catalogue"
    )


# --- mappings of a file that are rows of a form ---------------------------------------------------


def _with_rows(whole: Entry) -> Entry:
    """Facts, definitions and parameters as lists of entries that bear their name."""
    found = dict(whole)
    for name in _NAMED:
        if whole.get(name) and not isinstance(whole[name], dict):
            raise ValueError(name)
    if facts := whole.get("facts"):
        found["facts"] = [{"key": key, **each} for key, each in facts.items()]
    if definitions := whole.get("definitions"):
        found["definitions"] = [
            {"name": name, "expression": each} for name, each in definitions.items()
        ]
    if parameters := whole.get("parameters"):
        found["parameters"] = [
            {"name": name, **(each if isinstance(each, dict) else {"value": each})}
            for name, told in parameters.items()
            for each in (told if isinstance(told, list) else [told])
        ]
    return found


def _without_rows(told: Entry) -> Entry:
    """The other way round."""
    found = dict(told)
    if "facts" in told:
        found["facts"] = {each.get("key", ""): _but(each, "key") for each in told["facts"]}
    if "definitions" in told:
        found["definitions"] = {
            each.get("name", ""): each.get("expression", "") for each in told["definitions"]
        }
    if "parameters" in told:
        values: dict[str, list[Entry]] = {}
        for each in told["parameters"]:
            values.setdefault(each.get("name", ""), []).append(_but(each, "name"))
        found["parameters"] = {
            name: each[0] if len(each) == 1 else each for name, each in values.items()
        }
    return found


def path_in_head(path: Path, row: Row) -> Path:
    """A place of the file as one of the head, where facts, definitions, parameters are rows."""
    if len(path) < 2 or path[0] not in _NAMED:  # noqa: PLR2004  # the mapping, and whose name
        return path
    kind, name, rest = str(path[0]), path[1], list(path[2:])
    cell = "key" if kind == "facts" else "name"
    if name == cell:  # of the first entry, which begins where all of them do
        return (kind, 0, cell)
    found = [at for at, each in enumerate(row[kind]) if each.get(cell, "") == name]
    if kind == "parameters" and rest and isinstance(rest[0], int):
        found, rest = found[rest[0] :], rest[1:]
    if kind == "definitions" and not rest:
        rest = ["expression"]
    return (kind, found[0] if found else 0, *rest)


def _but(entry: Entry, name: str) -> Entry:
    return {key: value for key, value in entry.items() if key != name}


def _flat(case: Entry) -> Entry:
    """The facts of applicants in one list: 甲/入驻率."""
    if "applicants" not in case:
        return case
    flat = {
        f"{who}/{name}": value
        for who, facts in case["applicants"].items()
        for name, value in facts.items()
    }
    return {**case, "applicants": flat}


def _deep(case: Entry) -> Entry:
    if "applicants" not in case:
        return case
    deep: Entry = {}
    for name, value in case["applicants"].items():
        who, _slash, fact = name.partition("/")
        deep.setdefault(who.strip(), {})[fact.strip()] = value
    return {**case, "applicants": deep}
