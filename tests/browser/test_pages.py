"""Every page a role opens from its navigation, at both widths, and in English."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.freetests.actions import load_test_clocks
from lianqi.matching.actions import save_assessment
from lianqi.policies.actions import (
    OutcomeTerms,
    answer_question,
    ask_question,
    flag_overlap,
    revise_policy,
    tell_outcome,
)
from lianqi.register.enums import Qualifier
from lianqi.work.queries import current_calendar
from tests.browser.conftest import Visitor
from tests.conversions.scene import begin, make_force
from tests.factories import grant, make_user
from tests.freetests.scene import make_institute, place, state
from tests.house.pack_world import ALWAYS
from tests.matching.scene import make_scene
from tests.plans.scene import propose
from tests.policies.scene import first_article, make_library
from tests.web.zone import make_zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "public": ("/", "/policies/", "/figures/", "/accounts/login/", "/accounts/signup/"),
    "boss": (
        "/",
        "/demands/",
        "/demands/new/",
        "/notices/",
        "/people/members/",
        "/visits/",
        "/plans/",
        "/demands/behalf/",
        "/demands/behalf/new/",
        "/free-tests/new/",
        "/policies/",
        "/policies/questions/",
        "/matching/mine/",
        "/matching/packs/",
    ),
    "dispatcher": (
        "/",
        "/inbox/",
        "/demands/",
        "/demands/new/",
        "/demands/imports/",
        "/demands/imports/new/",
        "/demands/dispatching/",
        "/register/",
        "/register/new/",
        "/register/imports/",
        "/register/finance/",
        "/matching/lists/",
        "/matching/lists/new/",
        "/matching/lists/new/abnormal/",
        "/people/memberships/",
    ),
    "handler": ("/", "/inbox/", "/demands/", "/register/", "/people/absence/"),
    "officer": ("/", "/visits/", "/visits/new/", "/visits/rounds/", "/demands/new/"),
    "leader": (
        "/leader/",
        "/leader/tables/",
        "/leader/reports/",
        "/leader/score/",
        "/visits/",
        "/visits/rounds/",
        "/visits/rounds/new/",
        "/demands/",
        "/register/",
        "/task-forces/",
        "/task-forces/new/",
        "/conversions/",
        "/plans/",
        "/plans/measures/",
        "/free-tests/",
        "/free-tests/orders/",
        "/free-tests/figures/",
        "/free-tests/institutes/",
    ),
    "other_handler": ("/free-tests/new/", "/free-tests/institutes/new/"),
    "auditor": ("/", "/demands/", "/register/"),
    "editor": (
        "/policies/",
        "/policies/new/",
        "/policies/duties/",
        "/policies/figures/",
        "/matching/packs/",
        "/matching/packs/new/",
        "/matching/packs/new/rows/",
        "/matching/results/",
        "/matching/runs/",
    ),
    "admin": (
        "/people/",
        "/people/units/",
        "/people/new/",
        "/zone/formulas/new/",
        "/zone/catalogue/",
        "/zone/catalogue/defaults/",
        "/zone/catalogue/limits/",
        "/zone/catalogue/try/",
    ),
}


@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_accessible_and_fits_the_screen(visitor: Visitor, who: str) -> None:
    zone = make_zone()
    at = timezone.now() - dt.timedelta(days=20)
    for stage in ("filed", "dispatched", "accepted", "answered", "closed"):
        demand = zone.demand(stage, at=at)
    if who == "admin":
        visitor.signs_in(grant(make_user(name="平台管理员"), Role.PLATFORM_ADMIN))
    elif who == "editor":
        visitor.signs_in(grant(make_user(name="江源"), Role.RULE_EDITOR))
    elif who != "public":
        visitor.signs_in(getattr(zone, who))

    force = make_force(zone, at=at)
    conversion = begin(zone, force, at=at)
    ahead = current_calendar().working_day_on_or_after(timezone.localdate() + dt.timedelta(days=9))
    plan = propose(zone, at=at, due_on=ahead)
    sheet = f"{plan.get_absolute_url()}sheet/"
    measure = plan.measures.get(position=1)
    load_test_clocks(at=at)
    institute = make_institute(zone, at=at, free_until=at.date() + dt.timedelta(days=90))
    test = state(zone, force, at=at, conversion=conversion)
    place(zone, test, institute, "过滤效率", at=at)
    library = make_library()
    policy = library.policy("published")
    draft = revise_policy(policy.pk, by=library.editor, at=at)
    flag_overlap(first_article(draft).pk, text="职能交叉", by=library.head, at=at)
    question = ask_question(
        policy.pk, enterprise=library.firm, text="能申请吗？", by=library.boss, at=at
    )
    answer_question(question.pk, answer="能。", is_published=True, by=library.handler, at=at)
    near = OutcomeTerms(
        source="公开报道", amount=Decimal(30_000_000_000), amount_is=Qualifier.NEARLY, applied=39,
        reached=11, time_said="近3年",
    )  # fmt: skip
    tell_outcome(policy.pk, near, by=library.editor, at=at)
    pack = make_scene().pack(ALWAYS)
    verdicts = f"/matching/enterprises/{zone.firm.pk}/"
    entitled = (
        verdicts,
        f"{verdicts}sheet/",
        f"{verdicts}packs/{pack.pk}/rd/",
        f"{verdicts}packs/{pack.pk}/rd/what-if/",
        f"{verdicts}facts/",
        f"{verdicts}answer/?slot=rd_expense@2025",
    )
    saved = save_assessment(
        zone.firm.pk, pack.pk, "rd", on=timezone.localdate(at), by=zone.dispatcher, at=at
    )
    assessed = (
        f"{verdicts}saved/",
        saved.get_absolute_url(),
        f"{verdicts}answer/?slot=judged:{pack.key}/{pack.version}.plan_model",
        f"/matching/enterprises/{zone.other_firm.pk}/saved/",
    )
    read = (policy.get_absolute_url(), f"{policy.get_absolute_url()}duties/")
    desks = (
        f"{draft.get_absolute_url()}articles/",
        f"{draft.get_absolute_url()}articles/import/",
        f"{draft.get_absolute_url()}change/",
        f"/policies/articles/{first_article(draft).pk}/",
        f"{policy.get_absolute_url()}compare/{draft.pk}/",
        f"{policy.get_absolute_url()}notes/",
        f"{policy.get_absolute_url()}outcomes/",
        f"{policy.get_absolute_url()}abolish/",
        question.get_absolute_url(),
    )
    tested = (test.get_absolute_url(), institute.get_absolute_url())
    records = {
        "public": read,
        "editor": (
            *read,
            *desks,
            pack.get_absolute_url(),
            f"{pack.get_absolute_url()}withdraw/",
            f"{pack.get_absolute_url()}rows/",
            f"{pack.get_absolute_url()}rows/head/",
            f"{pack.get_absolute_url()}rows/add/",
            f"{pack.get_absolute_url()}rows/measures/rd/",
        ),
        "dispatcher": (
            f"/policies/articles/{first_article(draft).pk}/",
            f"/matching/results/{pack.pk}/rd/",
            f"{pack.get_absolute_url()}rd/settlement/",
            f"{pack.get_absolute_url()}radar/",
        ),
        "leader": (
            force.get_absolute_url(),
            conversion.get_absolute_url(),
            plan.get_absolute_url(),
            measure.get_absolute_url(),
            sheet,
            *tested,
        ),
        "handler": (plan.get_absolute_url(), f"/plans/new/{zone.other_firm.pk}/", *assessed),
        "boss": (
            conversion.get_absolute_url(),
            f"{demand.get_absolute_url()}people/",
            plan.get_absolute_url(),
            sheet,
            test.get_absolute_url(),
            *entitled,
            *read,
            question.get_absolute_url(),
        ),
        "other_handler": tested,
    }

    for path in (*PAGES[who], *records.get(who, ())):
        visitor.opens(path)

        visitor.sees_a_good_page(f"{who}{path.replace('/', '-')}")


def test_the_switch_changes_the_language_and_nothing_else(visitor: Visitor) -> None:
    visitor.opens("/figures/")

    if visitor.width < 768:  # the menu of phones is folded
        visitor.page.locator("header summary").first.click()
    visitor.page.get_by_role("button", name="English").locator("visible=true").first.click()

    visitor.page.wait_for_load_state()
    assert visitor.page.url.endswith("/figures/")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    visitor.sees_a_good_page("figures-en")
