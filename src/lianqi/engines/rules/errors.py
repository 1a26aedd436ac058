"""Why a text is not a rule: the place, what is wrong, what to write instead; in two languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lianqi.engines.wording import fill


class Problem(StrEnum):
    """Stable codes of all that can be wrong; the sentences stand in data/problems.toml."""

    # Of the text itself.
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    UNSEEN = "unseen"
    LOOKALIKE = "lookalike"
    FOREIGN_LETTER = "foreign_letter"
    STRANGE_SIGN = "strange_sign"
    STRAY_PERCENT = "stray_percent"
    DOT = "dot"
    POWER = "power"
    BACKSLASH = "backslash"
    UNDERSCORE = "underscore"
    FORBIDDEN_WORD = "forbidden_word"
    WRITE_INSTEAD = "write_instead"
    BEHIND = "behind"
    # Of its order.
    NO_OPERATOR = "no_operator"
    NO_OPERAND = "no_operand"
    ENDS_EARLY = "ends_early"
    NOT_CLOSED = "not_closed"
    STRAY_BRACKET = "stray_bracket"
    STRAY_COMMA = "stray_comma"
    NEEDS_BRACKETS = "needs_brackets"
    IF_IN_FRONT = "if_in_front"
    STRAY_BRANCH = "stray_branch"
    NO_ELSE = "no_else"
    NO_BEGINNING = "no_beginning"
    STRAY_BOUND = "stray_bound"
    STRAY_LIST = "stray_list"
    # Of values that stand in it.
    NUMBER_TOO_LARGE = "number_too_large"
    LEADING_ZERO = "leading_zero"
    GLUED = "glued"
    UNKNOWN_UNIT = "unknown_unit"
    NO_SUCH_DAY = "no_such_day"
    DAY_NOT_WRITTEN = "day_not_written"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    EMPTY_TEXT = "empty_text"
    LONE_TEXT = "lone_text"
    # Of names.
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_FUNCTION = "unknown_function"
    NOT_A_FUNCTION = "not_a_function"
    TAKEN_NAME = "taken_name"
    UNKNOWN_VALUE = "unknown_value"
    NOT_A_CODE = "not_a_code"
    CLOSED_LIST = "closed_list"
    # Of periods.
    NO_PERIODS = "no_periods"
    NOT_A_PERIOD = "not_a_period"
    FUTURE_PERIOD = "future_period"
    OTHER_GRAIN = "other_grain"
    NOTHING_BY_YEAR = "nothing_by_year"
    # Of kinds.
    NOT_A_CONDITION = "not_a_condition"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_A_TEXT = "not_a_text"
    NOT_A_SET = "not_a_set"
    NOT_A_LIST = "not_a_list"
    NOT_WRITTEN_OUT = "not_written_out"
    WRONG_KIND = "wrong_kind"
    KINDS_DIFFER = "kinds_differ"
    CONDITION_COMPARED = "condition_compared"
    SET_COMPARED = "set_compared"
    LIST_COMPARED = "list_compared"
    TEXT_ORDERED = "text_ordered"
    TEXTS_COMPARED = "texts_compared"
    NUMBER_AS_TEXT = "number_as_text"
    DAY_AS_TEXT = "day_as_text"
    NUMBER_IN_LIST = "number_in_list"
    DAYS_ADDED = "days_added"
    CHOICE_OF_CONDITIONS = "choice_of_conditions"
    EMPTY_LIST = "empty_list"
    LIST_TOO_LONG = "list_too_long"
    # Of units.
    UNITS_DIFFER = "units_differ"
    BARE_MONEY = "bare_money"
    SHARE_AGAINST_NUMBER = "share_against_number"
    SHARE_AGAINST_MONEY = "share_against_money"
    WRONG_UNIT = "wrong_unit"
    NOT_A_PLAIN_NUMBER = "not_a_plain_number"
    OVER_ZERO = "over_zero"
    # Of functions.
    WRONG_COUNT = "wrong_count"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_RISING = "not_rising"
    NOT_A_STEP = "not_a_step"
    NEGATIVE_RATE = "negative_rate"
    UNCLEAR_QUESTION = "unclear_question"
    NOT_ALLOWED = "not_allowed"
    # Advice on a rule that is right.
    RATIO_AS_PRODUCT = "ratio_as_product"
    SHORT_CODE = "short_code"
    # Of a row of a table.
    ROW_NEEDS = "row_needs"
    UNKNOWN_WORD = "unknown_word"
    NOT_THIS_WORD = "not_this_word"
    NOT_ONE_FACT = "not_one_fact"
    # Of an entry of the catalogue of facts.
    FACT_TWICE = "fact_twice"
    FACT_NAME_TWICE = "fact_name_twice"
    STRANGE_IN_FACT = "strange_in_fact"
    FACT_INCOMPLETE = "fact_incomplete"
    UNIT_OF_FACT = "unit_of_fact"
    GRAIN_OF_FACT = "grain_of_fact"
    ADVICE_OF_FACT = "advice_of_fact"
    KIND_OF_FACT = "kind_of_fact"
    NUMBER_OF_FACT = "number_of_fact"


@dataclass(frozen=True)
class Told:
    """A sentence about what is wrong and one about what to write instead (or "")."""

    message: str
    advice: str


@dataclass(frozen=True)
class Place:
    """A stretch of a text; lines and columns are counted from 1, in characters.

    Attributes:
        start, end: Counted from 0; the end is the first character that does not belong to it.
        end_column: In the line of the end, one past the last character.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


def place_in(text: str, start: int, end: int) -> Place:
    line, column = _line_and_column(text, start)
    end_line, end_column = _line_and_column(text, end)
    return Place(start, end, line, column, end_line, end_column)


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def told(problem: Problem, params: Mapping[str, object], language: str = "en") -> Told:
    """The sentences about a problem.

    Args:
        problem: What is wrong.
        params: The names its sentences ask for; a value with several readings is a mapping of
            language to text.
        language: "en" or "zh".
    """
    return worded(_sentences()[problem], params, language)


def worded(wording: Mapping[str, str], params: Mapping[str, object], language: str) -> Told:
    """The sentences of one entry of a table, with their places filled."""
    values = {
        name: value.get(language, "") if isinstance(value, Mapping) else value
        for name, value in params.items()
    }
    message, advice = wording[language], wording.get(f"{language}_advice", "")
    return Told(fill(message, values), fill(advice, values).strip())


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    text = files("lianqi.engines.rules").joinpath("data/problems.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Hint:
    """Something that is right and might still not be what was meant."""

    problem: Problem
    place: Place
    params: Mapping[str, object]

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)


class RuleError(ValueError):
    """A text is not a rule.

    Attributes:
        problem, params: What is wrong, for programs.
        message, advice: The same in English; `told("zh")` in Chinese.
        place: Where; of the text as it was typed.
        part: Of a table row: the cell.
    """

    def __init__(
        self, problem: Problem, place: Place, params: Mapping[str, object], part: str = ""
    ) -> None:
        self.problem, self.place, self.params, self.part = problem, place, params, part
        english = self.told()
        self.message, self.advice = english.message, english.advice
        super().__init__(f"{self.line}:{self.column}: {self.message} {self.advice}".strip())

    @classmethod
    def at(cls, text: str, start: int, end: int, problem: Problem, **params: object) -> "RuleError":
        return cls(problem, place_in(text, start, max(start, end)), params)

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    @property
    def end_column(self) -> int:
        return self.place.end_column

    def told(self, language: str = "en") -> Told:
        """The sentences in a language, "en" or "zh"."""
        return told(self.problem, self.params, language)
