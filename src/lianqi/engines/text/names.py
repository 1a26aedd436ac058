"""Names of enterprises that differ only in how they were written down."""

import re
from collections import Counter
from dataclasses import dataclass

from lianqi.engines.text.normal import compact, normalise

_BRACKETED = re.compile(r"[(\[〔【]([^()\[\]〔〕【】]*)[)\]〕】]")
_LEGAL_FORMS = (
    "特殊普通合伙",
    "个人独资企业",
    "股份有限公司",
    "有限责任公司",
    "个体工商户",
    "普通合伙",
    "有限合伙",
    "合伙企业",
    "有限公司",
    "股份公司",
    "集团公司",
    "总公司",
    "集团",
    "公司",
)
_BRANCH = re.compile(
    rf"^(.+?(?:{'|'.join(_LEGAL_FORMS)}|银行|事务所|厂)+)(.*(?:分公司|分厂|分行|分所))$"
)
_BARE_BRANCH = re.compile(r"^(.+?)((?:第[一二三四五六七八九十\d]+)?分公司)$")


@dataclass(frozen=True)
class NameCore:
    """A name taken apart; two records with equal `core` and `branch` are probably one enterprise.

    Attributes:
        core: The distinctive part, compact: no brackets, legal form, punctuation or spaces.
        regions: What stood in brackets and is no legal form, usually a place: 北京, 中国.
        legal_form: The legal form or forms in the order of the name: 集团股份有限公司.
        branch: The branch's part of the name, 福州分公司; "" for the enterprise itself.
    """

    core: str
    regions: tuple[str, ...]
    legal_form: str
    branch: str


def _split_branch(name: str) -> tuple[str, str]:
    found = _BRANCH.match(name) or _BARE_BRANCH.match(name)
    return (found[1], found[2]) if found else (name, "")


def _legal_form_at_end(name: str) -> str:
    return next((form for form in _LEGAL_FORMS if name.endswith(form)), "")


def _split_legal_form(name: str) -> tuple[str, str]:
    rest, form = name, ""
    while rest not in _LEGAL_FORMS and (suffix := _legal_form_at_end(rest)):
        rest, form = rest.removesuffix(suffix), suffix + form
    return rest, form


def name_core(name: str) -> NameCore:
    """Take a name apart into what distinguishes it and what is often written differently.

    Example:
        >>> name_core("海纳（北京）科技集团有限公司 福州分公司")
        NameCore(core='海纳科技', regions=('北京',), legal_form='集团有限公司', branch='福州分公司')
    """
    text = normalise(name)
    bracketed = [compact(inside) for inside in _BRACKETED.findall(text)]
    forms = [inside for inside in bracketed if inside in _LEGAL_FORMS]
    outside = compact(_BRACKETED.sub("", text))
    owner, branch = _split_branch(outside)
    core, form = _split_legal_form(owner)
    return NameCore(
        core=core,
        regions=tuple(inside for inside in bracketed if inside and inside not in forms),
        legal_form="".join(forms) + form,
        branch=branch,
    )


def similarity(first: str, second: str) -> float:
    """Return how alike two texts are, from 0 to 1: Dice coefficient of their character pairs.

    Repeated pairs count as often as they occur. Texts of one character have no pairs: they are
    alike (1) only when equal. Empty texts are like nothing, each other included.
    """
    one, other = compact(first), compact(second)
    if not one or not other:
        return 0.0
    pairs, other_pairs = _pairs(one), _pairs(other)
    total = pairs.total() + other_pairs.total()
    if one == other or not total:
        return float(one == other)
    return 2 * (pairs & other_pairs).total() / total


def _pairs(text: str) -> Counter[str]:
    return Counter(text[start : start + 2] for start in range(len(text) - 1))
