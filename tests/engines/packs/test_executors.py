"""The compiled rules give what the reference gives, for the facts of every shipped case."""

from pathlib import Path

import pytest

from lianqi.engines.packs import cases_file, load, pack_files
from lianqi.engines.packs.cases import examples
from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.rule import assess

FILES = pack_files([SHIPPED / "national", SHIPPED / "regional"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_compiled_rules_agree_with_the_reference(file: Path) -> None:
    pack = load(file)
    known = examples(pack, cases_file(file).read_text("utf-8"))

    for key, held in known.items():
        for day, facts in held:
            rule = pack.measure(key, day).rule(pack.key).on(day)
            assert Compiled([rule], pack.catalogue).assess(facts) == [assess(rule, facts)], (
                key,
                facts,
            )
