"""What the columns of a spreadsheet of demands mean, and how its template is headed."""

from collections.abc import Sequence

from lianqi.demands.errors import ImportColumnsMissing
from lianqi.engines.tables import header_key
from lianqi.register.columns import Column

# Field, heading of the template, other headings that mean the same.
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("external", "外部编号", ("工单编号", "编号", "external number", "number")),
    ("firm_code", "统一社会信用代码", ("信用代码", "credit code", "unified social credit code")),
    ("firm_name", "企业名称", ("单位名称", "enterprise", "enterprise name")),
    ("category", "诉求类别", ("类别", "category")),
    ("title", "标题", ("诉求标题", "title")),
    ("text", "诉求内容", ("内容", "text", "description")),
    ("contact_name", "联系人", ("contact",)),
    ("contact_phone", "联系电话", ("电话", "手机", "telephone", "contact telephone")),
    ("other_contacts", "其他联系人", ("further contacts", "other contacts")),
    ("urgency", "紧急程度", ("urgency",)),
)
OBLIGATORY = ("external", "category", "title")
LONGEST = {
    "external": 64, "firm_code": 18, "firm_name": 120, "title": 100, "text": 5000,
    "contact_name": 50, "contact_phone": 30, "other_contacts": 300,
}  # fmt: skip
TEMPLATE = tuple(heading for _field, heading, _others in COLUMNS)
_FIELDS = {
    header_key(heading): field for field, own, others in COLUMNS for heading in (own, *others)
}
HEADINGS = tuple(heading for _field, own, others in COLUMNS for heading in (own, *others))


def columns_of(header: Sequence[str]) -> list[Column]:
    """What each column means; one that is not known is left out.

    Raises:
        ImportColumnsMissing: There is no row without these.
    """
    taken: set[str] = set()
    columns = []
    for heading in header:
        field = _FIELDS.get(header_key(heading), "")
        field = "" if field in taken else field
        taken.add(field)
        columns.append(Column(heading=heading, field=field, period="", unit=""))
    headings = {field: heading for field, heading, _others in COLUMNS}
    if missing := [headings[field] for field in OBLIGATORY if field not in taken]:
        raise ImportColumnsMissing(columns="、".join(missing))
    return columns
