"""From a YAML file to a pack: everything that is wrong is said at once, with its place."""

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import yaml

from lianqi.engines.packs.errors import NotAValueError, PackError, PackErrors, Wrong
from lianqi.engines.packs.expressions import Expressions
from lianqi.engines.packs.measuring import Measuring, alternatives_of, is_key, key_of, span_of
from lianqi.engines.packs.pack import (
    CONFIDENCES,
    LEVELS,
    SOURCE_KINDS,
    Dated,
    Document,
    Open,
    Pack,
    Reading,
    Span,
    pack_name,
)
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.packs.sheet import Fields, Sheet
from lianqi.engines.rules.catalogue import (
    Catalogue,
    CatalogueError,
    FactSpec,
    national,
    spec_from,
)
from lianqi.engines.rules.lexicon import is_spellable
from lianqi.engines.rules.nodes import TRUE, Const

_PACK = (
    "pack", "version", "document", "in_force", "replaces", "transition", "boundary", "facts",
    "parameters", "definitions", "scope", "measures", "cap_groups", "alternatives", "open",
)  # fmt: skip
_DOCUMENT = (
    "title", "issuer", "number", "level", "published_on", "source", "source_kind", "checked_on",
    "confidence",
)  # fmt: skip
_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def load(path: Path, catalogue: Catalogue | None = None) -> Pack:
    """The pack of a file.

    Raises:
        PackErrors: Something in it is wrong; all of it is told.
        OSError: It cannot be opened.
    """
    return read(path.read_text("utf-8"), str(path), catalogue)


def read(text: str, file: str = "pack.yaml", catalogue: Catalogue | None = None) -> Pack:
    """The pack of a text.

    Raises:
        PackErrors: Something in it is wrong; all of it is told.
    """
    pack, errors = check(text, file, catalogue)
    if pack is None:
        raise PackErrors(errors)
    return pack


def check(
    text: str, file: str = "pack.yaml", catalogue: Catalogue | None = None
) -> tuple[Pack | None, tuple[PackError, ...]]:
    """The pack of a text, or what is wrong with it."""
    sheet = Sheet(text, file)
    pack = None
    if sheet.root is not None:
        pack = _Packing(sheet, catalogue or national()).pack(sheet.root)
    errors = tuple(sorted(set(sheet.errors)))
    return (None if errors else pack), errors


