"""Packs with one measure, as a form holds them: written as a file, and read back from one.

A form knows less than a file: what it does not know (parameters, several measures, ranks) makes a
file one for the text editor, and `opened` says so by giving nothing.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

_DOCUMENT = (
    "title", "issuer", "number", "level", "published_on", "source", "source_kind", "checked_on",
    "confidence",
)  # fmt: skip
_ROW = ("fact", "word", "value", "unit")
# Texts only, nothing is guessed; libyaml where the wheel has it.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class SimpleClause:
    """A condition: a row of a table, an expression, or a question."""

    key: str
    text: str = ""
    article: str = ""
    fact: str = ""
    word: str = ""
    value: str = ""
    unit: str = ""
    expression: str = ""
    question: str = ""


@dataclass(frozen=True)
class SimpleCase:
    """An example: facts as lines, and what is expected."""

    name: str
    on: str
    facts: str
    status: str
    amount: str = ""


@dataclass(frozen=True)
class SimplePack:
    """What the form holds; texts as they were typed.

    Attributes:
        document: Title, issuer and so on, by the names that a file has.
        definitions: One in each line, as “name: expression”.
        benefit: Kind, title, amount, pays_in_kind, ceiling ("是" or "").
    """

    key: str
    version: str
    document: dict[str, str]
    starts: str = ""
    ends: str = ""
    boundary: str = ""
    definitions: str = ""
    measure: str = ""
    title: str = ""
    applicant: str = "enterprise"
    article: str = ""
    clauses: tuple[SimpleClause, ...] = ()
    benefit: dict[str, str] = field(default_factory=dict)
    cap: str = ""
    evidence: str = ""
    evidence_facts: str = ""
    window_from: str = ""
    window_to: str = ""
    cases: tuple[SimpleCase, ...] = ()


def written(pack: SimplePack) -> tuple[str, str]:
    """The two files: the pack, and its cases."""
    span = _filled({"from": pack.starts, "to": pack.ends})
    window = _filled({"from": pack.window_from, "to": pack.window_to})
    evidence = _filled({"name": pack.evidence})
    if evidence and pack.evidence_facts:
        evidence |= {"source": "enterprise", "facts": _several(pack.evidence_facts)}
    measure = _filled(
        {
            "key": pack.measure,
            "title": pack.title,
            "applicant": pack.applicant if pack.applicant != "enterprise" else "",
            "article": pack.article,
            "clauses": [_clause(each) for each in pack.clauses],
            "benefits": [_filled({"key": "award", **pack.benefit})] if pack.benefit else [],
            "cap": pack.cap,
            "evidence": [evidence] if evidence else [],
            "process": {"windows": [window]} if window else {},
        }
    )
    whole = _filled(
        {
            "pack": pack.key,
            "version": pack.version,
            "document": _filled(pack.document),
            "in_force": span,
            "boundary": pack.boundary,
            "definitions": _lines(pack.definitions),
            "measures": [measure],
        }
    )
    cases = [
        {
            "name": each.name,
            "measure": pack.measure,
            "on": each.on,
            "facts": _facts(each.facts),
            "expect": _filled({"status": each.status, "amount": each.amount}),
        }
        for each in pack.cases
    ]
    return _dumped(whole), _dumped({"cases": cases}) if cases else ""


def opened(text: str, cases_text: str) -> SimplePack | None:
    """What a form would show of two files; None if they hold more than a form does."""
    try:
        whole, told = _read(text), _read(cases_text)
        found = _opened(whole, (told or {}).get("cases", []))
        both = written(found)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
    # Only where writing it again loses nothing.
    same = _read(both[0]) == whole
    kept = (_read(both[1]) or {}) == (told or {})
    return found if same and kept else None


def _opened(whole: dict[str, Any], cases: list[dict[str, Any]]) -> SimplePack:
    (measure,) = whole["measures"]
    (benefit,) = measure.get("benefits") or [{}]
    (evidence,) = measure.get("evidence") or [{}]
    (window,) = (measure.get("process") or {}).get("windows") or [{}]
    span = whole.get("in_force") or {}
    return SimplePack(
        key=whole["pack"],
        version=whole["version"],
        document=dict(whole["document"]),
        starts=span.get("from", ""),
        ends=span.get("to", ""),
        boundary=whole.get("boundary", ""),
        definitions=_as_lines(whole.get("definitions", {})),
        measure=measure["key"],
        title=measure.get("title", ""),
        applicant=measure.get("applicant", "enterprise"),
        article=measure.get("article", ""),
        clauses=tuple(_clause_of(each) for each in measure.get("clauses", [])),
        benefit=dict(benefit),
        cap=measure.get("cap", ""),
        evidence=evidence.get("name", ""),
        evidence_facts="、".join(evidence.get("facts", [])),
        window_from=window.get("from", ""),
        window_to=window.get("to", ""),
        cases=tuple(
            SimpleCase(
                each["name"],
                each["on"],
                _as_lines(each["facts"]),
                each["expect"].get("status", ""),
                each["expect"].get("amount", ""),
            )
            for each in cases
        ),
    )


def _clause(clause: SimpleClause) -> dict[str, Any]:
    row = _filled({name: getattr(clause, name) for name in _ROW})
    if "、" in clause.value and "value" in row:
        row["value"] = _several(clause.value)
    return _filled(
        {
            "key": clause.key,
            "article": clause.article,
            "text": clause.text,
            "require": clause.expression or row,
            "judge": clause.question,
        }
    )


def _clause_of(told: dict[str, Any]) -> SimpleClause:
    require = told.get("require", "")
    row = require if isinstance(require, dict) else {}
    value = row.get("value", "")
    return SimpleClause(
        key=told["key"],
        text=told.get("text", ""),
        article=told.get("article", ""),
        fact=row.get("fact", ""),
        word=row.get("word", ""),
        value="、".join(value) if isinstance(value, list) else value,
        unit=row.get("unit", ""),
        expression="" if row else require,
        question=told.get("judge", ""),
    )


def _filled(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in entries.items() if each}


def _several(text: str) -> list[str]:
    return [each.strip() for each in text.replace("，", "、").split("、") if each.strip()]


def _read(text: str) -> Any:
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # builds nothing but texts


def _lines(text: str) -> dict[str, str]:
    found = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        name, _colon, value = line.replace("：", ":", 1).partition(":")
        if name.strip():
            found[name.strip()] = value.strip()
    return found


def _facts(text: str) -> dict[str, Any]:
    """Facts by name."""
    return {name: _stated(each) for name, each in _lines(text).items()}


def _stated(value: str) -> Any:
    """Several values with 、 between them, or in brackets as a file has them, are a list."""
    if value.startswith("[") and value.endswith("]"):
        return _several(value[1:-1].replace(",", "、"))
    return _several(value) if "、" in value else value


def _as_lines(entries: dict[str, Any]) -> str:
    return "\n".join(
        f"{name}: {'、'.join(each) if isinstance(each, list) else each}"
        for name, each in entries.items()
    )


def _dumped(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000)
