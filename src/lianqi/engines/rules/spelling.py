"""The first reading of a rule's text: both spellings become one, and every place stays known.

The text is cut into words. Numbers with units, texts, periods and Chinese names are put aside and
a short placeholder is written instead, so that what the parser of the standard library gets holds
nothing but plain signs and ASCII names, with exactly one space between. What cannot belong to a
rule is refused here, with the place where it stands.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from lianqi.engines.rules import literals
from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.lexicon import (
    BEHIND,
    CHOICE,
    FORBIDDEN_WORDS,
    INSTEAD,
    PERIOD,
    RECENT,
    WORDS,
    first_of,
)
from lianqi.engines.rules.nodes import Const
from lianqi.engines.rules.spelled import Aside, Said, Spelled
from lianqi.engines.rules.strange import refused, strange
from lianqi.engines.rules.words import (
    KEYWORDS,
    NO_PREFIX_SIGN,
    NUMERALS,
    PLAIN_CONSTANTS,
    PLAIN_FUNCTIONS,
    PREFIX_SIGN,
    RECENT_YEARS,
    SIGNS,
)

MAX_CHARACTERS = 4_000
MAX_BRACKETS = 40
MAX_PREFIXES = 10


class Vocabulary(Protocol):
    """Whether something bears a name where the text stands."""

    def knows(self, name: str) -> bool: ...


@dataclass(slots=True)
class _Branch:
    """An "if" that waits for its other parts.

    Attributes:
        leads: Written in front, 若 … 则 … 否则 …; else behind, … 若 … 否则 ….
        stage: What was read last: "if", "then", "else".
    """

    start: int
    end: int
    leads: bool
    stage: str = "if"


@dataclass(slots=True)
class _Bracket:
    sign: str
    start: int
    branches: list[_Branch] = field(default_factory=list)


def spell(text: str, vocabulary: Vocabulary) -> Spelled:
    """The text made plain.

    Raises:
        RuleError: A sign, word, number or letter cannot belong to a rule, or an operand, operator
            or bracket is missing.
    """
    return _Speller(text, vocabulary).spelled()


class _Speller:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.at = 0
        self.out = Spelled(text)
        self.words: list[str] = []
        self.length = 0  # of what was written so far
        self.brackets = [_Bracket("", 0)]
        self.after_operand = False
        self.prefixes = 0  # in a row
        self.last = (0, 0)  # where the last word stands in the original
        # Of 近两年…: count and place, to go into the brackets.
        self.years: tuple[int, int, int] | None = None
        self.opens_prefix = -1  # where 以 waits for 开头

    def refuse(self, problem: Problem, start: int, end: int, **params: object) -> RuleError:
        return RuleError.at(self.text, start, end, problem, **params)

    def spelled(self) -> Spelled:
        text = self.text
        if len(text) > MAX_CHARACTERS:
            raise self.refuse(Problem.TOO_LONG, MAX_CHARACTERS, len(text), limit=MAX_CHARACTERS)
        while self.at < len(text):
            found = WORDS.match(text, self.at)
            if found is None:
                raise strange(text, self.at)
            start, self.at = self.at, found.end()
            if found.lastgroup != "space":
                self._read(found, start)
        return self._finished()

    def _read(self, found: re.Match[str], start: int) -> None:
        match found.lastgroup:
            case "word":
                self._word(found[0], start)
            case "number":
                self._number(found[0], start)
            case "sign":
                self._sign(SIGNS[found[0]], start)
            case "quote":
                self._quoted(found[0], start)
            case "outside":
                self._between("not in", start)
            case "refused":
                raise refused(self.text, found[0], start)
            case _:  # a day, whose last group is its date
                self._day(found, start)

    def _finished(self) -> Spelled:
        end = len(self.text)
        if self.opens_prefix >= 0:
            raise self.refuse(Problem.NO_BEGINNING, self.opens_prefix, self.opens_prefix + 1)
        if not self.words:
            raise self.refuse(Problem.EMPTY, 0, end)
        if len(self.brackets) > 1:
            open_one = self.brackets[-1]
            raise self.refuse(Problem.NOT_CLOSED, open_one.start, open_one.start + 1)
        if not self.after_operand:
            raise self.refuse(Problem.ENDS_EARLY, *self.last, word=self._last_word())
        self._end_branches()
        self.out.plain = " ".join(self.words)
        return self.out

    # --- writing -------------------------------------------------------------------------------

    def _write(self, word: str, start: int, end: int) -> None:
        self.out.starts[self.length] = start
        self.words.append(word)
        self.length += len(word)
        self.out.ends[self.length] = end
        self.length += 1
        self.last = (start, end)

    def _last_word(self) -> str:
        return self.text[slice(*self.last)]

    def _operand(self, word: str, start: int, end: int) -> None:
        if self.after_operand:
            raise self.refuse(
                Problem.NO_OPERATOR, start, end, before=self._last_word(), word=self.text[start:end]
            )
        self._write(word, start, end)
        self.after_operand, self.prefixes = True, 0

    def _put_aside(self, value: Aside, start: int, end: int) -> None:
        placeholder = f"_{len(self.out.aside)}"
        self._operand(placeholder, start, end)
        self.out.aside[placeholder] = value

    def _between(self, sign: str, start: int) -> None:
        """A word that stands between two operands."""
        if not self.after_operand:
            raise self.refuse(Problem.NO_OPERAND, start, self.at, word=self.text[start : self.at])
        self._write(sign, start, self.at)
        self.after_operand = False

    def _before(self, sign: str, start: int) -> None:
        """A word that stands before its operand."""
        if self.after_operand:
            raise self.refuse(
                Problem.NO_OPERATOR,
                start,
                self.at,
                before=self._last_word(),
                word=self.text[start : self.at],
            )
        self.prefixes += 1
        if self.prefixes > MAX_PREFIXES:
            raise self.refuse(Problem.TOO_DEEP, start, self.at)
        self._write(sign, start, self.at)

    # --- words ---------------------------------------------------------------------------------

    def _word(self, word: str, start: int) -> None:
        if word.isascii():
            self._plain_word(word, start)
            return
        if recent := RECENT.match(word):
            self._recent_years(recent, start)
            return
        if self.after_operand and (behind := BEHIND.match(word)):
            sign = "≥" if "上" in behind[0] else "≤"
            end = start + behind.end()
            raise self.refuse(Problem.BEHIND, start, end, word=behind[0], instead=sign)
        piece = word if self._names(word) and word not in KEYWORDS else first_of(word, self._names)
        self.at = end = start + len(piece)
        if self._is_call(piece):
            self._write(PLAIN_FUNCTIONS[piece], start, end)
            self.after_operand = True
        elif piece in KEYWORDS and not self.vocabulary.knows(piece):
            self._keyword(piece, start)
        elif piece in PLAIN_CONSTANTS and not self.vocabulary.knows(piece):
            self._operand(PLAIN_CONSTANTS[piece], start, end)
        elif piece in PLAIN_FUNCTIONS and not self.vocabulary.knows(piece):
            self._operand(PLAIN_FUNCTIONS[piece], start, end)
        else:
            self._put_aside(Said(piece), start, end)

    def _names(self, piece: str) -> bool:
        return piece in PLAIN_FUNCTIONS or piece in PLAIN_CONSTANTS or self.vocabulary.knows(piece)

    def _is_call(self, piece: str) -> bool:
        """含(…) where an operand is awaited; behind one it stands between two."""
        if self.after_operand or piece not in PLAIN_FUNCTIONS:
            return False
        following = self.text[self.at :].lstrip()
        return following[:1] in ("(", "（") and not self.vocabulary.knows(piece)

    def _plain_word(self, word: str, start: int) -> None:
        end = self.at
        if word.startswith("_"):
            raise self.refuse(Problem.UNDERSCORE, start, end, word=word)
        if word in FORBIDDEN_WORDS:
            instead = INSTEAD.get(word)
            problem = Problem.WRITE_INSTEAD if instead else Problem.FORBIDDEN_WORD
            raise self.refuse(problem, start, end, word=word, instead=instead or "")
        match word:
            case "and" | "or" | "in":
                self._between(word, start)
            case "not":
                self._before(word, start)
            case "if":
                self._branch("if", start, leads=False)
            case "else":
                self._branch("else", start, leads=False)
            case _:
                self._operand(PLAIN_CONSTANTS.get(word, word), start, end)

    def _keyword(self, piece: str, start: int) -> None:
        sign = KEYWORDS[piece]
        if sign in ("if", "then", "else"):
            self._branch(sign, start, leads=not self.after_operand)
        elif piece == "不是" and self.after_operand:
            self._between("!=", start)
        elif sign == "not":
            self._before(sign, start)
        elif piece == "开头":
            if self.opens_prefix < 0:
                raise self.refuse(Problem.NO_OPERAND, start, self.at, word=piece)
            self.opens_prefix = -1
            self.out.ends[self.length - 1] = self.at
        elif sign in (">=", ">", "<=", "<"):
            self._compare(sign, start)
        else:
            if sign in (PREFIX_SIGN, NO_PREFIX_SIGN):
                self.opens_prefix = start
            self._between(sign, start)

    def _recent_years(self, recent: re.Match[str], start: int) -> None:
        count = recent["count"]
        self.at = start + recent.end()
        self._operand(RECENT_YEARS[recent["what"]], start, self.at)
        if self.text[self.at :].lstrip()[:1] not in ("(", "（"):
            raise self.refuse(Problem.NEEDS_BRACKETS, start, self.at, word=recent[0])
        self.years = (NUMERALS.get(count) or int(count), start, self.at)

    # --- branches ------------------------------------------------------------------------------

    def _branch(self, stage: str, start: int, *, leads: bool) -> None:
        branches = self.brackets[-1].branches
        word = self.text[start : self.at]
        if stage == "if":
            if leads:
                self._open_branch(start)
            elif not self.after_operand:
                raise self.refuse(Problem.IF_IN_FRONT, start, self.at, word=word)
            else:
                self._between("if", start)
                branches.append(_Branch(start, self.at, leads=False))
            return
        while branches and branches[-1].stage == "else":
            self._close_branch()
        if not branches or (stage == "then") != (branches[-1].stage == "if" and branches[-1].leads):
            raise self.refuse(Problem.STRAY_BRANCH, start, self.at, word=word)
        if branches[-1].leads:
            branches[-1].stage = stage
            self._between(",", start)
        else:
            branches.pop()
            self._between("else", start)

    def _open_branch(self, start: int) -> None:
        self._before(CHOICE, start)
        self._write("(", start, self.at)
        branches = self.brackets[-1].branches
        branches.append(_Branch(start, self.at, leads=True))
        if sum(len(each.branches) for each in self.brackets) > MAX_BRACKETS:
            raise self.refuse(Problem.TOO_DEEP, start, self.at)

    def _close_branch(self) -> None:
        self.brackets[-1].branches.pop()
        end = self.last[1]
        self._write(")", end, end)
        self.last = (end, end)

    def _end_branches(self) -> None:
        """At a comma, a closing bracket and the end every branch has to be whole."""
        branches = self.brackets[-1].branches
        while branches:
            if branches[-1].stage != "else":
                raise self.refuse(Problem.NO_ELSE, branches[-1].start, branches[-1].end)
            self._close_branch()

    # --- signs ---------------------------------------------------------------------------------

    def _sign(self, sign: str, start: int) -> None:
        match sign:
            case "(" | "[":
                self._open(sign, start)
            case ")" | "]":
                self._close(sign, start)
            case ",":
                self._comma(start)
            case "-" if not self.after_operand:
                self._before(sign, start)
            case ">" | ">=" | "<" | "<=":
                self._compare(sign, start)
            case _:
                self._between(sign, start)

    def _compare(self, sign: str, start: int) -> None:
        """A comparison; as the first word in brackets it stands for a bound of a table."""
        if not self.after_operand and self.words and self.words[-1] == "(":
            self.out.signs[self.length] = sign
            self._before("not", start)
        else:
            self._between(sign, start)

    def _open(self, sign: str, start: int) -> None:
        if len(self.brackets) > MAX_BRACKETS:
            raise self.refuse(Problem.TOO_DEEP, start, self.at)
        subscript = sign == "[" and self.after_operand
        if sign == "(" and self.after_operand and not self._ends_in_name():
            raise self.refuse(
                Problem.NO_OPERATOR, start, self.at, before=self._last_word(), word=self.text[start]
            )
        self.brackets.append(_Bracket(sign, start))
        self._write(sign, start, self.at)
        self.after_operand = False
        if self.years is not None:
            count, *place = self.years
            self.years = None
            self._put_aside(Const(Fraction(count), bare=True), *place)
            self._write(",", start, self.at)
            self.after_operand = False
        elif subscript and (period := PERIOD.match(self.text, self.at)):
            self._period(period)

    def _ends_in_name(self) -> bool:
        word = self.words[-1]
        if word.startswith("_"):
            return isinstance(self.out.aside[word], Said)
        return word[-1] not in ")]"

    def _close(self, sign: str, start: int) -> None:
        bracket = self.brackets[-1]
        if bracket.sign != {")": "(", "]": "["}[sign]:
            raise self.refuse(Problem.STRAY_BRACKET, start, self.at, word=self.text[start])
        after_comma = self.words[-1] == "," and self.last[0] > bracket.start
        if not self.after_operand and not after_comma and self.words[-1] != bracket.sign:
            raise self.refuse(Problem.ENDS_EARLY, *self.last, word=self._last_word())
        self._end_branches()
        self.brackets.pop()
        self._write(sign, start, self.at)
        self.after_operand, self.prefixes = True, 0

    def _comma(self, start: int) -> None:
        branches = self.brackets[-1].branches
        following = self.text[self.at :].lstrip()
        if branches and following.startswith(("则", "那么", "否则")):
            return  # 若 … ，则 … ，否则 …
        if len(self.brackets) == 1:
            raise self.refuse(Problem.STRAY_COMMA, start, self.at, word=self.text[start])
        if not self.after_operand:
            raise self.refuse(Problem.NO_OPERAND, start, self.at, word=self.text[start])
        self._end_branches()
        self._between(",", start)

    # --- values --------------------------------------------------------------------------------

    def _number(self, digits: str, start: int) -> None:
        value, self.at = literals.number(self.text, digits, start)
        self._put_aside(value, start, self.at)

    def _day(self, found: re.Match[str], start: int) -> None:
        self._put_aside(literals.day(self.text, found), start, self.at)

    def _period(self, found: re.Match[str]) -> None:
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        self.at = found.end()
        self._put_aside(literals.period(found), start, start + len(found[0].strip()))

    def _quoted(self, opening: str, start: int) -> None:
        value, self.at = literals.quoted(self.text, opening, start)
        self._put_aside(value, start, self.at)
