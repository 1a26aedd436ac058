"""The policy library of the demo zone: packs that reports name, and a policy of the zone itself.

What the reports print stands in `policies.toml`; everything goes through the real actions.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from lianqi.accounts.models import Unit, User
from lianqi.ops.demo.people import People
from lianqi.policies.actions import (
    ArticleTerms,
    MeasureTerms,
    OutcomeTerms,
    PolicyTerms,
    add_articles,
    add_aspects,
    add_measures,
    add_policy,
    answer_question,
    ask_question,
    assign_duties,
    break_down,
    change_article,
    change_policy,
    complete_duties,
    count_reading,
    flag_overlap,
    publish,
    publish_note,
    revise_policy,
    settle_overlap,
    tell_outcome,
    write_note,
)
from lianqi.policies.enums import Applicant, PolicyLevel, Reader
from lianqi.policies.models import PolicyDocument, PolicyMeasure
from lianqi.register.enums import Qualifier
from lianqi.register.models import Enterprise, Membership

FILE = Path(__file__).parent / "policies.toml"
NO_WORDING = "来源未刊载条文。"
TOLD_ONLY = "按报道转述，非条文原文。"
NOT_DIVIDED = "来源未分条，也未刊载条文。"
TERMS = ("themes", "sizes", "stages", "industries", "source_note", "is_trial", "published_on")
DAY = dt.timedelta(days=1)

# The zone's own policy: articles with wording, in the first version and as changed by the second.
OWN_TITLE = "云岭高新区支持企业稳产增效若干措施"
OWN = (
    ("第一条", "稳产奖励", "对上年度营业收入2000万元以上、产值同比增长10%以上的工业企业，按增量的1%给予奖励，最高100万元。年度安排资金200万元，不足时按比例核减。", "economy"),
    ("第二条", "技改补贴", "对实施技术改造的工业企业，按设备投资额的8%给予补贴，单个项目最高300万元。", "economy"),
    ("第三条", "贷款贴息", "对小微企业流动资金贷款，按实际支付利息的30%给予贴息，单户每年最高20万元。", "finance"),
    ("第四条", "研发投入奖励", "对研发费用占营业收入比重超过5%的企业，按研发费用的3%给予奖励，最高50万元。", "science"),
    ("第五条", "用工补贴", "对春节期间连续生产的企业，按在岗职工每人300元给予一次性用工补贴。", "people"),
    ("第六条", "专员服务", "为规模以上企业配备服务专员，诉求五个工作日内答复。", "service"),
    ("第七条", "就高不重复", "同一企业同一年度同时符合本措施第一条和第四条的，按就高不重复原则，给予较高的一项奖励。", "economy"),
    ("第八条", "示范企业", "对数字化改造成效突出、可供同行借鉴的规模以上企业，授予“智改数转示范企业”称号。", "economy"),
)  # fmt: skip
CHANGED = {
    "第二条": "对实施技术改造或者数字化改造的工业企业，按设备和软件投资额的10%给予补贴，单个项目最高500万元。",
    "第三条": "对小微企业流动资金贷款，按实际支付利息的50%给予贴息，单户每年最高30万元。",
}
OWN_MEASURES = (
    ("YL-01", "工业企业稳产奖励", Applicant.ENTERPRISE, "第一条"),
    ("YL-02", "技术改造补贴", Applicant.PROJECT, "第二条"),
    ("YL-03", "小微企业贷款贴息", Applicant.LOAN, "第三条"),
    ("YL-04", "研发投入奖励", Applicant.ENTERPRISE, "第四条"),
)


def fill_library(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Everything the library of the demo zone holds; questions come from people of `firms`."""
    made = load_packs(people.editor, people.units, at=now - 200 * DAY)
    _settle(people, made["wuhu_city"], at=now - 190 * DAY)
    current = _own_policy(people, now=now)
    _talk(people, current, firms, now=now)
    _read([*made.values(), current], firms, now=now)


def load_packs(
    editor: User, units: Mapping[str, Unit], *, at: dt.datetime
) -> dict[str, PolicyDocument]:
    """Enter, break down and publish every pack of the file; by its key."""
    packs = tomllib.loads(FILE.read_text(encoding="utf-8"))["policy"]
    return {pack["key"]: _load(pack, editor, units, at=at) for pack in packs}


