"""Statements of the register and answers of reviewers as columns.

What is stated repeats: a value is understood once, however many enterprises it is stated of.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lianqi.engines.packs.pack import pack_name
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.bulk.tables import array_of
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind, answer_slot
from lianqi.matching.queries.copying import Firms, numbered
from lianqi.matching.queries.values import KEPT, NotUsableError, fits, value_of

_MOST = 2**62
_NEWEST = """
WITH wanted AS (
    SELECT * FROM unnest(%(names)s::text[], %(periods)s::text[], %(numbers)s::int[])
        AS asked(name, period, number)
)
SELECT DISTINCT ON (owner, number) owner, number, value
FROM ({rows}) AS held JOIN wanted ON name = key AND wanted.period = held.period
ORDER BY owner, number, observed_at DESC, id DESC
"""
_ANSWERS = """
SELECT owner, pack_key, pack_version, question_key, answer FROM ({rows}) AS held
ORDER BY answered_at, id
"""
_HOLDS = """
one.key = ANY(%(names)s) AND one.withdrawn_at IS NULL
    AND (one.since IS NULL OR one.since <= %(on)s) AND (one.until IS NULL OR one.until >= %(on)s)
"""


@dataclass(frozen=True)
class _Stated:
    """A fact that rules want and statements can tell."""

    slot: str
    spec: FactSpec
    period: str
    wanted: Wanted


def stated_columns(
    firms: NDArray[np.int64], wanted: Mapping[str, Wanted], catalogue: Catalogue, *, on: dt.date
) -> tuple[dict[str, pa.Array], frozenset[int]]:
    """The newest statement that stands and holds on the day, by slot; where rules may use it.

    Returns:
        The columns, and the enterprises with a number too great for them.
    """
    facts = list(_facts(wanted, catalogue))
    if not facts:
        return {}, frozenset()
    whose = Firms(firms)
    columns = "one.key, one.period, one.value, one.observed_at, one.id"
    rows, place = whose.copied(
        _NEWEST.format(rows=whose.rows(columns, "register_statement", _HOLDS)),
        {"on": on, **numbered(facts, catalogue)},
        {"owner": pa.int64(), "number": pa.int32(), "value": pa.string()},
    )
    number = rows["number"].to_numpy()
    values = rows["value"].combine_chunks().dictionary_encode()
    written, codes = values.dictionary.to_pylist(), values.indices.to_numpy()
    held: dict[str, pa.Array] = {}
    odd: set[int] = set()
    for each, fact in enumerate(facts):
        own = np.flatnonzero(number == each)
        used, where = np.unique(codes[own], return_inverse=True)
        known = [_value(fact.spec, written[code]) for code in used.tolist()]
        great = np.array([_is_great(one, fact.wanted) for one in known], np.bool_)
        odd |= set(firms[place[own[great[where]]]].tolist()) if len(own) else set()
        array = array_of(
            fact.slot,
            [None if is_great else one for one, is_great in zip(known, great, strict=True)],
            fact.wanted,
        )
        rows_of = np.full(len(firms), -1, np.int64)
        rows_of[place[own]] = where
        held[fact.slot] = array.take(pa.array(rows_of, mask=rows_of < 0))
    return held, frozenset(odd)


def _facts(wanted: Mapping[str, Wanted], catalogue: Catalogue) -> Iterator[_Stated]:
    for slot, each in wanted.items():
        key, _at, period = slot.partition("@")
        spec = catalogue.specs.get(key)
        if spec is None or key in KEPT or spec.kind is not each.kind:
            continue
        if fits(spec.grain, period) and not (spec.grain and spec.kind is Kind.NUMBER):
            yield _Stated(slot, spec, period, each)


def _value(spec: FactSpec, written: str) -> Any:
    try:
        return value_of(spec, json.loads(written))
    except NotUsableError:
        return None


def _is_great(value: Any, wanted: Wanted) -> bool:
    """Whether a number in it cannot be counted in 64 bits."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | Fraction):
        return bool(abs(value) * 10**wanted.decimals > _MOST)
    if wanted.kind is Kind.LIST and value is not None:
        fields = wanted.fields or {}
        return any(
            _is_great(entry.get(name), each) for entry in value for name, each in fields.items()
        )
    return False


def answered_columns(firms: NDArray[np.int64], wanted: Mapping[str, Wanted]) -> dict[str, pa.Array]:
    """What reviewers answered; of merged entries the latest answer counts."""
    slots = {slot for slot in wanted if slot.startswith("judged:")}
    if not slots:
        return {}
    whose = Firms(firms)
    names = ("pack_key", "pack_version", "question_key", "answer", "answered_at", "id")
    columns = ", ".join(f"one.{name}" for name in names)
    standing = whose.rows(columns, "matching_reviewanswer", "one.withdrawn_at IS NULL")
    rows, place = whose.copied(
        _ANSWERS.format(rows=standing),
        {},
        {"owner": pa.int64(), **dict.fromkeys(names[:4], pa.string())},
    )
    told: dict[str, dict[int, bool]] = {slot: {} for slot in slots}
    keys, versions, questions, answers = (rows[name].to_pylist() for name in names[:4])
    for row, key, version, question, answer in zip(
        place.tolist(), keys, versions, questions, answers, strict=True
    ):
        slot = answer_slot(question, pack_name(key, version))
        if slot in told:
            told[slot][row] = answer == "t"
    held = {}
    for slot, known_of in told.items():
        true, known = np.zeros(len(firms), np.bool_), np.zeros(len(firms), np.bool_)
        own = np.fromiter(known_of, np.int64)
        known[own], true[own] = True, list(known_of.values())
        held[slot] = pa.array(true, mask=~known)
    return held
