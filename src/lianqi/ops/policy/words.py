"""What the command line says of verdicts, facts and what is missing, in Chinese."""

from collections.abc import Iterable, Mapping

from lianqi.engines.packs.library import Found
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.nodes import Judged, walk
from lianqi.engines.rules.rule import Status

MARKS = {
    Status.MET: "✓",
    Status.UNMET: "✗",
    Status.UNKNOWN: "?",
    Status.REVIEW: "!",
    Status.NOT_APPLICABLE: "–",
}
WORDS = {
    Status.MET: "符合",
    Status.UNMET: "不符合",
    Status.UNKNOWN: "待补充信息",
    Status.REVIEW: "需人工判断",
    Status.NOT_APPLICABLE: "不适用",
}
_SUPPLIERS = {
    "enterprise": "企业",
    "register": "登记部门",
    "tax": "税务部门",
    "statistics": "统计部门",
    "social_insurance": "社保部门",
    "miit": "优质中小企业梯度培育平台",
    "department": "主管部门",
    "zone": "管委会",
    "grid": "供电企业",
    "bank": "银行",
    "experts": "评审专家",
}
QUESTION, _ZERO = "judged:", "zero:"
REVIEWER = "受理部门"


def questions_of(found: Iterable[Found]) -> dict[str, str]:
    """What measures put to a person, by slot."""
    rules = [each.measure.rule(each.pack.key) for each in found]
    parts = (
        part
        for rule in rules
        for part in (rule.condition, *(each.amount for each in rule.benefits), rule.cap)
        if part is not None
    )
    nodes = (node for part in parts for node in walk(part) if isinstance(node, Judged))
    return {node.slot: node.question for node in nodes}


def supplier_word(supplier: str) -> str:
    """Who can state a fact."""
    return _SUPPLIERS.get(supplier, supplier)


def asked(ask: str, catalogue: Catalogue, questions: Mapping[str, str]) -> tuple[str, str]:
    """What is asked for in words, and who can say it; "" where it is known, and zero.

    Args:
        questions: What is put to a person, by slot.
    """
    if ask.startswith(QUESTION):
        return questions.get(ask, ask), REVIEWER
    place = ask.removeprefix(_ZERO)
    head, _point, field = place.partition(".")
    key, _at, period = head.partition("@")
    spec = catalogue.find(key)
    if spec is None:
        return ask, ""
    inner = spec.fields.get(field)
    name = f"{spec.label}的{inner.label}" if inner else spec.label
    when = f"{period}年" if spec.grain == "year" else period
    if ask.startswith(_ZERO):
        return f"{name}{when}为零，比例无法计算", ""
    return f"{name}{when}", supplier_word(spec.supplier)