def _load(
    pack: Mapping[str, Any], editor: User, units: Mapping[str, Unit], *, at: dt.datetime
) -> PolicyDocument:
    told = pack.get("article", [])
    stated = 0 if pack.get("whole") else pack.get("articles", len(told))
    document = add_policy(
        PolicyTerms(
            title=pack["title"],
            issuer=pack["issuer"],
            level=PolicyLevel(pack["level"]),
            stated_articles=pack.get("articles"),
            stated_measures=pack.get("measures"),
            **{name: pack[name] for name in TERMS if name in pack},
        ),
        by=editor,
        at=at,
    )
    titles = pack.get("aspects", [])
    aspects = add_aspects(document.pk, titles, by=editor, at=at) if titles else []
    rows = [
        ArticleTerms(
            number=f"第{place}项",
            title=said.get("title", ""),
            wording=said.get("wording", ""),
            wording_note=TOLD_ONLY if said else NO_WORDING,
            kind=said.get("kind", ""),
            aspect=aspects[said["aspect"] - 1] if "aspect" in said else None,
        )
        for place, said in enumerate([*told, *({} for _ in range(stated - len(told)))], start=1)
    ]
    if pack.get("whole"):
        rows = [
            ArticleTerms(
                number=f"方面{place}",
                wording=pack.get("wording", ""),
                wording_note=TOLD_ONLY if "wording" in pack else NOT_DIVIDED,
                aspect=aspect,
                covers_aspect=True,
            )
            for place, aspect in enumerate(aspects, start=1)
        ]
    articles = add_articles(document.pk, rows, by=editor, at=at)
    measures = [
        MeasureTerms(
            said["measure"]["key"],
            said["measure"]["title"],
            Applicant(said["measure"]["applicant"]),
            article=article,
        )
        for said, article in zip(told, articles, strict=False)
        if "measure" in said
    ]
    measures += [
        MeasureTerms(**each | {"applicant": Applicant(each["applicant"])} | _limit(each))
        for each in pack.get("programme", [])
    ]
    measures += [
        MeasureTerms(
            f"{pack['key'].upper()}-{place:02d}", f"入库项目{place}（来源未印名称）",
            Applicant.ENTERPRISE,
        )
        for place in range(1, pack.get("measures", 0) + 1)
    ]  # fmt: skip
    if measures:
        add_measures(document.pk, measures, by=editor, at=at)
    break_down(document.pk, by=editor, at=at)
    for duty in pack["duties"]:
        assign_duties(
            document.pk,
            [each.pk for each in articles[duty["first"] - 1 : duty["last"]]],
            lead=units[duty["lead"]],
            responsible=[units[key] for key in duty["responsible"]],
            by=editor,
            at=at,
        )
    complete_duties(document.pk, by=editor, at=at)
    published = publish(document.pk, by=editor, at=at)
    by_key = {each.key: each for each in published.measures.order_by("pk")}
    for told in pack.get("outcome", []):
        tell_outcome(published.pk, _outcome(told, by_key), by=editor, at=at)
    return published


def _limit(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"limit": Decimal(said["limit"])} if "limit" in said else {}


def _outcome(said: Mapping[str, Any], measures: Mapping[str, PolicyMeasure]) -> OutcomeTerms:
    given = dict(said)
    if "measure" in given:
        given["measure"] = measures[given["measure"]]
    if "amount" in given:
        given["amount"] = Decimal(given["amount"])
    exact = {name: Qualifier(given[name]) for name in given if name.endswith("_is")}
    return OutcomeTerms(**given | exact)


def _settle(people: People, document: PolicyDocument, *, at: dt.datetime) -> None:
    """Two overlaps of one document: one settled with its reason, one still waiting."""
    articles = list(document.articles.in_order())
    first = flag_overlap(
        articles[3].pk, text="财政金融局与经济发展局均承担贷款贴息受理，职责交叉。",
        by=people.heads["finance"], at=at,
    )  # fmt: skip
    settle_overlap(
        first.pk, lead=people.units["finance"],
        responsible=[people.units["finance"], people.units["economy"]],
        reason="贴息资金预算在财政金融局，由其牵头受理，经济发展局配合核实企业情况。",
        by=people.leader, at=at + DAY,
    )  # fmt: skip
    flag_overlap(
        articles[11].pk, text="用工补贴与人力资源和社会保障局既有补贴口径交叉，请明确牵头部门。",
        by=people.heads["people"], at=at + 188 * DAY,
    )  # fmt: skip


