"""Every pack that comes with the program, with every one of its cases."""

import datetime as dt
import time
from pathlib import Path

import pytest

from lianqi.engines.packs import cases_file, check, check_cases, pack_files, shipped
from lianqi.engines.packs.library import SHIPPED

FILES = pack_files([SHIPPED / "national", SHIPPED / "regional"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_pack_keeps_its_cases(file: Path) -> None:
    pack, errors = check(file.read_text("utf-8"), file.name)
    assert pack is not None, "\n".join(map(str, errors))

    beside = cases_file(file)
    count, differing = check_cases(pack, beside.read_text("utf-8"), beside.name)

    assert not differing, "\n".join(map(str, differing))
    assert count >= 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_pack_names_its_source_and_what_the_text_leaves_open(file: Path) -> None:
    pack, _errors = check(file.read_text("utf-8"), file.name)

    assert pack is not None
    assert pack.document.source
    assert pack.document.checked_on is not None
    assert pack.open or pack.boundary


def test_no_two_versions_of_a_measure_are_in_force_on_one_day() -> None:
    assert shipped().clashes() == ()


def test_the_22_real_measures_and_the_national_rule_sets_are_there() -> None:
    names = {file.stem for file in FILES}

    assert {name[:4] for name in names if name.startswith("rm")} == {
        f"rm{number:02}" for number in range(1, 23)
    }
    assert {file.stem for file in FILES if file.parent.name == "national"} >= {
        "above-scale-2023", "gradient-2022", "gradient-2026", "high-tech-2016",
        "rd-deduction-2023", "small-profit-2023", "sme-sizes-2011", "tech-sme-2017",
    }  # fmt: skip


def measures_on(day: str) -> set[str]:
    library = shipped()
    return {f"{each.pack.version}/{each.measure.key}" for each in library.on(dt.date.fromisoformat(day))
            if each.pack.key == "gradient"}  # fmt: skip


def test_both_versions_of_the_ladder_stand_side_by_side() -> None:
    assert measures_on("2026-03-31") == {"2022/innovative", "2022/srdi", "2022/little-giant"}
    # New applications go by the new text, renewals and the innovative ones still by the old.
    assert measures_on("2026-04-01") == {
        "2022/innovative", "2022/little-giant", "2026/srdi", "2026/little-giant-new",
    }  # fmt: skip
    assert measures_on("2027-01-01") == {"2022/innovative", "2026/srdi", "2026/little-giant-new"}
    assert measures_on("2022-07-31") == set()


@pytest.mark.slow
def test_500_packs_are_read_and_checked_in_two_seconds() -> None:
    texts = [(file.read_text("utf-8"), file.name) for file in FILES]
    begun = time.process_time()

    for index in range(500):
        assert check(*texts[index % len(texts)])[0] is not None

    assert time.process_time() - begun < 6, "three times what is promised: the machine is shared"
