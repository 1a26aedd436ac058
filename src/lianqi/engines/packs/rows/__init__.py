"""Packs as rows: what forms show of a file, and the file that forms write.

A file is plain data (`texts`). Each part of it has a table that says which cell of a row stands for
which place in an entry (`tables`); reading a row and writing it again gives the same rules. What
has no cell of its own is a line of text inside a row, never a reason to refuse the file.
"""

from lianqi.engines.packs.rows.drafts import Draft, opened, same_rules, written
from lianqi.engines.packs.rows.naming import Names
from lianqi.engines.packs.rows.parts import Entry, Row

__all__ = ["Draft", "Entry", "Names", "Row", "opened", "same_rules", "written"]
