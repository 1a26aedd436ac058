"""How alike two texts are, and marks by which likely ones are found without comparing all.

What counts are the pairs of characters of a text, without digits and without what everybody
writes: 我司, 恳请协调解决. Marks are a sample of these pairs: the dozen with the smallest hash, in
which a pair of the title has two chances. Texts that share many pairs share a mark in all
likelihood, because the same pair has the same hash everywhere.
"""

import re
from collections.abc import Iterator
from zlib import crc32

from lianqi.engines.text.normal import normalise

RULES = 1
"""Goes up whenever the marks of a text change: marks of other rules are then written anew."""
MARKS = 12
LONG = 400
_SIGN_BIT, _WHOLE = 1 << 31, 1 << 32
_SAID_BY_ALL = re.compile(
    "我们公司|我公司|我单位|我司|我们|贵办|贵区|管委会|领导|您好|你好|尊敬的|请问|恳请|烦请|希望|请求|望予以|协调"
    "|解决|尽快|处理|谢谢|盼复|帮忙|帮助|麻烦|反映|咨询|关于|有关|相关|情况|问题|诉求|事项|如何|怎么|办理|目前|现在"
    "|已经|需要|能否|能不能|是否|予以|部门|企业|影响|正常|生产|经营|\\d+"
)
_RUN = re.compile(r"[^\W_]+")


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters that tell what a text is about."""
    return frozenset(_pairs(text))


def tellings(text: str) -> list[str]:
    """The runs of characters that are left of a text without what everybody writes."""
    return _RUN.findall(_SAID_BY_ALL.sub(" ", normalise(text)))


def _pairs(text: str) -> Iterator[str]:
    for run in tellings(text):
        for start in range(len(run) - 1):
            yield run[start : start + 2]


def marks(title: str, text: str) -> tuple[int, ...]:
    """At most `MARKS` signed numbers of four bytes, each once, the smallest hashes first."""
    of_title, of_text = pairs(title), pairs(text[:LONG])
    ranked = sorted(
        (_hash(pair) // (2 if pair in of_title else 1), _hash(pair)) for pair in of_title | of_text
    )
    return tuple(
        dict.fromkeys(
            value - _WHOLE if value >= _SIGN_BIT else value for _rank, value in ranked[:MARKS]
        )
    )


def _hash(pair: str) -> int:
    return crc32(f"{RULES}{pair}".encode())


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common pairs (Dice), from 0 to 1; texts without pairs are like nothing."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))
