"""The words of results, in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from lianqi.engines.rules.rule import Assessment, Status

# A text, or one for each language.
Said = str | Mapping[str, str]
STATUS_WORDS: Mapping[Status, Mapping[str, str]] = {
    status: {"en": status.value, "zh": chinese}
    for status, chinese in (
        (Status.MET, "符合"),
        (Status.UNMET, "不符合"),
        (Status.UNKNOWN, "待补充信息"),
        (Status.REVIEW, "需人工判断"),
        (Status.NOT_APPLICABLE, "不适用"),
    )
}
STATUSES = {word: status for status, words in STATUS_WORDS.items() for word in words.values()}
KNOWN_STATUSES = {
    "en": ", ".join(Status),
    "zh": "、".join(words["zh"] for words in STATUS_WORDS.values()),
}
STATUS = {"en": "the status", "zh": "结论"}
AMOUNT = {"en": "the amount", "zh": "金额"}
ASKED = {"en": "what is asked", "zh": "所缺信息"}
AMOUNT_ASKED = {"en": "what the amount asks", "zh": "金额所缺信息"}
PAID = {"en": "what is paid", "zh": "实付金额"}
OWED = {"en": "what is owed back", "zh": "应追回金额"}
NOTHING = {"en": "nothing", "zh": "无"}
WHAT_STANDS_HERE = {"en": "what stands here", "zh": "此处所写"}


def in_both(of: Callable[[Any, str], str], value: Any) -> dict[str, str]:
    """What something says of a value in each language."""
    return {language: of(value, language) for language in ("en", "zh")}


def named(english: str, chinese: str, key: str) -> dict[str, str]:
    """A part of a measure by what it is and its key."""
    return {"en": f"{english} {key}", "zh": f"{chinese}{key}"}


def status_and_why(found: Assessment) -> dict[str, str]:
    """A status with what it asks for and the clauses that keep it from being met."""
    word = STATUS_WORDS[found.status]
    asks = ", ".join(sorted(found.asks))
    failed = ", ".join(key for key, each in found.clauses if each is not Status.MET)
    english = [f"(asks {asks})"] * bool(asks) + [f"({failed})"] * bool(failed)
    chinese = [f"（缺{asks}）"] * bool(asks) + [f"（{failed}）"] * bool(failed)
    return {"en": " ".join((word["en"], *english)), "zh": word["zh"] + "".join(chinese)}
