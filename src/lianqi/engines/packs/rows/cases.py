"""The expected results of a case: status, amount, what is asked, and lines for all the rest.

条件 ratio: 不符合
奖励 mask: 3万元
分期 start: 150万元
申请人 甲: 符合，30万元
实付: 100万元
"""

from dataclasses import dataclass
from typing import Any

from lianqi.engines.packs.rows.lines import entries, several
from lianqi.engines.packs.rows.naming import Names
from lianqi.engines.packs.rows.parts import Entry, Path, Row
from lianqi.engines.packs.wording import STATUS_WORDS, STATUSES

# Of one part of a measure or of one applicant, and of the whole.
PARTS = {"clauses": "条件", "benefits": "奖励", "instalments": "分期", "applicants": "申请人"}
WHOLE = {"amount_asks": "金额所缺", "paid": "实付", "clawback": "追回"}
NONE = "无"
_BY_WORD = {word: name for name, word in (PARTS | WHOLE).items()}


@dataclass(frozen=True)
class Expected:
    """The cells of `expect`."""

    def shown(self, entry: Entry, _names: Names) -> Row:
        told = entry.get("expect") or {}
        lines = [
            f"{PARTS[name]} {key}: {_result(value)}"
            for name in PARTS
            for key, value in (told.get(name) or {}).items()
        ]
        lines += [f"{word}: {_listed(told[name])}" for name, word in WHOLE.items() if name in told]
        return {
            "status": _in_chinese(told.get("status", "")),
            "amount": told.get("amount", ""),
            "asks": _listed(told.get("asks", "")),
            "more": "\n".join(lines),
        }

    def told(self, row: Row) -> Entry:
        found: Entry = {name: row.get(name, "").strip() for name in ("status", "amount")}
        asked = row.get("asks", "").strip()
        found["asks"] = _several(asked) if asked else ""
        for name, value in entries(row.get("more", "")).items():
            word, _blank, key = name.partition(" ")
            part = _BY_WORD.get(word, word)
            if part in PARTS and key.strip():
                found.setdefault(part, {})[key.strip()] = _result_told(value, part)
            else:  # a word that means nothing is told where the whole is checked
                found[part if part in WHOLE else name] = (
                    _several(value) if part == "amount_asks" else value
                )
        kept = {name: each for name, each in found.items() if each != ""}
        return {"expect": kept} if kept else {}

    def cell(self, path: Path, _row: Row, _offset: int) -> Path | None:
        if path[:1] != ("expect",):
            return None
        is_own = len(path) > 1 and path[1] in ("status", "amount", "asks")
        return (str(path[1]),) if is_own else ("more",) if len(path) > 1 else ("status",)


def _listed(value: Any) -> str:
    """That nothing is asked is an expectation as well."""
    return ("、".join(value) or NONE) if isinstance(value, list) else str(value)


def _several(text: str) -> list[str]:
    return [] if text == NONE else several(text)


def _in_chinese(status: str) -> str:
    return STATUS_WORDS[STATUSES[status]]["zh"] if status in STATUSES else status


def _result(value: Any) -> str:
    """A status, an amount, or both."""
    if isinstance(value, dict):
        return "，".join(_in_chinese(str(each)) for each in value.values())
    return _in_chinese(str(value))


def _result_told(text: str, part: str) -> Any:
    first, comma, second = text.partition("，")
    if part == "applicants" and comma:
        return {"status": first.strip(), "amount": second.strip()}
    return text
