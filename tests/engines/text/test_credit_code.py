import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import (
    CodeProblem,
    CreditCodeError,
    check_credit_code,
    make_credit_code,
)
from lianqi.engines.text.credit_code import ALPHABET

VALID = [
    "91110000600037341L",
    "91000000MA00000157",
    "91000000MA00000232",
    "91000000AB12CD34X1",
]
organisations = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


@pytest.mark.parametrize("text", VALID)
def test_valid_codes(text: str) -> None:
    assert check_credit_code(text).value == text


def test_parts_of_a_code() -> None:
    code = check_credit_code("91110000600037341L")

    assert (code.registrar, code.kind, code.region, code.organisation) == (
        "9",
        "1",
        "110000",
        "600037341",
    )
    assert str(code) == "91110000600037341L"


@pytest.mark.parametrize(
    "text",
    [
        "９１１１００００６０００３７３４１Ｌ",
        " 91110000 600037341l",
        "9111-0000-6000-3734-1L\u200b",
    ],
)
def test_typing_habits_are_put_right_first(text: str) -> None:
    assert check_credit_code(text).value == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "problem", "position", "found", "expected"),
    [
        ("", CodeProblem.LENGTH, None, "0", "18"),
        ("91110000600037341", CodeProblem.LENGTH, None, "17", "18"),
        ("91110000600037341L1", CodeProblem.LENGTH, None, "19", "18"),
        ("350100100012345", CodeProblem.OLD_REGISTRATION_NUMBER, None, "15", "18"),
        ("91000000MAOOOOO157", CodeProblem.CHARACTER, 11, "O", "0"),
        ("911I0000600037341L", CodeProblem.CHARACTER, 4, "I", "1"),
        ("91A10000600037341L", CodeProblem.CHARACTER, 3, "A", "0123456789"),
        ("91110000V00037341L", CodeProblem.CHARACTER, 9, "V", ALPHABET),
        ("911100006000373福1L", CodeProblem.CHARACTER, 16, "福", ALPHABET),
        ("91110000600037342L", CodeProblem.INNER_CHECK, 17, "2", "1"),
        ("91110000600037351L", CodeProblem.INNER_CHECK, 17, "1", "X"),
        ("91110000600037341M", CodeProblem.OUTER_CHECK, 18, "M", "L"),
        ("91110001600037341L", CodeProblem.OUTER_CHECK, 18, "L", "3"),
    ],
)
def test_wrong_codes_say_what_is_wrong_where(
    text: str, problem: object, position: int | None, found: str, expected: object
) -> None:
    with pytest.raises(CreditCodeError) as caught:
        check_credit_code(text)

    error = caught.value
    assert (error.problem, error.position, error.found, error.expected) == (
        problem,
        position,
        found,
        expected,
    )


@pytest.mark.parametrize("text", VALID)
@pytest.mark.parametrize("position", range(18))
def test_any_one_character_changed_is_noticed(text: str, position: int) -> None:
    for other in set(ALPHABET) - {text[position]}:
        with pytest.raises(CreditCodeError):
            check_credit_code(text[:position] + other + text[position + 1 :])


@given(organisations, st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_made_codes_are_valid(organisation: str, region: str) -> None:
    code = check_credit_code(make_credit_code(organisation, region))

    assert code.region == region
    assert code.organisation[:8] == organisation


@pytest.mark.parametrize("text", VALID[1:])
def test_made_codes_equal_the_published_vectors(text: str) -> None:
    assert make_credit_code(text[8:16]) == text


@pytest.mark.parametrize(
    ("organisation", "region", "prefix"),
    [
        ("1234567", "000000", "91"),
        ("12345678", "00000", "91"),
        ("12345678", "000000", "9"),
        ("1234567O", "000000", "91"),
        ("12345678", "00000A", "91"),
    ],
)
def test_parts_of_the_wrong_shape_make_no_code(organisation: str, region: str, prefix: str) -> None:
    with pytest.raises(ValueError, match=r"characters|alphabet|digits"):
        make_credit_code(organisation, region, prefix)
