"""A generated register of enterprises as an Arrow table: 28 facts, eight of a hundred not known.

Figures hang together by a hidden size and a hidden level of innovation; one enterprise in a hundred
had no sales, and one in two hundred spends exactly five per cent on research.
"""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

AS_OF = dt.date(2025, 6, 30)
SEED = 20250630
_DISTRICTS = [f"3301{code:02}" for code in (2, 5, 6, 8, 9, 10, 11, 12, 13, 14, 22, 27, 82)]
_REGIONS = [*_DISTRICTS, *(f"330{code}01" for code in range(2, 9))]
_PARKS = ["outside", *(f"PK{number:02}" for number in range(1, 41))]
_CERTIFICATES = {
    "iso9001": 0.4, "iso14001": 0.25, "iso45001": 0.2, "iso27001": 0.08, "gbt29490": 0.08,
    "cmmi3": 0.05, "cmmi5": 0.02, "green_factory": 0.02, "smart_factory": 0.02, "first_set": 0.01,
    "design_center": 0.03, "aaa": 0.1,
}  # fmt: skip
_LISTS = {
    "unicorn": 0.001, "gazelle": 0.01, "key_project": 0.02, "export_list": 0.03, "dishonest": 0.005,
    "chain_leader": 0.01, "incubated": 0.04, "pilot": 0.02,
}  # fmt: skip
# Letter of the trade, its first and last division, and how many codes each has.
_TRADES = (
    ("A", 1, 5, 3), ("B", 6, 12, 2), ("C", 13, 43, 6), ("D", 44, 46, 3), ("E", 47, 50, 3),
    ("F", 51, 52, 9), ("G", 53, 60, 4), ("H", 61, 62, 4), ("I", 63, 65, 12), ("J", 66, 69, 4),
    ("K", 70, 70, 5), ("L", 71, 72, 8), ("M", 73, 75, 10), ("N", 76, 79, 3), ("O", 80, 82, 3),
    ("P", 83, 83, 5), ("Q", 84, 85, 3), ("R", 86, 90, 3),
)  # fmt: skip
# How many in a hundred are not known.
_UNKNOWN = {
    "industry": 3, "region": 1, "park": 10, "ent_type": 2, "listing": 6, "srdi": 8, "credit": 7,
    "founded": 2, "hightech_until": 15, "above_scale_since": 15, "is_hightech": 6, "violation": 8,
    "above_scale": 5, "revenue": 10, "revenue_prev": 12, "rd_expense": 13, "fixed_inv": 12,
    "tax_paid": 8, "export_value": 10, "loan_interest": 13, "energy": 15, "employees": 6,
    "employees_prev": 8, "rd_staff": 9, "new_grads": 8, "inv_patents": 5, "certs": 6, "lists": 2,
}  # fmt: skip


def register(size: int, *, first: int = 0) -> pa.Table:
    """So many enterprises.

    Args:
        first: The number of the first; registers with other numbers are other enterprises.
    """
    chance = np.random.default_rng([SEED, first])
    facts = _facts(chance, size)
    columns: dict[str, Any] = {"applicant": pa.array(np.arange(first, first + size))}
    for name, share in _UNKNOWN.items():
        columns[name] = facts[name](chance.random(size) < share / 100)
    return pa.table(columns)