class _Packing:
    """One pack that is being read."""

    def __init__(self, sheet: Sheet, catalogue: Catalogue) -> None:
        self.sheet = sheet
        self.catalogue = catalogue

    def pack(self, root: yaml.Node) -> Pack | None:
        fields = self.sheet.fields(
            root, _PACK, ("pack", "version", "document", "in_force", "measures")
        )
        if not isinstance(root, yaml.MappingNode):
            return None
        own = self._own_facts(fields)
        parameters = self._parameters(fields)
        span = span_of(fields, Span())
        readings = [
            (start, self._reading(fields, span, _on(parameters, start)))
            for start in _starts(parameters)
        ]
        self._document_wide(fields, readings[0][1])
        return Pack(
            key=key_of(fields, "pack"),
            version=fields.text("version"),
            document=self._document(fields),
            span=span,
            catalogue=self.catalogue,
            readings=tuple(readings),
            own_facts=own,
            parameters=MappingProxyType(parameters),
            replaces=fields.text("replaces"),
            transition=fields.text("transition"),
            boundary=fields.text("boundary"),
            open=tuple(map(self._open, fields.items("open"))),
            alternatives=alternatives_of(
                fields,
                [each.key for each in readings[0][1].measures],
                of=Wrong.UNKNOWN_MEASURE,
            ),
        )

    # --- around the measures ---------------------------------------------------------------------

    def _document(self, fields: Fields) -> Document:
        if "document" not in fields:
            return Document("", "")
        told = self.sheet.fields(fields["document"], _DOCUMENT, ("title", "issuer", "source"))
        published = told.text("published_on")
        if published and not _PUBLISHED.fullmatch(published):
            self.sheet.wrong(told["published_on"], Wrong.NOT_A_PUBLICATION_DAY, written=published)
        return Document(
            title=told.text("title"),
            issuer=told.text("issuer"),
            number=told.text("number"),
            level=told.choice("level", LEVELS, "city"),
            published_on=published,
            source=told.text("source"),
            source_kind=told.choice("source_kind", SOURCE_KINDS, "N"),
            checked_on=told.day("checked_on"),
            confidence=told.choice("confidence", CONFIDENCES, "unconfirmed"),
        )

    def _own_facts(self, fields: Fields) -> tuple[FactSpec, ...]:
        own: list[FactSpec] = []
        for key, place, node in fields.entries("facts"):
            entry = self._plain(node)
            if not isinstance(entry, dict) or not is_key(key):
                self.sheet.wrong(place, Wrong.NOT_A_FACT_ENTRY, name=key)
                continue
            try:
                spec = spec_from(key, entry)
                if not is_spellable(spec.label):
                    self.sheet.wrong(place, Wrong.UNSPELLABLE_LABEL, name=spec.label)
                self.catalogue = self.catalogue.extended([spec])
            except CatalogueError as error:
                self.sheet.refused(place, error)
                continue
            except (AttributeError, TypeError, ValueError):
                self.sheet.wrong(place, Wrong.NOT_A_FACT_ENTRY, name=key)
                continue
            own.append(spec)
        return tuple(own)

    def _plain(self, node: yaml.Node) -> object:
        """The values of a fact's entry: texts, true and false, lists and mappings."""
        if isinstance(node, yaml.MappingNode):
            return {
                name: self._plain(value)
                for name, (_key, value) in self.sheet.entries_of(node).items()
            }
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(each) for each in node.value]
        return self.sheet.text_of(node)

    def _parameters(self, fields: Fields) -> dict[str, tuple[Dated, ...]]:
        return {
            name: self._dated(name, place, node)
            for name, place, node in fields.entries("parameters")
        }

    def _dated(self, name: str, place: yaml.Node, node: yaml.Node) -> tuple[Dated, ...]:
        found: list[Dated] = []
        for each in self.sheet.items_of(node):
            if isinstance(each, yaml.ScalarNode):
                found.append(Dated(None, self._constant(each)))
                continue
            told = self.sheet.fields(each, ("from", "value", "article"), ("value",))
            if "value" in told:
                value = self._constant(told["value"])
                found.append(Dated(told.day("from"), value, told.text("article")))
        starts = [each.start or dt.date.min for each in found]
        if starts != sorted(set(starts)):
            self.sheet.wrong(place, Wrong.VALUES_OUT_OF_ORDER, name=name)
        if len({each.value.dims for each in found}) > 1:
            self.sheet.wrong(place, Wrong.VALUES_OF_DIFFERENT_UNITS, name=name)
        return tuple(found)

    def _constant(self, node: yaml.Node) -> Const:
        try:
            number, unit = quantity(self.sheet.text_of(node))
        except NotAValueError as error:
            self.sheet.refused(node, error)
            return Const(Fraction(0))
        return Const(number, unit.dims, bare=not unit.symbol)

    def _open(self, node: yaml.Node) -> Open:
        if isinstance(node, yaml.ScalarNode):
            return Open(self.sheet.text_of(node))
        told = self.sheet.fields(node, ("point", "handled", "measure"), ("point",))
        return Open(told.text("point"), told.text("handled"), told.text("measure"))

    def _document_wide(self, fields: Fields, reading: Reading) -> None:
        """What names something that stands elsewhere in the file."""
        keys = [each.key for each in reading.measures]
        nodes = fields.items("measures")
        for index, key in enumerate(keys):
            if key in keys[:index]:
                self.sheet.wrong(nodes[index], Wrong.MEASURE_TWICE, key=key)
        named = [
            *((nodes[index], other.measure) for index, each in enumerate(reading.measures)
              for other in each.excludes),
            *((nodes[index], other) for index, each in enumerate(reading.measures)
              for other in each.stacks_with),
            *((fields.items("cap_groups")[index], key)
              for index, group in enumerate(reading.cap_groups) for key in group.measures),
            *((node, self._open(node).measure) for node in fields.items("open")),
        ]  # fmt: skip
        for node, key in named:
            if key and "/" not in key and key not in keys:
                self.sheet.wrong(node, Wrong.UNKNOWN_MEASURE, key=key, known=", ".join(keys))

    # --- measures --------------------------------------------------------------------------------

    def _reading(self, fields: Fields, span: Span, parameters: Mapping[str, Const]) -> Reading:
        name = pack_name(fields.text("pack"), fields.text("version"))
        expressions = Expressions(self.sheet, self.catalogue, parameters, name)
        for name, place, node in fields.entries("definitions"):
            expressions.define(name, place, node)
        scope = fields.get("scope")
        general = TRUE if scope is None else expressions.condition(scope)
        measuring = Measuring(self.sheet, self.catalogue, expressions, general, span)
        return Reading(
            tuple(map(measuring.measure, fields.items("measures"))),
            tuple(map(measuring.cap_group, fields.items("cap_groups"))),
        )


def _starts(parameters: Mapping[str, tuple[Dated, ...]]) -> list[dt.date | None]:
    later = {each.start for dated in parameters.values() for each in dated if each.start}
    return [None, *sorted(later)]


def _on(parameters: Mapping[str, tuple[Dated, ...]], day: dt.date | None) -> dict[str, Const]:
    """The values on a day; before the first one, the first one."""
    values = {}
    for name, dated in parameters.items():
        known = [each for each in dated if each.start is None or (day and each.start <= day)]
        for each in known[-1:] or dated[:1]:
            values[name] = each.value
    return values
