"""What is wrong with a file, and where: everything at once, in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lianqi.engines.rules.catalogue import CatalogueError
from lianqi.engines.rules.errors import Problem, RuleError, Told, worded
from lianqi.engines.rules.errors import told as told_of_a_rule


class Wrong(StrEnum):
    """Stable codes of all that can be wrong; the sentences stand in data/problems.toml."""

    # Of the file.
    FILE_TOO_LONG = "file_too_long"
    FILE_TOO_DEEP = "file_too_deep"
    NOT_YAML = "not_yaml"
    FILE_EMPTY = "file_empty"
    ANCHOR = "anchor"
    TEXT_EXPECTED = "text_expected"
    ENTRIES_EXPECTED = "entries_expected"
    NAME_TWICE = "name_twice"
    UNKNOWN_FIELD = "unknown_field"
    MISSPELT_FIELD = "misspelt_field"
    FIELD_MISSING = "field_missing"
    NOT_A_DAY = "not_a_day"
    NOT_A_FLAG = "not_a_flag"
    NOT_A_COUNT = "not_a_count"
    UNKNOWN_CHOICE = "unknown_choice"
    # Of the document.
    NOT_A_PUBLICATION_DAY = "not_a_publication_day"
    NOT_A_FACT_ENTRY = "not_a_fact_entry"
    UNSPELLABLE_LABEL = "unspellable_label"
    VALUES_OUT_OF_ORDER = "values_out_of_order"
    VALUES_OF_DIFFERENT_UNITS = "values_of_different_units"
    PARAMETER_ALREADY = "parameter_already"
    ENDS_TOO_EARLY = "ends_too_early"
    NOT_A_KEY = "not_a_key"
    MEASURE_TWICE = "measure_twice"
    UNKNOWN_MEASURE = "unknown_measure"
    # Of a measure.
    EMPTY_MEASURE = "empty_measure"
    KEY_TWICE = "key_twice"
    CLAUSE_ASKS_NOTHING = "clause_asks_nothing"
    BENEFIT_GIVES_NOTHING = "benefit_gives_nothing"
    ROUNDING_WITHOUT_MONEY = "rounding_without_money"
    EXPRESSION_MISSING = "expression_missing"
    NUMBER_EXPECTED = "number_expected"
    UNKNOWN_FACT = "unknown_fact"
    LEVELS_NOT_RISING = "levels_not_rising"
    UNKNOWN_BENEFIT = "unknown_benefit"
    ALONE_AMONG_ALTERNATIVES = "alone_among_alternatives"
    # Of values.
    NOT_A_QUANTITY = "not_a_quantity"
    NOT_A_UNIT = "not_a_unit"
    UNIT_MISSING = "unit_missing"
    OTHER_UNIT = "other_unit"
    OUT_OF_RANGE = "out_of_range"
    TOO_MANY_DIGITS = "too_many_digits"
    NO_PERIOD = "no_period"
    PERIOD_TO_COME = "period_to_come"
    OTHER_PERIOD = "other_period"
    NOT_AN_INDUSTRY = "not_an_industry"
    UNLISTED_INDUSTRY = "unlisted_industry"
    INDUSTRY_OF_OTHER_SECTION = "industry_of_other_section"
    YES_OR_NO = "yes_or_no"
    NOT_ONE_VALUE = "not_one_value"
    NOT_IN_VOCABULARY = "not_in_vocabulary"
    # Of stated facts.
    FACT_NOT_KNOWN = "fact_not_known"
    FACT_MISSPELT = "fact_misspelt"
    WHICH_PERIOD = "which_period"
    WHICH_YEAR = "which_year"
    STATED_TWICE = "stated_twice"
    UNKNOWN_ENTRY_FIELD = "unknown_entry_field"
    # Of cells of a register.
    FORMULA_IN_CELL = "formula_in_cell"
    FAULT_IN_CELL = "fault_in_cell"
    CELL_WITHOUT_NUMBER = "cell_without_number"
    CELL_WITHOUT_UNIT = "cell_without_unit"
    NOT_IN_AN_ENTRY = "not_in_an_entry"
    NUMBER_TOO_GREAT = "number_too_great"
    CELL_WITHOUT_HEADING = "cell_without_heading"
    ROW_WITHOUT_APPLICANT = "row_without_applicant"
    APPLICANT_TWICE = "applicant_twice"
    # Of headings of a register.
    HEADING_MISSPELT = "heading_misspelt"
    HEADING_WITHOUT_PERIOD = "heading_without_period"
    NEITHER_PERIOD_NOR_UNIT = "neither_period_nor_unit"
    UNIT_OF_NO_NUMBER = "unit_of_no_number"
    HEADING_OF_OTHER_UNIT = "heading_of_other_unit"
    HEADING_TWICE = "heading_twice"
    NO_SUCH_COLUMN = "no_such_column"
    NO_APPLICANT_COLUMN = "no_applicant_column"
    WORD_IN_COLUMN = "word_in_column"
    # Of cases.
    NO_CASES = "no_cases"
    CASE_TWICE = "case_twice"
    NO_CASE_ABOVE = "no_case_above"
    CASE_INCOMPLETE = "case_incomplete"
    NO_MEASURE_OF_CASE = "no_measure_of_case"
    NOT_IN_FORCE = "not_in_force"
    DIFFERS = "differs"
    NOT_A_STATUS = "not_a_status"
    NO_CLAUSE_TO_COMPARE = "no_clause_to_compare"
    NO_BENEFIT_TO_COMPARE = "no_benefit_to_compare"
    NO_INSTALMENT_TO_COMPARE = "no_instalment_to_compare"
    NOBODY_CALLED = "nobody_called"
    NOT_MONEY = "not_money"
    # Of packs together.
    VERSION_TWICE = "version_twice"
    VERSIONS_OVERLAP = "versions_overlap"


def told(problem: Wrong | Problem, params: Mapping[str, object], language: str = "en") -> Told:
    """The sentences about a problem of a pack, or of an expression in it.

    Args:
        params: A value with several readings is a mapping of language to text.
        language: "en" or "zh".
    """
    if isinstance(problem, Problem):
        return told_of_a_rule(problem, params, language)
    return worded(_sentences()[problem], params, language)


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    text = files("lianqi.engines.packs").joinpath("data/problems.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, order=True)
class PackError:
    """One thing that is wrong.

    Attributes:
        line, column: Where it stands, both from 1.
        problem, params: What is wrong, for programs.
        message: The same in English; `told("zh")` in Chinese.
        advice: What to write instead, in English; "" where there is nothing to say.
    """

    file: str
    line: int
    column: int
    problem: Wrong | Problem = field(compare=False)
    params: Mapping[str, object] = field(default_factory=dict, compare=False)
    message: str = field(init=False)
    advice: str = field(init=False)

    def __post_init__(self) -> None:
        english = self.told()
        object.__setattr__(self, "message", english.message)
        object.__setattr__(self, "advice", english.advice)

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)

    def __str__(self) -> str:
        return self.line_in("en")

    def line_in(self, language: str) -> str:
        """Place, sentence and advice in one line, for a terminal."""
        said = self.told(language)
        place = f"{self.file}:{self.line}:{self.column}: {said.message}"
        if not said.advice:
            return place
        return f"{place}{said.advice}" if language == "zh" else f"{place} ({said.advice})"


class PackErrors(ValueError):
    """A file that cannot be used.

    Attributes:
        errors: By line and column, at least one.
    """

    def __init__(self, errors: tuple[PackError, ...]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


class NotAValueError(ValueError):
    """Something that was written is no value of its fact.

    Attributes:
        problem, params: What is wrong.
        advice: What to write instead, in English.
    """

    def __init__(self, problem: Wrong, **params: object) -> None:
        self.problem, self.params = problem, params
        english = told(problem, params)
        super().__init__(english.message)
        self.advice = english.advice

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)


# What says itself what is wrong with it.
Telling = NotAValueError | RuleError | CatalogueError
