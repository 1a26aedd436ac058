"""The demo zone: a believable zone with a year behind it, made by the real actions.

Everything is invented; credit codes lie in a region that does not exist (000000) and have valid
check digits. The same seed gives the same zone, seen from the day on which it is filled.
"""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.demands.actions import (
    close_silent_demands,
    compile_statistics,
    load_default_categories,
    make_report,
)
from lianqi.demands.models import Periods
from lianqi.notices.actions import bundle_due, mark_read
from lianqi.notices.models import Notice
from lianqi.ops.demo.after import call_back
from lianqi.ops.demo.behalf import file_for_others
from lianqi.ops.demo.catalogue import write_catalogue
from lianqi.ops.demo.channels import play_channels
from lianqi.ops.demo.conversions import play_conversions
from lianqi.ops.demo.dispatching import merge_same_matters, send_what_waits
from lianqi.ops.demo.finance import enter_institutions
from lianqi.ops.demo.firms import create_firms, create_members, create_officers
from lianqi.ops.demo.forces import play_forces
from lianqi.ops.demo.free_tests import play_free_tests
from lianqi.ops.demo.learned import learn
from lianqi.ops.demo.lists import take_lists_over
from lianqi.ops.demo.matching import decide_and_save, match_everything
from lianqi.ops.demo.messages import choose_channels
from lianqi.ops.demo.needs import play_needs
from lianqi.ops.demo.packs import fill_packs
from lianqi.ops.demo.people import PASSWORD, People, create_people, let_sign_in
from lianqi.ops.demo.plans import play_plans
from lianqi.ops.demo.policies import fill_library
from lianqi.ops.demo.pool import fill_the_pool
from lianqi.ops.demo.profiles import complete_profiles, leave_requests
from lianqi.ops.demo.rounds import play_rounds
from lianqi.ops.demo.statements import state_what_rules_ask
from lianqi.ops.demo.stories import KINDS
from lianqi.ops.demo.supervision import issue_orders
from lianqi.ops.demo.telephone import play_telephone
from lianqi.ops.demo.visits import play_visits
from lianqi.ops.demo.whole import whole_transaction
from lianqi.ops.demo.year import DAYS, Year
from lianqi.register.models import Enterprise, Membership
from lianqi.work.actions import escalate_due

SEED = 20260101
FIRMS_WITH_USERS = 24

# Role, sign-in name, password: what `make run` prints.
ACCOUNTS = (
    ("企业管理员 enterprise administrator", "firm1", PASSWORD),
    ("企业经办人 enterprise staff", "firm2", PASSWORD),
    ("企业经办人 enterprise staff", "firm8", PASSWORD),
    ("坐席 operator", "operator", PASSWORD),
    ("派单员 dispatcher", "dispatcher", PASSWORD),
    ("承办人 handler", "economy", PASSWORD),
    ("部门负责人 department head", "economy_head", PASSWORD),
    ("联企干部 liaison officer", "officer", PASSWORD),
    ("规则编辑员 rule editor", "editor", PASSWORD),
    ("领导 leader", "leader", PASSWORD),
    ("审计员 auditor", "auditor", PASSWORD),
    ("平台管理员 platform administrator", "admin", PASSWORD),
)


def fill(progress: Callable[[str], None] = lambda _: None) -> None:
    """Fill an empty database. About half a minute on two cores."""
    now = timezone.now()
    began = now - dt.timedelta(days=DAYS + 10)
    progress("  units and people")
    people = create_people(at=began)
    create_categories(people, at=began)
    choose_channels(people, at=began)
    progress("  enterprises, from a spreadsheet")
    firms = create_firms(people, seed=SEED, at=began)
    active = firms[:: len(firms) // FIRMS_WITH_USERS][:FIRMS_WITH_USERS]
    create_members(people, active, at=began)
    create_officers(people, at=began)
    let_sign_in(people)
    progress("  contacts, facts and titles by hand")
    with whole_transaction():
        write_catalogue(people, began=began, now=now)
        complete_profiles(people, active, now=now)
        _play(people, firms, progress, now=now)
    send_what_waits(people, now=now)
    play_channels(people, now=now)
    play_telephone(people, now=now)
    fill_the_pool(people, now=now)
    play_visits(people, now=now)
    play_rounds(people, active, now=now)
    merge_same_matters(people, now=now)
    with whole_transaction():
        issue_orders(people, now=now)
        play_forces(people, active, now=now)
        play_conversions(people, active, now=now)
        play_plans(people, active, now=now)
        play_free_tests(people, now=now)
        progress("  policy library and policy needs")
        enter_institutions(people, now=now)
        fill_library(people, active, now=now)
        fill_packs(people, active, now=now)
        state_what_rules_ask(people, firms, active, now=now)
        take_lists_over(people, active, now=now)
        match_everything(people, now=now)
        decide_and_save(people, active, now=now)
        play_needs(people, active, now=now)
    progress("  what was said on the telephone")
    call_back(people, seed=SEED, now=now)
    _read_notices(now=now)
    progress("  what the wording of a year teaches")
    learn(people, now=now)
    leave_requests(people, [firm for firm in firms if firm not in active], now=now)
    compile_statistics(at=now)
    month = (timezone.localdate(now).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    make_report(month, language="zh-hans", zone=settings.ZONE_NAME, by=None, at=now)


def _play(
    people: People, firms: list[Enterprise], progress: Callable[[str], None], *, now: dt.datetime
) -> None:
    memberships = Membership.objects.filter(enterprise__in=firms).select_related("user")
    members = {each.enterprise_id: each.user for each in memberships if each.user}
    Year(people, firms, members, seed=SEED, now=now).play(progress)
    file_for_others(members, now=now)
    progress("  what the worker did in that year")
    for days in range(DAYS, -1, -1):
        at = now - dt.timedelta(days=days)
        close_silent_demands(after_days=Periods().silent_days, at=at)
        escalate_due(at=at)
        bundle_due(at=at)


def _read_notices(*, now: dt.datetime) -> None:
    """Everybody has read what is older than two days."""
    old = Notice.objects.unread().filter(created_at__lt=now - dt.timedelta(days=2))
    for person in User.people.filter(pk__in=old.values("person")):
        mark_read(old.filter(person=person).values_list("pk", flat=True), person=person, at=now)


def create_categories(people: People, *, at: dt.datetime) -> None:
    """The categories that come with the platform, each led by the unit of its story."""
    leads = {kind.code: people.units[kind.unit] for kind in KINDS}
    load_default_categories(by=people.admin, at=at, leads=leads)
