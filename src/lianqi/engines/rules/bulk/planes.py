"""Bit planes: one bit a row, in Arrow's order, so that its validity bitmaps are planes already.

A plane of n rows has ⌈n / 8⌉ bytes; the bits behind the last row are 0 in every plane kept here.
"""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

# Below this share of words that are not zero, only those are unpacked.
_SPARSE = 0.5


def packed(flags: Flags) -> Plane:
    return np.packbits(flags, bitorder="little")


def unpacked(plane: Plane, size: int) -> Flags:
    return np.unpackbits(plane, count=size, bitorder="little").view(np.bool_)


def none(size: int) -> Plane:
    return np.zeros((size + 7) // 8, np.uint8)


def full(size: int) -> Plane:
    return trimmed(np.full((size + 7) // 8, 255, np.uint8), size)


def trimmed(plane: Plane, size: int) -> Plane:
    """The plane with the bits behind the last row set to 0, in place."""
    if size % 8:
        plane[-1] &= (1 << size % 8) - 1
    return plane


def count(plane: Plane) -> int:
    return int(np.bitwise_count(plane).sum())


def rows_of(plane: Plane, size: int) -> Rows:
    """The numbers of the rows whose bit is set."""
    whole = len(plane) // 8 * 8
    words = plane[:whole].view(np.uint64) if plane.flags.aligned else plane[:0].view(np.uint64)
    hot = np.flatnonzero(words)
    if len(hot) > _SPARSE * len(words):
        return np.flatnonzero(unpacked(plane, size))
    bits: Rows = np.flatnonzero(np.unpackbits(words[hot].view(np.uint8), bitorder="little"))
    rows: Rows = (hot[bits >> 6] << 6) + (bits & 63)
    if whole < len(plane):
        tail = np.flatnonzero(unpacked(plane[whole:], size - whole * 8)) + whole * 8
        rows = np.concatenate([rows, tail])
    return rows


def plane_of(rows: Rows, size: int) -> Plane:
    """The plane in which these rows are set."""
    flags = np.zeros(size, np.bool_)
    flags[rows] = True
    return packed(flags)


def at_least(count_: int, parts: list[Plane], size: int) -> Plane:
    """The rows that are set in so many of the planes."""
    if count_ <= 0:
        return full(size)
    if count_ > len(parts):
        return none(size)
    reached = [none(size) for _ in range(count_)]
    for part in parts:
        for step in range(count_ - 1, 0, -1):
            reached[step] |= reached[step - 1] & part
        reached[0] |= part
    return reached[-1]
