"""How the words of a rule look: patterns, and how words written without spaces are cut."""

import keyword
import re
from collections.abc import Callable

from lianqi.engines.rules.words import (
    KEYWORDS,
    LONGEST_KEYWORD,
    MULTIPLIERS,
    NUMERALS,
    PERIOD_WORDS,
    PLAIN_CONSTANTS,
    PLAIN_FUNCTIONS,
    QUOTES,
    RECENT_YEARS,
    SIGNS,
    SYMBOLS,
)

# The function that 若 … 则 … 否则 … becomes; nobody can type a name that begins with a stroke.
CHOICE = "_if"
LONGEST_NAME = 40

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_IN_WORD = f"0-9A-Za-z_{_HAN}"
_KEYWORD = "|".join(sorted(KEYWORDS, key=len, reverse=True))
_SYMBOL = "|".join(map(re.escape, SYMBOLS))
_PRODUCT = rf"(?:{_SYMBOL})(?:·(?:{_SYMBOL}))*"
_MANY = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_SIGN = "|".join(re.escape(each) for each in sorted(SIGNS, key=len, reverse=True))
WORDS = re.compile(
    rf"""
    (?P<space>[ \t\r\n\u3000\u00a0]+)
    |(?P<day>(?P<year>[0-9]{{4}})年(?P<month>[0-9]{{1,2}})月(?P<date>[0-9]{{1,2}})日)
    |(?P<number>[0-9０-９][0-9０-９_]*(?:\.[0-9０-９]+)?)
    |(?P<outside>not[ \t\r\n\u3000]+in(?![{_IN_WORD}]))
    |(?P<word>[A-Za-z_{_HAN}][{_IN_WORD}]*)
    |(?P<quote>[{"".join(QUOTES)}])
    |(?P<refused>\*\*|//|<<|>>|<>|=[<>]|->|:=|[=!](?![=＝])|[.&|~^@:;#$?`\\{{}}])
    |(?P<sign>{_SIGN})
    """,
    re.VERBOSE,
)
# A unit ends where no word goes on, or where a word such as 且 begins.
UNIT = re.compile(
    rf"""[ ]?(?:
        (?P<share>[%％‰])
        |(?P<many>{_MANY})?(?P<unit>(?:{_PRODUCT})?(?:/{_PRODUCT})?)
    )(?:(?![{_IN_WORD}])|(?={_KEYWORD}))""",
    re.VERBOSE,
)
PERIOD = re.compile(
    rf"""\s*(?:
        (?P<words>{"|".join(sorted(PERIOD_WORDS, key=len, reverse=True))})
        |(?P<year>[0-9]{{4}})年(?:度|(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度
            |(?P<month>[0-9]{{1,2}})月)?
    )\s*(?=[\]］】])""",
    re.VERBOSE,
)
RECENT = re.compile(
    rf"近(?P<count>[{''.join(NUMERALS)}]|[0-9]{{1,2}})(?:个)?年(?P<what>{'|'.join(RECENT_YEARS)})"
)
BEHIND = re.compile("及?以[上下内]")
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
# Plain words and signs of other languages, and what to write here.
INSTEAD = {
    "=": "==",
    "&": "and",
    "|": "or",
    "!": "not",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "is": "==",
    "elif": "else",
    "//": "floor(a / b)",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "IN": "in",
}
_ALLOWED_WORDS = {"and", "or", "not", "in", "if", "else"}
_LOUD_WORDS = {"AND", "OR", "NOT", "IN"}
FORBIDDEN_WORDS = (set(keyword.kwlist) - _ALLOWED_WORDS - {"True", "False"}) | _LOUD_WORDS


def _keyword_at(word: str, at: int) -> str:
    for length in range(min(LONGEST_KEYWORD, len(word) - at), 0, -1):
        if word[at : at + length] in KEYWORDS:
            return word[at : at + length]
    return ""


def first_of(word: str, names: Callable[[str], bool]) -> str:
    """The first part of words written without spaces: the longest name, or the keyword.

    A name counts only if a keyword or nothing follows; what is not known goes up to the next
    keyword.
    """
    leading = _keyword_at(word, 0)
    for end in range(min(len(word), LONGEST_NAME), len(leading) - 1, -1):
        if end and names(word[:end]) and (end == len(word) or _keyword_at(word, end)):
            return word[:end]
    if leading:
        return leading
    for end in range(1, len(word)):
        if _keyword_at(word, end):
            return word[:end]
    return word


def is_spellable(name: str) -> bool:
    """Whether a name can be written in a rule."""
    if name in KEYWORDS or name in PLAIN_FUNCTIONS or name in PLAIN_CONSTANTS:
        return False
    found = WORDS.match(name)
    return (
        found is not None
        and found.lastgroup == "word"
        and found.end() == len(name) <= LONGEST_NAME
        and not name.startswith("_")
        and not keyword.iskeyword(name)
        and not RECENT.match(name)
    )
