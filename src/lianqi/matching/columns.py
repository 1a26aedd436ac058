"""What the columns of a department's list mean, and how its template is headed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lianqi.engines.packs.errors import Wrong
from lianqi.engines.packs.headings import Heading, HeadingError, heading_of, usual_unit
from lianqi.engines.packs.registers import IDENTIFIERS, NAMES
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.units import unit_of
from lianqi.engines.tables import header_key
from lianqi.matching.errors import ListColumnsMissing, ListHeadingWrong, ListOfAnotherPeriod
from lianqi.matching.reasons import in_one
from lianqi.register.columns import Column

TITLES = "titles"


class ListKind(StrEnum):
    """Where the register keeps what a list says."""

    STATEMENT = "statement"
    FIGURE = "figure"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is about: a fact, of a period if it is told by periods.

    Attributes:
        unit: Of bare numbers, where the heading names none; "" if nobody chose one.
        has_preset: Every enterprise of the list has the same value, so that no column has to say.
    """

    spec: FactSpec
    period: str = ""
    unit: str = ""
    has_preset: bool = False

    @property
    def kind(self) -> ListKind:
        return kind_of(self.spec)

    @property
    def heading(self) -> str:
        """How the column of the value is headed in the template."""
        if self.kind is ListKind.TITLE:
            return _HEADINGS["label"][0]
        at = f"@{self.period}" if self.period else ""
        symbol = "万元" if self.spec.unit.symbol == "元" else self.spec.unit.symbol
        unit = f"（{symbol}）" if symbol and self.spec.kind is Kind.NUMBER else ""
        return f"{self.spec.label}{at}{unit}"


def kind_of(spec: FactSpec) -> ListKind:
    if spec.key == TITLES:
        return ListKind.TITLE
    is_figure = bool(spec.grain) and spec.kind is Kind.NUMBER
    return ListKind.FIGURE if is_figure else ListKind.STATEMENT


def says_all(preset: Any) -> bool:
    """Whether a preset leaves nothing of the value to the rows."""
    return bool(preset.get("label")) if isinstance(preset, dict) else preset is not None


# Field, heading of the template, others that mean the same.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("统一社会信用代码", *IDENTIFIERS, "credit code", "unified social credit code"),
    "name": ("企业名称", *NAMES, "纳税人名称", "enterprise", "enterprise name"),
    "value": ("值", "数值", "结果", "value"),
    "since": ("起始日期", "起始日", "生效日期", "列入日期", "认定日期", "holds from"),
    "until": ("截止日期", "截止日", "失效日期", "有效期至", "有效期止", "holds until"),
    "label": ("资质称号", "称号", "资质", "认定类型", "title"),
    "level": ("级别", "认定级别", "level"),
    "batch": ("批次", "认定批次", "batch"),
    "granted_on": ("发证日期", "认定日期", "有效期起", "起始日期", "valid from"),
    "valid_until": ("有效期至", "有效期止", "截止日期", "到期日期", "valid until"),
}
_FIELDS = {
    ListKind.STATEMENT: ("code", "name", "value", "since", "until"),
    ListKind.FIGURE: ("code", "name", "value"),
    ListKind.TITLE: ("code", "name", "label", "level", "batch", "granted_on", "valid_until"),
}


def template_of(listed: Listed) -> list[str]:
    """The headings of the template."""
    return [
        listed.heading if field == "value" else _HEADINGS[field][0]
        for field in _FIELDS[listed.kind]
        if field != "value" or not listed.has_preset
    ]


def headings_of(listed: Listed) -> list[str]:
    """All headings by which the header of such a list is found."""
    known = [word for field in _FIELDS[listed.kind] for word in _HEADINGS[field]]
    return [*known, *listed.spec.names, listed.heading]


def columns_of(header: Sequence[str], listed: Listed, *, day: dt.date) -> list[Column]:
    """What each column means; one that means nothing here is left out.

    Raises:
        ListColumnsMissing: Nothing says which enterprise a row is about, or what is so of it.
        ListHeadingWrong, ListOfAnotherPeriod: The column of the fact names what the list is not.
    """
    taken: set[str] = set()
    columns = []
    for heading in header:
        column = _column(heading, listed, day=day)
        if column["field"] in taken:
            column = Column(heading=heading, field="", period="", unit="")
        taken.add(column["field"])
        columns.append(column)
    missing = list(_missing(taken, listed))
    if missing:
        raise ListColumnsMissing(columns="、".join(missing))
    return columns


def _missing(taken: set[str], listed: Listed) -> Iterator[str]:
    if not taken & {"code", "name"}:
        yield _HEADINGS["code"][0]
    wanted = "label" if listed.kind is ListKind.TITLE else "value"
    if wanted not in taken and not listed.has_preset:
        yield listed.heading


def _column(heading: str, listed: Listed, *, day: dt.date) -> Column:
    keys = {header_key(heading), header_key(heading.rpartition("/")[2])} - {""}
    if listed.kind is not ListKind.TITLE:
        found = _value_heading(heading, listed, day=day)
        if found is not None:
            symbol = found.unit.symbol if found.unit else ""
            return Column(heading=heading, field="value", period=found.period, unit=symbol)
    for field in _FIELDS[listed.kind]:
        if keys & {header_key(word) for word in _HEADINGS[field]}:
            return Column(heading=heading, field=field, period="", unit=_unit(listed))
    return Column(heading=heading, field="", period="", unit="")


def _unit(listed: Listed) -> str:
    usual = usual_unit(listed.spec)
    return usual.symbol if usual else listed.unit


def _value_heading(written: str, listed: Listed, *, day: dt.date) -> Heading | None:
    """The column of the fact itself, if this is it; its period may be left to what was chosen."""
    known = Catalogue([listed.spec])
    for text in (written, written.rpartition("/")[2]):
        try:
            found = _of_the_period(text, known, listed, day=day)
        except HeadingError as error:
            if error.problem is Wrong.HEADING_MISSPELT:
                continue
            raise ListHeadingWrong(heading=written, why=in_one(error.told)) from error
        if found is None:
            continue
        if found.period != listed.period:
            raise ListOfAnotherPeriod(heading=written, period=listed.period)
        is_bare = found.unit is None and listed.unit
        return replace(found, unit=unit_of(listed.unit)) if is_bare else found
    return None


def _of_the_period(
    written: str, known: Catalogue, listed: Listed, *, day: dt.date
) -> Heading | None:
    try:
        return heading_of(written, known, day)
    except HeadingError as error:
        if error.problem is not Wrong.HEADING_WITHOUT_PERIOD or not listed.period:
            raise
    return heading_of(f"{written}@{listed.period}", known, day)