def _own_policy(people: People, *, now: dt.datetime) -> PolicyDocument:
    """A policy of the zone in two versions, and a third one that is being drawn up."""
    editor, units = people.editor, people.units
    began = now - 330 * DAY
    terms = PolicyTerms(
        title=OWN_TITLE, issuer="云岭高新区管委会", level=PolicyLevel.ZONE,
        number=f"云高管〔{began.year}〕6号", published_on=began.date(), valid_from=began.date(),
        themes=["industry", "finance", "technology", "workforce"], industries=["C"],
    )  # fmt: skip
    document = add_policy(terms, by=editor, at=began)
    add_articles(
        document.pk,
        [ArticleTerms(number, title, wording) for number, title, wording, _unit in OWN],
        by=editor, at=began,
    )  # fmt: skip
    by_number = {each.number: each for each in document.articles.in_order()}
    add_measures(
        document.pk,
        [
            MeasureTerms(key, title, applicant, article=by_number[number])
            for key, title, applicant, number in OWN_MEASURES
        ],
        by=editor, at=began,
    )  # fmt: skip
    break_down(document.pk, by=editor, at=began)
    for number, _title, _wording, unit in OWN:
        assign_duties(
            document.pk, [by_number[number].pk], lead=units[unit],
            responsible=[units[unit], units["service"]], by=editor, at=began,
        )  # fmt: skip
    complete_duties(document.pk, by=editor, at=began)
    publish(document.pk, by=editor, at=began)
    return _second_version(people, document, terms, now=now)


def _second_version(
    people: People, earlier: PolicyDocument, terms: PolicyTerms, *, now: dt.datetime
) -> PolicyDocument:
    editor, at = people.editor, now - 40 * DAY
    later = revise_policy(earlier.pk, by=editor, at=at)
    first_day = (now - 30 * DAY).date()
    known = {name: getattr(terms, name) for name in PolicyTerms.__dataclass_fields__}
    known |= {
        "number": f"云高管〔{at.year}〕21号", "published_on": at.date(), "valid_from": first_day,
        "valid_until": first_day.replace(year=first_day.year + 2, day=1),
    }  # fmt: skip
    change_policy(later.pk, PolicyTerms(**known), by=editor, at=at)
    for article in later.articles.filter(number__in=CHANGED).in_order():
        change_article(
            article.pk, ArticleTerms(article.number, article.title, CHANGED[article.number]),
            by=editor, at=at,
        )  # fmt: skip
    break_down(later.pk, by=editor, at=at)
    complete_duties(later.pk, by=editor, at=at)
    publish(later.pk, by=editor, at=at)
    return PolicyDocument.objects.get(pk=later.pk)


def _talk(
    people: People, document: PolicyDocument, firms: list[Enterprise], *, now: dt.datetime
) -> None:
    """An interpretation, and questions: one answered for all, one for its enterprise, one open."""
    note = write_note(
        document.pk, title="技改补贴和贷款贴息怎么算、怎么报",
        text="技改补贴：设备和软件投资按10%计算，单个项目最高500万元，项目完工后申报。\n\n"
        "贷款贴息：小微企业按实际支付利息的50%计算，单户每年最高30万元，凭利息单据申报。",
        by=people.handlers["economy"][0], at=now - 25 * DAY,
    )  # fmt: skip
    publish_note(note.pk, by=people.handlers["economy"][0], at=now - 24 * DAY)
    articles = {each.number: each for each in document.articles.in_order()}
    asked = (
        ("第二条", "购买国产工业软件的费用能计入设备和软件投资额吗？", "economy",
         "可以。随项目购置并在本区使用的工业软件，凭合同和发票计入。", True, 12),
        ("第三条", "我公司去年11月的贷款跨年结息，应在哪一年申报？", "finance",
         "按实际支付利息的年度申报；请携带银行结息单到窗口核对。", False, 6),
        ("第四条", "研发费用以加计扣除申报数为准，还是以审计报告为准？", "science", "", False, 1),
    )  # fmt: skip
    members = Membership.objects.confirmed().filter(enterprise__in=firms).select_related("user")
    askers = [each for each in members.order_by("pk") if each.user][: len(asked)]
    for member, (number, text, unit, answer, is_published, days) in zip(
        askers, asked, strict=False
    ):
        assert member.user is not None
        question = ask_question(
            document.pk, enterprise=member.enterprise, text=text, article=articles[number],
            by=member.user, at=now - days * DAY,
        )  # fmt: skip
        if answer:
            answer_question(
                question.pk, answer=answer, is_published=is_published,
                by=people.handlers[unit][0], at=now - (days - 1) * DAY,
            )  # fmt: skip


def _read(documents: list[PolicyDocument], firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Some months of reading; the zone's own policy is read most."""
    for place, document in enumerate(documents):
        often = 12 if document is documents[-1] else 1 + place % 4
        for turn in range(often):
            at = now - turn * 9 * DAY
            count_reading(document, reader=Reader.PUBLIC, at=at)
            firm = firms[(place + turn * 3) % len(firms)]
            count_reading(document, reader=Reader.ENTERPRISE, at=at, enterprise_ids=(firm.pk,))
            if turn % 3 == 0:
                count_reading(document, reader=Reader.STAFF, at=at)
