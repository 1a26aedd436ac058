"""Which cell of which row stands for which place of a pack.

The names are those that `packs.reading` and `packs.measuring` know; a test compares them.
"""

from lianqi.engines.packs.rows.amounts import Amount
from lianqi.engines.packs.rows.cases import Expected
from lianqi.engines.packs.rows.clauses import Required
from lianqi.engines.packs.rows.parts import (
    ENTRIES,
    FACTS,
    FLAG,
    LINES,
    SEVERAL,
    Cell,
    Condition,
    Rows,
    Table,
)

ALTERNATIVES = Table((Cell("of", SEVERAL), Cell("or_none", FLAG)), short="of")
# A parameter with values of several times takes several rows.
PARAMETERS = Table((Cell("name"), Cell("value"), Cell("from"), Cell("article")), short="value")
DEFINITIONS = Table((Cell("name"), Cell("expression")))
FACT = Table(
    (
        Cell("key"), Cell("label"), Cell("kind"), Cell("unit"), Cell("grain"),
        Cell("values", ENTRIES), Cell("low"), Cell("high"), Cell("decimals"), Cell("subject"),
        Cell("supplier"), Cell("meaning"), Cell("aliases", SEVERAL), Cell("coded"),
        Cell("counts"), Cell("advice"), Cell("fields", ENTRIES),
    )
)  # fmt: skip
CAP_GROUP = Table(
    (Cell("key"), Cell("article"), Cell("text"), Cell("cap"), Cell("measures", SEVERAL))
)
OPEN = Table((Cell("point"), Cell("handled"), Cell("measure")), short="point")
DOCUMENT = (
    "title", "issuer", "number", "level", "published_on", "source", "source_kind", "checked_on",
    "confidence",
)  # fmt: skip
HEAD = Table(
    (
        Cell("key", at=("pack",)),
        Cell("version"),
        *(Cell(name, at=("document", name)) for name in DOCUMENT),
        Cell("starts", at=("in_force", "from")),
        Cell("ends", at=("in_force", "to")),
        Cell("replaces"),
        Cell("transition"),
        Cell("boundary"),
        Rows("facts", FACT),
        Rows("parameters", PARAMETERS),
        Rows("definitions", DEFINITIONS),
        Condition("scope"),
        Rows("cap_groups", CAP_GROUP),
        Rows("alternatives", ALTERNATIVES, is_grouped=True),
        Rows("open", OPEN),
    )
)

CLAUSE = Table((Cell("key"), Cell("article"), Cell("text"), Required(), Cell("judge")))
INSTALMENT = Table((Cell("key"), Cell("share"), Cell("text")))
BENEFIT = Table(
    (
        Cell("key"),
        Cell("kind"),
        Cell("title"),
        Cell("article"),
        Condition("when"),
        Amount(),
        Cell("ceiling", FLAG),
        Cell("rounding_to", at=("rounding", "to")),
        Cell("rounding_mode", at=("rounding", "mode")),
        Rows("instalments", INSTALMENT),
        Cell("pays_in_kind"),
    )
)
EVIDENCE = Table((Cell("name"), Cell("source"), Cell("facts", SEVERAL)), short="name")
WINDOW = Table((Cell("from"), Cell("to")))
LEVEL = Table((Cell("upto"), Cell("amount")))
CLAWBACK = Table((Condition("when"), Cell("amount"), Cell("text")))
EXCLUDED = Table((Cell("measure"), Cell("rule"), Cell("article")), short="measure")
MEASURE = Table(
    (
        Cell("key"),
        Cell("title"),
        Cell("applicant"),
        Cell("article"),
        Cell("starts", at=("in_force", "from")),
        Cell("ends", at=("in_force", "to")),
        Condition("scope"),
        Rows("clauses", CLAUSE),
        Rows("benefits", BENEFIT),
        Cell("cap"),
        Rows("evidence", EVIDENCE),
        Cell("application", at=("process", "application")),
        Rows("windows", WINDOW, at=("process", "windows")),
        Cell("deadline", at=("process", "deadline")),
        Cell("publicity_days", at=("process", "publicity_days")),
        Cell("steps", LINES, at=("process", "steps")),
        Cell("budget", at=("budget", "amount")),
        Cell("when_short", at=("budget", "when_short")),
        Cell("rank_by", at=("rank", "by")),
        Rows("levels", LEVEL, at=("rank", "levels")),
        Rows("clawback", CLAWBACK),
        Rows("excludes", EXCLUDED),
        Cell("stacks_with", SEVERAL),
        Rows("alternatives", ALTERNATIVES, is_grouped=True),
        Cell("notes", LINES),
    )
)
CASE = Table(
    (
        Cell("name"),
        Cell("like"),
        Cell("measure"),
        Cell("on"),
        Cell("facts", FACTS),
        Cell("answers", ENTRIES),
        Cell("applicants", FACTS),
        Expected(),
        Cell("note"),
    )
)
