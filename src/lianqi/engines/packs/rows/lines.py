"""Values in lines, as somebody types them: name: value, several values with 、 between.

营业收入[上年]: 2000万元
资质称号: 高新技术企业、科技型中小企业
知识产权: 类别：Ⅰ类，受让取得：否；类别：Ⅱ类

What cannot be said so stands between brackets, as the file has it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from lianqi.engines.packs.rows.texts import in_one_line, read

_COLON = re.compile("[:：]")
_BRACKETED = ("{", "[", '"', "'")
_FIELD = re.compile(r"([^：:，；]+)[：:]([^：:，；]+)")
# What a value can be told with; another mapping holds a value for each period.
_TOLD = frozenset({"value", "unit", "period", "source", "observed_at"})


def several(text: str) -> list[str]:
    """Texts with 、 or a comma between them."""
    return [each.strip() for each in re.split("[、，]", text) if each.strip()]


def entries(text: str) -> dict[str, str]:
    """Lines as name and value; the colon may be either."""
    found = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        name, *value = _COLON.split(line, maxsplit=1)
        if name.strip():
            found[name.strip()] = "".join(value).strip()
    return found


def facts_told(text: str) -> dict[str, Any]:
    """Facts of lines, as a file has them."""
    return {name: value_told(each) for name, each in entries(text).items()}


def facts_shown(facts: Mapping[str, Any]) -> str:
    """Facts in lines; a period stands beside the name of its fact."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, Mapping) and value and not _TOLD & set(value):
            lines += [(f"{name}[{period}]", each) for period, each in value.items()]
        else:
            lines.append((name, value))
    return "\n".join(f"{name}: {value_shown(value)}" for name, value in lines)


def value_told(text: str) -> Any:
    """One value; several are a list."""
    if text.startswith(_BRACKETED):
        try:
            return read(text)
        except (yaml.YAMLError, RecursionError):
            return text  # said to be none of its fact where the whole is checked
    parts = [[_FIELD.fullmatch(each.strip()) for each in part.split("，")] for part in _parts(text)]
    if parts and all(all(part) for part in parts):
        return [{each[1].strip(): each[2].strip() for each in part if each} for part in parts]
    found = several(text)
    return found if len(found) > 1 else text


def _parts(text: str) -> list[str]:
    return [each.strip() for each in text.split("；") if each.strip()]


def value_shown(value: Any) -> str:
    """One value as somebody would type it."""
    written = ""
    if isinstance(value, str):
        written = value
    elif value == []:
        return "无"
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        written = "、".join(value)
        value = value[0] if len(value) == 1 else value
    elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        written = "；".join(
            "，".join(f"{name}：{one}" for name, one in each.items()) for each in value
        )
    if value_told(written) == value:
        return written
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else in_one_line(value)
