"""Characters and signs that do not belong in a rule, and what to say about each."""

import re
import unicodedata

from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.lexicon import INSTEAD

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
# Letters that look like Latin ones, mixed into a Latin word of a text.
_OTHER_ALPHABETS = re.compile("[\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u13a0-\u13ff\u2c80-\u2cff]")
_LATIN = re.compile("[A-Za-z]")
_LOOKALIKES = dict(
    zip("аеорсухіјѕԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν", "aeopcyxijsdhABEZHIKMNOPTYXoav", strict=True)
)


def strange(text: str, at: int) -> RuleError:
    """What to say about a character that no word of a rule has."""
    letter = text[at]
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, code)
    if _UNSEEN.match(letter) or unicodedata.category(letter)[0] == "C":
        return _error(text, Problem.UNSEEN, at, at + 1, code=code, name=name)
    if letter in "%％‰":
        return _error(text, Problem.STRAY_PERCENT, at, at + 1, word=letter)
    alike = _LOOKALIKES.get(letter, unicodedata.normalize("NFKC", letter))
    if alike != letter:
        return _error(
            text, Problem.LOOKALIKE, at, at + 1, letter=letter, name=name, alike=alike, code=code
        )
    if unicodedata.category(letter)[0] in "LMN":
        return _error(text, Problem.FOREIGN_LETTER, at, at + 1, letter=letter, name=name, code=code)
    return _error(text, Problem.STRANGE_SIGN, at, at + 1, word=letter)


def refused(text: str, sign: str, start: int) -> RuleError:
    """What to say about a sign that means something elsewhere."""
    if sign == ".":
        return _error(text, Problem.DOT, start, start + len(sign))
    if instead := INSTEAD.get(sign):
        return _error(
            text, Problem.WRITE_INSTEAD, start, start + len(sign), word=sign, instead=instead
        )
    if sign == "**":
        return _error(text, Problem.POWER, start, start + len(sign))
    return _error(text, Problem.STRANGE_SIGN, start, start + len(sign), word=sign)


def check_quoted(text: str, value: str, start: int) -> None:
    """Whether a text in quotes holds only what can be seen and is what it seems.

    Raises:
        RuleError: It does not.
    """
    if unseen := _UNSEEN.search(value):
        raise strange(text, start + unseen.start())
    if "\\" in value:
        at = start + value.index("\\")
        raise _error(text, Problem.BACKSLASH, at, at + 1)
    if (other := _OTHER_ALPHABETS.search(value)) and _LATIN.search(value):
        raise strange(text, start + other.start())


def _error(text: str, problem: Problem, start: int, end: int, **params: object) -> RuleError:
    return RuleError.at(text, start, end, problem, **params)
