"""What policies came to, in the browser: entered with units, shown with 约 where it is not exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lianqi.accounts.models import User
from lianqi.policies.actions import MeasureTerms, add_measures
from lianqi.policies.enums import Applicant
from lianqi.policies.models import PolicyDocument, PolicyOutcome
from lianqi.web.sums import MoneyField, count, factor, money, share, written
from tests.factories import AT
from tests.policies.scene import Library, make_library

pytestmark = pytest.mark.django_db
LENT = {
    "amount": "300亿元", "amount_is": "nearly", "reached": "13000", "reached_is": "nearly",
    "time_said": "近3年", "source": "公开报道",
}  # fmt: skip


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def policy(library: Library) -> PolicyDocument:
    found = library.policy()
    line = MeasureTerms("KS-P08", "500亿元信贷支持", Applicant.LOAN, limit=Decimal(50_000_000_000))
    fund = MeasureTerms(
        "BJ-P09", "产业基金", Applicant.ENTERPRISE, limit=Decimal(10_000_000_000), is_planned=True
    )
    add_measures(found.pk, [line, fund], by=library.editor, at=AT)
    return found


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def words(client: Client, path: str) -> str:
    with translation.override("zh-hans"):
        answer = client.get(path, headers={"accept-language": "zh-hans"})
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


def test_near_figures_are_entered_and_the_public_reads_averages_as_about(
    client: Client, library: Library, policy: PolicyDocument
) -> None:
    line = policy.measures.get(key="KS-P08")
    page = reverse("policies:outcomes", args=[policy.pk])

    answer = as_(client, library.handler).post(page, LENT | {"measure": line.pk})
    client.logout()
    shown = words(client, policy.get_absolute_url())

    assert (answer.status_code, answer["Location"]) == (303, page)
    for said in ("近 300 亿元", "近 13,000", "约231 万元", "约1.67倍", "500 亿元", "近3年"):
        assert said in shown


def test_what_is_only_planned_says_so_and_takes_no_figures(
    client: Client, library: Library, policy: PolicyDocument
) -> None:
    fund = policy.measures.get(key="BJ-P09")
    page = reverse("policies:outcomes", args=[policy.pk])

    answer = as_(client, library.editor).post(page, LENT | {"measure": fund.pk})

    assert answer.status_code == 422
    assert not PolicyOutcome.objects.exists()
    assert "筹划中" in words(client, policy.get_absolute_url())


def test_figures_are_withdrawn_by_who_may_tell_them(
    client: Client, library: Library, policy: PolicyDocument
) -> None:
    as_(client, library.editor).post(reverse("policies:outcomes", args=[policy.pk]), LENT)
    told = PolicyOutcome.objects.get()
    path = reverse("policies:withdraw_outcome", args=[told.pk])

    denied = as_(client, library.dispatcher).post(path)
    done = as_(client, library.handler).post(path)

    assert (denied.status_code, done.status_code) == (403, 303)
    assert not PolicyOutcome.objects.standing().exists()
    assert "300 亿元" not in words(client, policy.get_absolute_url())


def test_who_leads_nothing_of_it_finds_no_form(
    client: Client, library: Library, policy: PolicyDocument
) -> None:
    page = reverse("policies:outcomes", args=[policy.pk])

    assert as_(client, library.other_handler).get(page).status_code == 403
    assert page not in as_(client, library.boss).get(policy.get_absolute_url()).text


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("500亿元", "50000000000"), ("23.73亿元", "2373000000"), ("0.01元", "0.01"), ("0元", "0")],
)
def test_a_sum_is_read_with_its_unit_and_written_back(text: str, yuan: str) -> None:
    read = MoneyField().clean(text)

    assert read == Decimal(yuan)
    assert MoneyField().clean(written(read)) == read


@pytest.mark.parametrize("text", ["500", "500人", "5%", "-1元", "0.001元", "很多元", "1e9元"])
def test_a_sum_without_unit_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(text)


def test_figures_are_rounded_once_and_said_to_be_about_so() -> None:
    with translation.override("zh-hans"):
        assert money(Fraction(30_000_000_000, 13_000), is_about=True) == "约231 万元"
        assert money(Fraction(2_373_000_000, 22), is_about=True) == "约1.08 亿元"
        assert money(Fraction(2_373_000_000, 22)) == "1.08 亿元"
        assert money(Fraction(99_996), is_about=True) == "约10 万元"
        assert factor(Fraction(31_831, 2_373), is_about=True) == "约13.41倍"
        assert share(Fraction(11, 39)) == "28.2%"
        assert count(Fraction(68, 11)) == "6.2"
        assert count(Fraction(28)) == "28"
        assert money(None) == share(None) == factor(None) == count(None) == ""
