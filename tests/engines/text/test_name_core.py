import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import NameCore, name_core, similarity


@pytest.mark.parametrize(
    ("name", "core", "regions", "legal_form", "branch"),
    [
        ("海纳科技有限公司", "海纳科技", (), "有限公司", ""),
        ("海纳（北京）科技有限公司", "海纳科技", ("北京",), "有限公司", ""),
        ("海纳(北京)科技 有限责任公司", "海纳科技", ("北京",), "有限责任公司", ""),
        ("海纳集团股份有限公司", "海纳", (), "集团股份有限公司", ""),
        ("海纳（集团）有限公司", "海纳", (), "集团有限公司", ""),
        (
            "海纳（北京）科技集团有限公司 福州分公司",
            "海纳科技",
            ("北京",),
            "集团有限公司",
            "福州分公司",
        ),
        ("海纳科技第二分公司", "海纳科技", (), "", "第二分公司"),
        ("福州会计师事务所厦门分所", "福州会计师事务所", (), "", "厦门分所"),
        ("百川投资（有限合伙）", "百川投资", (), "有限合伙", ""),
        ("有限公司", "有限公司", (), "", ""),
        ("", "", (), "", ""),
    ],
)
def test_name_core(
    name: str, core: str, regions: tuple[str, ...], legal_form: str, branch: str
) -> None:
    assert name_core(name) == NameCore(core, regions, legal_form, branch)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("海纳科技", "海纳科技", 1.0),
        ("海纳 科技", "海纳科技", 1.0),
        ("海纳科技", "海纳科学", 4 / 6),
        ("海纳", "百川", 0.0),
        ("海", "海", 1.0),
        ("海", "川", 0.0),
        ("", "", 0.0),
        ("科技科技", "科技", 0.5),
    ],
)
def test_similarity(first: str, second: str, expected: object) -> None:
    assert similarity(first, second) == expected


@given(st.text("海纳百川科技", max_size=8), st.text("海纳百川科技", max_size=8))
def test_similarity_is_symmetric_and_between_0_and_1(first: str, second: str) -> None:
    assert similarity(first, second) == similarity(second, first)
    assert 0 <= similarity(first, second) <= 1
