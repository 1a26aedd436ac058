"""A policy of the small zone in any state, through the real actions, and who has a part in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.policies.actions import (
    ArticleTerms,
    PolicyTerms,
    add_articles,
    add_aspects,
    add_policy,
    assign_duties,
    break_down,
    complete_duties,
    load_policy_clocks,
    publish,
)
from lianqi.policies.enums import PolicyLevel
from lianqi.policies.models import PolicyArticle, PolicyDocument
from lianqi.register.enums import MembershipState
from lianqi.register.models import Enterprise, Membership
from tests.factories import (
    AT,
    grant,
    make_dispatcher,
    make_enterprise,
    make_handler,
    make_head,
    make_member,
    make_unit,
    make_user,
)

FROM = dt.date(2026, 1, 1)
STAGES = ("drafted", "broken_down", "duties_complete", "published")


@dataclass(frozen=True)
class Library:
    """`economy` leads, `science` and `economy` carry out."""

    economy: Unit
    science: Unit
    editor: User
    dispatcher: User
    leader: User
    auditor: User
    handler: User
    head: User
    other_handler: User
    firm: Enterprise
    boss: User
    stranger: User

    def terms(self, **given: Any) -> PolicyTerms:
        known = {
            "title": "促进企业复工复产的若干意见",
            "issuer": "云岭高新区管委会",
            "level": PolicyLevel.ZONE,
            "number": "云高管〔2026〕1号",
            "valid_from": FROM,
        }
        return PolicyTerms(**known | given)

    def policy(self, stage: str = "published", **given: Any) -> PolicyDocument:
        """Two articles under one aspect, the second one without wording."""
        document = add_policy(self.terms(**given), by=self.editor, at=AT)
        aspect = add_aspects(document.pk, ["金融支持"], by=self.editor, at=AT)[0]
        add_articles(
            document.pk,
            [
                ArticleTerms("第一条", wording="对贷款利息给予百分之五十贴息。", aspect=aspect),
                ArticleTerms("第二条", wording_note="来源未刊载条文。"),
            ],
            by=self.editor,
            at=AT,
        )
        self.on(document, stage)
        return again(document)

    def on(self, document: PolicyDocument, stage: str = "published") -> None:
        """Bring a drafted document as far as `stage`."""
        steps = (
            lambda: break_down(document.pk, by=self.editor, at=AT),
            lambda: (self.give(document), complete_duties(document.pk, by=self.editor, at=AT)),
            lambda: publish(document.pk, by=self.editor, at=AT),
        )
        for step in steps[: STAGES.index(stage)]:
            step()

    def give(self, document: PolicyDocument) -> None:
        """Give every article its duty."""
        assign_duties(
            document.pk,
            list(document.articles.values_list("pk", flat=True)),
            lead=self.economy,
            responsible=[self.economy, self.science],
            by=self.dispatcher,
            at=AT,
        )


def make_library() -> Library:
    load_policy_clocks(at=AT)
    root = make_unit("云岭高新区管委会")
    economy, science = make_unit("经济发展局", root), make_unit("科技创新局", root)
    firm = make_enterprise("云岭海纳光电科技有限公司")
    boss = make_member(firm, name="林晓燕")
    Membership.objects.create(
        user=boss, enterprise=firm, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip
    return Library(
        economy=economy,
        science=science,
        editor=grant(make_user(name="江源"), Role.RULE_EDITOR),
        dispatcher=make_dispatcher(name="陈敏"),
        leader=grant(make_user(name="郑华"), Role.LEADER),
        auditor=grant(make_user(name="何静"), Role.AUDITOR),
        handler=make_handler(economy, name="王强"),
        head=make_head(economy, name="孙丽"),
        other_handler=make_handler(science, name="赵磊"),
        firm=firm,
        boss=boss,
        stranger=make_member(make_enterprise("云岭远山医药有限公司"), name="周远"),
    )


def again(document: PolicyDocument) -> PolicyDocument:
    return PolicyDocument.objects.get(pk=document.pk)


def first_article(document: PolicyDocument) -> PolicyArticle:
    return document.articles.in_order()[0]