def _facts(chance: np.random.Generator, size: int) -> dict[str, Any]:
    """A function a fact that makes its column, given which rows are not known."""
    scale, level = chance.normal(0, 1, size), chance.normal(0, 1, size)
    today = (AS_OF - dt.date(1970, 1, 1)).days
    revenue = np.round(np.exp(16.2 + 1.7 * scale + 0.3 * chance.normal(0, 1, size)))
    revenue[chance.random(size) < 0.01] = 0
    before = np.round(revenue * np.exp(chance.normal(-0.08, 0.25, size)))
    spent = np.clip(np.exp(-3.6 + 0.9 * level + 0.3 * chance.normal(0, 1, size)), 0, 0.9)
    research = np.round(revenue * spent)
    exactly = chance.random(size) < 0.005
    revenue[exactly] = np.round(revenue[exactly] / 100) * 100
    research[exactly] = revenue[exactly] * 5 // 100
    staff = np.exp(3.2 + 1.1 * scale + 0.4 * chance.normal(0, 1, size)).astype(np.int32)
    staff = np.maximum(1, staff)
    staff_before = staff * np.exp(chance.normal(-0.02, 0.15, size))
    patents = np.exp(np.clip(-0.8 + 0.6 * scale + 0.9 * level, -5, 5))
    grade = np.floor(level + 0.5 * scale - 0.6 + 0.4 * chance.normal(0, 1, size))

    def exported() -> Any:
        return np.where(chance.random(size) < 0.75, 0, np.round(revenue * chance.random(size) / 10))

    def interest() -> Any:
        return np.where(chance.random(size) < 0.5, 0, np.round(revenue * chance.random(size) / 50))

    codes = [
        f"{a}{n:02}{10 * (k // 3 + 1) + k % 3}"
        for a, i, j, w in _TRADES
        for n in range(i, j + 1)
        for k in range(w)
    ]
    weights = chance.gamma(0.8, 1, len(codes)) * [
        3 if c[0] == "C" else 2 if c[0] in "FIM" else 1 for c in codes
    ]
    return {
        "industry": _texts(codes, chance.choice(len(codes), size, p=weights / weights.sum())),
        "region": _texts(_REGIONS, chance.integers(0, len(_REGIONS), size)),
        "park": _texts(_PARKS, np.maximum(0, chance.integers(-30, len(_PARKS), size))),
        "ent_type": _texts(
            ["private", "state", "foreign", "joint", "individual"],
            chance.choice(5, size, p=[0.8, 0.05, 0.04, 0.05, 0.06]),
        ),
        "listing": _texts(
            ["none", "neeq", "counselling", "star", "main"],
            chance.choice(5, size, p=[0.95, 0.02, 0.015, 0.005, 0.01]),
        ),
        "srdi": _texts(["none", "city", "province", "national"], np.clip(grade, 0, 3)),
        "credit": _texts(list("ABCD"), chance.choice(4, size, p=[0.35, 0.45, 0.15, 0.05])),
        "founded": _days(today - chance.gamma(2, 1500, size)),
        "hightech_until": _days(today + chance.integers(-700, 1100, size)),
        "above_scale_since": _days(today - chance.integers(0, 3650, size)),
        "is_hightech": _flags(level + 0.3 * scale + 0.5 * chance.normal(0, 1, size) > 1.4),
        "violation": _flags(chance.random(size) < 0.03),
        "above_scale": _flags(revenue >= 20_000_000),
        "revenue": _money(revenue),
        "revenue_prev": _money(before),
        "rd_expense": _money(research),
        "fixed_inv": _money(np.exp(13.2 + 1.4 * scale + chance.normal(0, 1, size))),
        "tax_paid": _money(revenue * np.clip(chance.normal(0.05, 0.02, size), 0, 0.3)),
        "export_value": _money(exported()),
        "loan_interest": _money(interest()),
        "energy": _decimals(np.exp(3 + scale + chance.normal(0, 0.8, size)), 1),
        "employees": _counts(staff),
        "employees_prev": _counts(np.maximum(1, staff_before)),
        "rd_staff": _counts(staff * np.clip(0.12 + 0.1 * level, 0, 0.8)),
        "new_grads": _counts(chance.poisson(np.clip(staff * 0.03, 0, 200))),
        "inv_patents": _counts(chance.poisson(patents)),
        "certs": _sets(chance, _CERTIFICATES, size),
        "lists": _sets(chance, _LISTS, size),
    }


def _texts(words: list[str], codes: Any) -> Any:
    return lambda gaps: pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=gaps), pa.array(words)
    )


def _days(days: Any) -> Any:
    return lambda gaps: pa.array(days.astype(np.int32), mask=gaps).cast(pa.date32())


def _flags(flags: Any) -> Any:
    return lambda gaps: pa.array(flags, mask=gaps)


def _counts(numbers: Any) -> Any:
    return lambda gaps: pa.array(numbers.astype(np.int32), mask=gaps)


def _money(yuan: Any) -> Any:
    return _decimals(np.round(yuan), 2)


def _decimals(numbers: Any, digits: int) -> Any:
    """Exact decimals, as a register holds money."""
    scaled = np.round(numbers * 10**digits).astype(np.int64)
    words = np.stack([scaled, scaled >> 63], axis=1)

    def made(gaps: Any) -> pa.Array:
        known = pa.py_buffer(np.packbits(~gaps, bitorder="little"))
        return pa.Array.from_buffers(
            pa.decimal128(18, digits), len(scaled), [known, pa.py_buffer(words)]
        )

    return made


def _sets(chance: np.random.Generator, shares: dict[str, float], size: int) -> Any:
    held = np.stack([chance.random(size) < share for share in shares.values()], axis=1)

    def made(gaps: Any) -> pa.Array:
        kept = held & ~gaps[:, None]
        offsets = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
        codes = pa.array(np.nonzero(kept)[1].astype(np.int32))
        names = pa.DictionaryArray.from_arrays(codes, pa.array(list(shares))).cast(pa.string())
        return pa.ListArray.from_arrays(pa.array(offsets), names, mask=pa.array(gaps))

    return made
