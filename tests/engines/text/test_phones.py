"""Telephone numbers in one form."""

import pytest

from lianqi.engines.text import phone_digits


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("（０５５１）６５３１ 2345", "055165312345"),
        ("86531234", "86531234"),
        ("电话不详", ""),
    ],
)
def test_a_number_has_one_form(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits
