"""Demands as people word them: a grammar over the matters of data/matters.csv.

Every matter has a title, a problem in the words of an office and one in the words of a workshop.
A matter may also be no more than a word of its trade (data/terms.csv) and that something is the
matter with it, as many short demands are. Around it stand opening, consequence and request, each from a list of its own; some demands are
terse, some colloquial, some have typing mistakes, some mention a second matter in passing. Matters
and sentence patterns are split: what is `test` shares neither with what is `train`, so that a
classifier cannot learn the sample by heart. Everything is invented.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"
TRAIN, TEST = "train", "test"
PLACES = (
    "云溪路", "科创二路", "东湖园区", "一号厂区", "智造谷三期", "星海大道", "金谷孵化园",
    "望江街道工业园", "北区", "生物岛", "综保区北门", "岭南路与创新路交叉口",
)  # fmt: skip
MONTHS = ("下月", "本月底", "三月", "六月", "今年四季度", "年底", "春节后", "国庆前")
OPENINGS = {
    TRAIN: (
        "", "", "我司", "您好，我司", "尊敬的管委会领导：我公司", "我们是园区一家制造企业，",
        "现将有关情况反映如下：", "反映一个问题：", "你好，", "贵区服务中心：我单位",
    ),
    TEST: ("", "领导好，", "我单位成立三年，", "向贵办求助：", "麻烦问一下，", "情况是这样的："),
}  # fmt: skip
CONSEQUENCES = {
    TRAIN: (
        "", "", "已影响正常生产。", "订单面临违约风险。", "员工意见很大。", "每天损失约{n}万元。",
        "问过几个部门都说不归他们管。", "打过两次电话没有结果。", "影响后续融资和扩产计划。",
        "客户已多次催促。", "目前只能自己想办法。",
    ),
    TEST: ("", "再拖下去只能减产。", "已经第{n}次反映了。", "总部对此非常关注。", "给经营带来困难。"),
}  # fmt: skip
REQUESTS = {
    TRAIN: (
        "", "恳请协调解决。", "希望尽快处理。", "请问应当找哪个部门？", "请告知办理条件和时限。",
        "盼复，谢谢。", "请派人现场看看。", "请求政策支持。", "望予以协调为感。", "能不能帮忙问问？",
    ),
    TEST: ("", "请给个明确答复。", "如何办理，请指点。", "期待贵办牵线。", "烦请督办。"),
}  # fmt: skip
COLLOQUIAL = {
    TRAIN: ("{said}，咋办啊", "{said}，帮帮忙", "喂你好，{said}，管不管", "{place}这边{said}"),
    TEST: ("{said}，急", "想反映下，{said}", "老板让我问问，{said}怎么弄"),
}
TERSE = {TRAIN: ("{title}", "咨询{title}", "{title}，请协调"), TEST: ("关于{title}", "{title}求助")}
ASIDES = (
    "另外，上次反映的{other}已解决，谢谢。", "（此前还咨询过{other}。）", "与{other}无关。",
)  # fmt: skip
TITLES = {TRAIN: ("{title}", "{title}", "关于{title}的诉求", "{place}{title}"), TEST: ("{title}", "反映{title}", "{title}问题")}  # fmt: skip
# Characters that are mistyped for one another with the same pinyin.
SLIPS = dict(zip("的在做账已请厂贷税证专", "得再作帐己清场代睡正砖", strict=True))
ASKING = (
    "{term}有困难", "咨询{term}", "{term}如何办理", "{term}的问题", "{term}与{term2}", "{term}、{term2}相关事项",
)  # fmt: skip
TERM_SHARE = 0.5
TERSE_SHARE, COLLOQUIAL_SHARE, ASIDE_SHARE, SLIP_SHARE = 0.12, 0.25, 0.12, 0.15


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that goes wrong in an enterprise, and the category it belongs to."""

    code: str
    split: str
    title: str
    problem: str
    said: str


@dataclass(frozen=True, slots=True)
class Worded:
    """A demand as it was handed in, with the category that is right for it."""

    code: str
    title: str
    text: str


@cache
def matters(split: str = "") -> tuple[Matter, ...]:
    """The matters of one side of the split, or all of them."""
    with (DATA / "matters.csv").open(encoding="utf-8", newline="") as lines:
        found = (Matter(**row) for row in csv.DictReader(lines))
        return tuple(each for each in found if split in {"", each.split})


@cache
def terms() -> dict[str, list[str]]:
    """The words of each trade. Only the training side is made of them."""
    with (DATA / "terms.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["terms"].split() for row in csv.DictReader(lines)}


def codes() -> tuple[str, ...]:
    """The categories, in the order of the file."""
    return tuple(dict.fromkeys(each.code for each in matters()))


def sample(count: int, *, split: str, seed: int) -> Iterator[Worded]:
    """Yield `count` demands, as many of each category; the same seed gives the same ones."""
    chance, order = Random(seed), codes()
    by_code = {code: [each for each in matters(split) if each.code == code] for code in order}
    for number in range(count):
        code = order[number % len(order)]
        if split == TRAIN and chance.random() < TERM_SHARE:
            yield word(_of_terms(code, chance), chance, split=split)
        else:
            yield word(chance.choice(by_code[code]), chance, split=split)


def _of_terms(code: str, chance: Random) -> Matter:
    """A matter made of two words of a trade."""
    slots = dict(zip(("term", "term2"), chance.sample(terms()[code], 2), strict=True))
    title, problem, said = (chance.choice(ASKING).format(**slots) for _ in range(3))
    return Matter(code, TRAIN, title, problem, said)


def word(matter: Matter, chance: Random, *, split: str = TRAIN, titles_slip: bool = True) -> Worded:
    """Put one matter into the words of one person; not everybody rereads a title."""
    slots = {
        "n": str(chance.randint(2, 9)),
        "month": chance.choice(MONTHS),
        "place": chance.choice(PLACES),
        "title": matter.title,
        "said": matter.said,
    }
    title = chance.choice(TITLES[split]).format(**slots)
    kind = chance.random()
    if kind < TERSE_SHARE:
        text = chance.choice(TERSE[split]).format(**slots)
    elif kind < TERSE_SHARE + COLLOQUIAL_SHARE:
        text = chance.choice(COLLOQUIAL[split]).format(**slots)
        if chance.random() < 0.5:
            title = matter.said
    else:
        parts = (OPENINGS[split], (f"{matter.problem}。",), CONSEQUENCES[split], REQUESTS[split])
        text = "".join(chance.choice(part).format(**slots) for part in parts)
    if chance.random() < ASIDE_SHARE:
        other = chance.choice(matters(split)).title
        text += chance.choice(ASIDES).format(other=other)
    if chance.random() < SLIP_SHARE:
        title = _slip(title, chance) if titles_slip else title
        text = _slip(text, chance)
    return Worded(matter.code, title, text)


def _slip(text: str, chance: Random) -> str:
    """One typing mistake: a wrong character of the same sound, two swapped, or one left out."""
    wrong = [place for place, character in enumerate(text) if character in SLIPS]
    if wrong and chance.random() < 0.5:
        place = chance.choice(wrong)
        return text[:place] + SLIPS[text[place]] + text[place + 1 :]
    place = chance.randrange(max(1, len(text) - 1))
    if chance.random() < 0.5:
        return (
            text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
        )
    return text[:place] + text[place + 1 :] if len(text) > 4 else text
