"""The measures of a pack, read one by one."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

import yaml

from lianqi.engines.packs.errors import NotAValueError, Wrong
from lianqi.engines.packs.expressions import Expressions
from lianqi.engines.packs.pack import (
    APPLICANTS,
    PROCESSES,
    Alternatives,
    BenefitKind,
    BenefitText,
    Budget,
    CapGroup,
    ClauseText,
    Clawback,
    Evidence,
    Exclusion,
    Instalment,
    Level,
    Measure,
    Process,
    Rank,
    Span,
    both,
)
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.packs.sheet import Fields, Sheet
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.nodes import TRUE, Const, Judged, Node
from lianqi.engines.rules.rule import Rounding, RoundingMode
from lianqi.engines.rules.units import SHARE, YUAN

_MEASURE = (
    "key", "title", "applicant", "article", "in_force", "scope", "clauses", "benefits", "cap",
    "evidence", "process", "budget", "rank", "clawback", "excludes", "stacks_with", "alternatives",
    "notes",
)  # fmt: skip
_BENEFIT = (
    "key", "kind", "title", "article", "when", "amount", "ceiling", "rounding", "instalments",
    "pays_in_kind",
)  # fmt: skip
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LONGEST_ANSWER = 40
_NOTHING = Const(Fraction(0), YUAN)
_Part = TypeVar("_Part", ClauseText, BenefitText)


def is_key(key: str) -> bool:
    return _KEY.fullmatch(key) is not None


def key_of(told: Fields, name: str = "key") -> str:
    """A key: small letters and digits, so that it can stand in an address."""
    key = told.text(name)
    if key and not is_key(key):
        told.sheet.wrong(told[name], Wrong.NOT_A_KEY, written=key)
    return key


def span_of(told: Fields, within: Span) -> Span:
    """Days in force; an end that is not told is that of what it stands in."""
    if "in_force" not in told:
        return within
    own = told.sheet.fields(told["in_force"], ("from", "to"))
    start, end = own.day("from"), own.day("to")
    if start and end and end < start:
        told.sheet.wrong(own["to"], Wrong.ENDS_TOO_EARLY)
    return Span(start or within.start, end or within.end)


def alternatives_of(told: Fields, known: Sequence[str], *, of: Wrong) -> tuple[Alternatives, ...]:
    """Groups of keys, each a list, or `{of: […], or_none: 是}`.

    Args:
        of: What is said of a key that is not known.
    """
    found = []
    for node in told.groups("alternatives"):
        keys, or_none = node, False
        if isinstance(node, yaml.MappingNode):
            group = told.sheet.fields(node, ("of", "or_none"), ("of",))
            keys, or_none = group.get("of") or node, group.flag("or_none")
        names = [] if isinstance(keys, yaml.MappingNode) else told.sheet.items_of(keys)
        named = tuple(told.sheet.text_of(each) for each in names)
        for each, key in zip(names, named, strict=True):
            if key not in known:
                told.sheet.wrong(each, of, key=key, known=", ".join(known))
        if len(named) < 2:  # noqa: PLR2004  # one is beside nothing
            told.sheet.wrong(node, Wrong.ALONE_AMONG_ALTERNATIVES)
        found.append(Alternatives(named, or_none))
    return tuple(found)


class Measuring:
    """Reads measures.

    Attributes:
        scope: What the whole document is for.
        span: When the whole document is in force.
    """

    def __init__(
        self,
        sheet: Sheet,
        catalogue: Catalogue,
        expressions: Expressions,
        scope: Node,
        span: Span,
    ) -> None:
        self.sheet = sheet
        self.catalogue = catalogue
        self.expressions = expressions
        self.scope = scope
        self.span = span
        self._key = ""
        self._article = ""

    def measure(self, node: yaml.Node) -> Measure:
        told = self.sheet.fields(node, _MEASURE, ("key", "title"))
        self._key, self._article = key_of(told), told.text("article")
        if not {"clauses", "benefits", "rank"} & set(told.values):
            self.sheet.wrong(node, Wrong.EMPTY_MEASURE)
        benefits = self._distinct(told, "benefits", self._benefit)
        return Measure(
            key=self._key,
            title=told.text("title"),
            applicant=told.choice("applicant", APPLICANTS, "enterprise"),
            article=self._article,
            span=span_of(told, self.span),
            scope=both(self.scope, self._condition(told, "scope")),
            clauses=self._distinct(told, "clauses", self._clause),
            benefits=benefits,
            cap=self._money(told, "cap"),
            evidence=tuple(map(self._evidence, told.items("evidence"))),
            process=self._process(told),
            budget=self._budget(told),
            rank=self._rank(told),
            clawback=tuple(map(self._clawback, told.items("clawback"))),
            excludes=tuple(map(self._exclusion, told.items("excludes"))),
            stacks_with=told.texts("stacks_with"),
            alternatives=alternatives_of(
                told, [each.key for each in benefits], of=Wrong.UNKNOWN_BENEFIT
            ),
            notes=told.texts("notes"),
        )

    def cap_group(self, node: yaml.Node) -> CapGroup:
        told = self.sheet.fields(
            node, ("key", "article", "cap", "measures", "text"), ("key", "cap", "measures")
        )
        return CapGroup(
            key_of(told),
            told.text("article"),
            self._money(told, "cap") or _NOTHING,
            told.texts("measures"),
            told.text("text"),
        )

    def _condition(self, told: Fields, name: str) -> Node:
        return self.expressions.condition(told[name]) if name in told else TRUE

    def _money(self, told: Fields, name: str) -> Node | None:
        return self.expressions.number(told[name], YUAN) if name in told else None

    def _distinct(
        self, told: Fields, name: str, of: Callable[[yaml.Node], _Part]
    ) -> tuple[_Part, ...]:
        found: dict[str, _Part] = {}
        for node in told.items(name):
            part = of(node)
            if part.key in found:
                self.sheet.wrong(node, Wrong.KEY_TWICE, key=part.key, name=name)
            found[part.key] = part
        return tuple(found.values())

    def _clause(self, node: yaml.Node) -> ClauseText:
        told = self.sheet.fields(node, ("key", "article", "text", "require", "judge"), ("key",))
        key, question = key_of(told), told.text("judge")
        condition = self._condition(told, "require")
        if question:
            condition = both(
                condition, Judged(_answer(self._key, key), question, self.expressions.pack)
            )
        elif "require" not in told:
            self.sheet.wrong(node, Wrong.CLAUSE_ASKS_NOTHING)
        return ClauseText(
            key, told.text("article") or self._article, told.text("text"), condition, question
        )

    def _benefit(self, node: yaml.Node) -> BenefitText:
        told = self.sheet.fields(node, _BENEFIT, ("key", "kind"))
        kind = told.choice("kind", tuple(BenefitKind), BenefitKind.FIXED)
        if "amount" not in told and "pays_in_kind" not in told and kind != BenefitKind.STATUS:
            self.sheet.wrong(node, Wrong.BENEFIT_GIVES_NOTHING)
        return BenefitText(
            key=key_of(told),
            kind=BenefitKind(kind),
            title=told.text("title"),
            article=told.text("article") or self._article,
            amount=self._money(told, "amount"),
            when=self._condition(told, "when"),
            is_ceiling=told.flag("ceiling"),
            rounding=self._rounding(told),
            instalments=tuple(map(self._instalment, told.items("instalments"))),
            pays_in_kind=told.text("pays_in_kind"),
        )

    def _rounding(self, told: Fields) -> Rounding:
        if "rounding" not in told:
            return Rounding()
        how = self.sheet.fields(told["rounding"], ("to", "mode"))
        mode = RoundingMode(how.choice("mode", tuple(RoundingMode), RoundingMode.HALF_UP))
        if "to" not in how:
            return Rounding(mode=mode)
        try:
            step, unit = quantity(how.text("to"))
        except NotAValueError as error:
            self.sheet.refused(how["to"], error)
            return Rounding()
        if unit.dims != YUAN or step <= 0:
            self.sheet.wrong(how["to"], Wrong.ROUNDING_WITHOUT_MONEY)
            return Rounding()
        return Rounding(step, mode)

    def _instalment(self, node: yaml.Node) -> Instalment:
        told = self.sheet.fields(node, ("key", "share", "text"), ("key", "share"))
        share: Node = Const(Fraction(0))
        if "share" in told:
            share = self.expressions.number(told["share"], SHARE)
        return Instalment(key_of(told), share, told.text("text"))

    def _evidence(self, node: yaml.Node) -> Evidence:
        if isinstance(node, yaml.ScalarNode):
            return Evidence(self.sheet.text_of(node))
        told = self.sheet.fields(node, ("name", "source", "facts"), ("name",))
        facts = []
        for each in told.items("facts"):
            name = self.sheet.text_of(each)
            spec = self.catalogue.find(name)
            if spec is None:
                self.sheet.wrong(each, Wrong.UNKNOWN_FACT, name=name)
            else:
                facts.append(spec.key)
        return Evidence(told.text("name"), told.text("source"), tuple(facts))

    def _process(self, told: Fields) -> Process:
        if "process" not in told:
            return Process()
        how = self.sheet.fields(
            told["process"], ("application", "windows", "deadline", "publicity_days", "steps")
        )
        windows = []
        for each in how.items("windows"):
            window = self.sheet.fields(each, ("from", "to"))
            windows.append(Span(window.day("from"), window.day("to")))
        return Process(
            how.choice("application", PROCESSES, "declare"),
            tuple(windows),
            how.text("deadline"),
            how.count("publicity_days"),
            how.texts("steps"),
        )

    def _budget(self, told: Fields) -> Budget | None:
        if "budget" not in told:
            return None
        how = self.sheet.fields(told["budget"], ("amount", "when_short"))
        known = ("proportional", "first_come", "rank")
        return Budget(self._money(how, "amount"), how.choice("when_short", known, "proportional"))

    def _rank(self, told: Fields) -> Rank | None:
        if "rank" not in told:
            return None
        how = self.sheet.fields(told["rank"], ("by", "levels"), ("by", "levels"))
        levels: list[Level] = []
        for each in how.items("levels"):
            level = self.sheet.fields(each, ("upto", "amount"), ("upto", "amount"))
            upto, amount = level.count("upto"), self._money(level, "amount")
            if upto is None or amount is None:
                continue
            if levels and upto <= levels[-1].upto:
                self.sheet.wrong(each, Wrong.LEVELS_NOT_RISING)
            levels.append(Level(upto, amount))
        if "by" not in how:
            return None
        return Rank(self.expressions.number(how["by"]), tuple(levels))

    def _clawback(self, node: yaml.Node) -> Clawback:
        told = self.sheet.fields(node, ("when", "amount", "text"), ("when", "amount"))
        amount = self._money(told, "amount") or _NOTHING
        return Clawback(self._condition(told, "when"), amount, told.text("text"))

    def _exclusion(self, node: yaml.Node) -> Exclusion:
        if isinstance(node, yaml.ScalarNode):
            return Exclusion(self.sheet.text_of(node))
        told = self.sheet.fields(node, ("measure", "rule", "article"), ("measure",))
        return Exclusion(
            told.text("measure"),
            told.choice("rule", ("higher", "either"), "higher"),
            told.text("article"),
        )


def _answer(measure: str, clause: str) -> str:
    """The name of the answer to the question of a clause, as the language spells such names."""
    return f"{measure}_{clause}".replace("-", "_")[:_LONGEST_ANSWER]
