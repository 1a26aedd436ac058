"""The size classes of 300号 as a pack, written from the table of `engines.sizes`.

One meaning: thresholds and industries stand in `engines.sizes.bounds` and `industries`; this module
only puts them into the language of packs, so that other packs and the page of a measure can cite
and explain them. `tools/size_pack.py` writes the file that is shipped; a test compares both.
"""

from collections.abc import Iterable

from lianqi.engines.sizes import GROUPS, Coverage, Group, Indicator, Size, placement_of

_FACTS = {
    Indicator.EMPLOYEES: ("从业人员", "人"),
    Indicator.REVENUE: ("营业收入", "万元"),
    Indicator.ASSETS: ("资产总额", "万元"),
}
_LABELS = {Size.LARGE: "大型", Size.MEDIUM: "中型", Size.SMALL: "小型", Size.MICRO: "微型"}
_KEYS = {Size.LARGE: "large", Size.MEDIUM: "medium", Size.SMALL: "small", Size.MICRO: "micro"}
# Divisions of GB/T 4754-2017 by section letter, as in codes such as C3913.
_SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52),
    "G": (53, 60), "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72),
    "M": (73, 75), "N": (76, 79), "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90),
    "S": (91, 96), "T": (97, 97),
}  # fmt: skip


def pack_text() -> str:
    """The whole file."""
    groups = list(GROUPS.values())
    names = [_name(group) for group in groups]
    lines = [_HEAD, "definitions:"]
    for group, name in zip(groups, names, strict=True):
        lines.append(f"  {name}: {_begins(_codes(group))}")
    lines.append(f"  行业代码过粗: 非 ({' 或 '.join(names)})")
    for group, name in zip(groups, names, strict=True):
        lines.append(f"  {name}规模级: {_level(group)}")
    lines.append("  规模级: >-")
    lines += [f"    若 {name} 则 {name}规模级 否则" for name in names[:-1]]
    lines.append(f"    {names[-1]}规模级")
    lines.append(f"scope: 非 ({_begins(_not_covered())})")
    lines.append("measures:")
    for size in (Size.LARGE, Size.MEDIUM, Size.SMALL, Size.MICRO):
        lines += _measure(_KEYS[size], f"{_LABELS[size]}企业", f"规模级 == {int(size)}")
    lines += _measure("sme", "中小企业（中型、小型、微型）", f"规模级 ≤ {int(Size.MEDIUM)}")
    lines.append(_TAIL)
    return "\n".join(lines) + "\n"


_HEAD = """# Written by tools/size_pack.py from lianqi.engines.sizes; change the table there.
pack: sme-sizes
version: "2011"
document:
  title: 中小企业划型标准规定
  issuer: 工业和信息化部、国家统计局、国家发展和改革委员会、财政部
  number: 工信部联企业〔2011〕300号
  level: national
  published_on: 2011-06-18
  source: 工信部联企业〔2011〕300号第四条
  source_kind: C
  checked_on: 2026-11-20
  confidence: confirmed
in_force: {from: 2011-06-18}
boundary: “及以上”含本数，“以下”不含本数；须同时达到各项下限，微型只须一项低于下限。"""
_TAIL = """open:
  - {point: 金融业另有规定（银发〔2015〕309号）；教育、卫生、公共管理未列入, handled: 不适用}
  - {point: 行业代码只到门类时分不出组, handled: 请补充更细的代码}
  - {point: 统计上的划型（国统字〔2017〕213号）另作标签，不得用于本办法, handled: 不混用}"""


_QUESTION = "judge('finer_code', '行业代码过粗，请补充到中类或小类后重新划型')"


def _name(group: Group) -> str:
    return "".join(each for each in group.name_zh if each not in "、（）") + "组"


def _measure(key: str, title: str, condition: str) -> list[str]:
    return [
        f"  - key: {key}",
        f"    title: {title}",
        "    article: 第四条",
        "    clauses:",
        "      - key: size",
        f"        text: 按行业的从业人员、营业收入、资产总额划为{title}",
        f"        require: 非 行业代码过粗 且 {condition} 或 行业代码过粗 且 {_QUESTION}",
        "    benefits:",
        f"      - {{key: class, kind: status, title: {title}}}",
        "    process: {application: none}",
    ]


def _level(group: Group) -> str:
    tables = [
        f"分档({_FACTS[indicator][0]}, "
        + ", ".join(
            f"({bound}{_FACTS[indicator][1]}, {level})" for level, bound in enumerate(bounds, 2)
        )
        + ", 1)"
        for indicator, bounds in group.bounds.items()
    ]
    return tables[0] if len(tables) == 1 else f"取小({', '.join(tables)})"


def _codes(group: Group) -> list[str]:
    return [code for code, placed in _placed() if placed == group]


def _not_covered() -> list[str]:
    return [
        code
        for code, _group in _placed(with_uncovered=True)
        if placement_of(code).coverage is Coverage.NOT_COVERED
    ]


def _is_coarse(code: str) -> bool:
    return placement_of(code).coverage is Coverage.TOO_COARSE


def _placed(*, with_uncovered: bool = False) -> list[tuple[str, Group | None]]:
    """Sections, divisions and groups of the classification, no deeper than they have to go."""
    found: list[tuple[str, Group | None]] = []
    for letter, (first, last) in _SECTIONS.items():
        if not _is_coarse(letter):
            whole = placement_of(letter)
            if all(placement_of(f"{each:02}") == whole for each in range(first, last + 1)):
                found.append((letter, placement_of(letter).group))
                continue
        for division in range(first, last + 1):
            code = f"{letter}{division:02}"
            if not _is_coarse(code):
                found.append((code, placement_of(code).group))
                continue
            found += [
                (f"{code}{digit}", placement_of(f"{code}{digit}").group) for digit in range(1, 10)
            ]
    return found if with_uncovered else [each for each in found if each[1] is not None]


def _begins(codes: Iterable[str]) -> str:
    return f"startswith(行业代码, {_quoted(codes)})"


def _quoted(codes: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in codes)
