"""A saved assessment as it can be told again: what it rested on, and whether it comes out alike."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lianqi.engines.packs.pack import Measure, Pack
from lianqi.engines.packs.saving import Kept, NotSavedError, opened, replayed
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Fact, Judged, Node, walk
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.rule import Assessment, Rule, Status
from lianqi.matching.models import SavedAssessment
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.snapshots import Origin
from lianqi.matching.queries.values import spec_of


@dataclass(frozen=True, slots=True)
class ClauseTold:
    """A condition of a saved assessment."""

    text: str
    article: str
    rule: str
    status: Status


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact as it was known then; of a question `spec` is None."""

    slot: str
    spec: FactSpec | None
    label: str
    period: str
    value: Any
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Told:
    """A saved assessment, computed anew.

    Attributes:
        is_same: It came out byte for byte as it was saved.
        kept: None if the text cannot be read any more.
    """

    is_same: bool
    kept: Kept | None
    assessment: Assessment | None = None
    clauses: tuple[ClauseTold, ...] = ()
    facts: tuple[FactTold, ...] = ()


def parts_of(rule: Rule) -> Iterator[Node]:
    """The conditions and amounts of a rule."""
    yield rule.scope
    yield from (each.condition for each in rule.clauses)
    for benefit in rule.benefits:
        yield benefit.when
        if benefit.amount is not None:
            yield benefit.amount
    if rule.cap is not None:
        yield rule.cap


def slots_of(rule: Rule, on: dt.date) -> frozenset[str]:
    """What a rule reads on a day."""
    nodes = (each for part in parts_of(rule.on(on)) for each in walk(part))
    return frozenset(each.slot for each in nodes if isinstance(each, Fact | Judged))


def told_again(row: SavedAssessment) -> Told:
    """The assessment computed anew from what was saved, in words of its pack."""
    try:
        is_same, kept = replayed(row.kept) == row.kept, opened(row.kept)
    except NotSavedError:
        return Told(is_same=False, kept=None)
    pack = packs_of([row.pack]).get(row.pack.digest)
    found = kept.assess()
    return Told(
        is_same,
        kept,
        found,
        tuple(_clauses(row, kept, found, pack)),
        tuple(_facts(row, kept, pack)),
    )


def _clauses(
    row: SavedAssessment, kept: Kept, found: Assessment, pack: Pack | None
) -> Iterator[ClauseTold]:
    measure = _measure(pack, row)
    texts = {each.key: each.text for each in measure.clauses} if measure else {}
    catalogue = pack.catalogue if pack else Catalogue(())
    statuses = dict(found.clauses)
    for each in kept.rule.clauses:
        yield ClauseTold(
            texts.get(each.key) or each.key,
            each.article,
            # What a person judged is told as a question among the facts.
            ""
            if isinstance(each.condition, Judged)
            else render(each.condition, "zh", catalogue=catalogue),
            statuses.get(each.key, found.status),
        )


def _facts(row: SavedAssessment, kept: Kept, pack: Pack | None) -> Iterator[FactTold]:
    nodes = (each for part in parts_of(kept.rule) for each in walk(part))
    questions = {each.slot: each.question for each in nodes if isinstance(each, Judged)}
    for slot, value in sorted(kept.facts.items()):
        spec = spec_of(pack.catalogue, slot) if pack and slot not in questions else None
        origin = row.origins.get(slot)
        yield FactTold(
            slot,
            spec,
            questions.get(slot) or (spec.label if spec else slot),
            slot.partition("@")[2],
            value,
            _origin(origin) if origin else None,
        )


def _origin(kept: dict[str, str | None]) -> Origin:
    at = kept.get("observed_at")
    return Origin(kept.get("source") or "", dt.datetime.fromisoformat(at) if at else None)


def _measure(pack: Pack | None, row: SavedAssessment) -> Measure | None:
    if pack is None:
        return None
    measures = pack.reading(row.on).measures
    return next((each for each in measures if each.key == row.measure_key), None)
