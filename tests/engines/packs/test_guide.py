"""The example of the guide is a pack that passes its own cases, in both languages."""

import datetime as dt
import re
from pathlib import Path

import pytest

from lianqi.engines.packs import check, check_cases
from lianqi.engines.packs.headings import heading_of
from lianqi.engines.rules.catalogue import national

DOCS = Path(__file__).parents[3] / "docs"


def block(text: str, name: str) -> str:
    found = re.search(rf"```yaml {name}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["policy-packs.md", "policy-packs.zh-CN.md"])
def test_the_worked_example_works(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")

    pack, errors = check(block(text, "pack"), "rd-award.yaml")
    assert pack is not None, errors
    count, differing = check_cases(pack, block(text, "cases"), "rd-award.cases.yaml")

    assert (count, differing) == (4, ())


@pytest.mark.parametrize("name", ["policy-packs.md", "policy-packs.zh-CN.md"])
def test_the_expressions_of_the_guide_can_be_read(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    pack = block(text, "pack")
    written = [
        each
        for each in re.findall(r"`([^`\n]+)`", text)
        if re.search("[≥≤]", each) and len(each) > 3
    ]
    own = "facts:\n  power: {label: 用电量, kind: number, unit: 千瓦时, grain: quarter}\n"

    assert len(written) >= 5
    for each in written:
        tried = pack.replace("require: 研发强度 ≥ 5%", f'require: "{each}"', 1).replace(
            "measures:", f"{own}measures:", 1
        )
        found, errors = check(tried, "guide.yaml")
        assert found is not None, (each, errors)


@pytest.mark.parametrize("name", ["policy-packs.md", "policy-packs.zh-CN.md"])
def test_the_headings_of_the_guide_name_facts(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `") and "@" in line]

    headings = [each for row in rows for each in re.findall(r"`([^`]+)`", row)]

    assert len(headings) == 6
    for each in headings:
        found = heading_of(each, national(), dt.date(2026, 3, 1))
        assert found is not None, each
        assert found.unit is not None, each
