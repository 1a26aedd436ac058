"""Matters that many firms report at once: what makes a class of cases of single ones."""

import datetime as dt
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Wave:
    """So many demands of one cause, filed between two days before today.

    What is `settled` was answered each time, and each time came back; the others wait.
    """

    code: str
    count: int
    first_day: int
    last_day: int
    settled: bool
    said: tuple[tuple[str, str], ...]
    answer: str = ""

    def days(self, random: Random) -> list[float]:
        """How many days ago each was filed."""
        return [random.uniform(self.last_day, self.first_day) for _ in range(self.count)]


POWER_CUTS = (
    (
        "园区夜间频繁停电",
        "本周夜间停电三次，每次约二十分钟，注塑机停机后需重新升温，请查明停电原因。",
    ),
    (
        "夜间停电导致产线停工",
        "昨夜十一点园区再次停电，产线停工两小时，半成品报废，请尽快解决夜间停电问题。",
    ),
    ("反映厂区夜间停电", "厂区夜间多次停电，无任何通知，空压机和冷冻机反复启停，担心设备损坏。"),
    ("夜里老是停电", "这个月夜里停电好几回了，夜班没法干活，供电这事到底谁来管？"),
    ("请求改造园区供电线路", "园区供电线路老化，夜间停电频繁，建议改造线路或增设备用电源。"),
)
ROAD_CLOSED = (
    (
        "货车限行原料进不来",
        "东湖大道货车限行后，原料车辆白天无法进园，产线库存只够两天，请协调通行。",
    ),
    (
        "请求放宽货车限行时段",
        "货车限行时段过长，成品出不去，客户催货，请放宽东湖大道限行时段或办理通行证。",
    ),
    (
        "东湖大道货车限行影响发货",
        "货车限行以来每天只能夜间发货，运费上涨三成，请协调交管部门办理通行证。",
    ),
    (
        "货车进园区被罚款",
        "司机按原路线进园被罚款，才知道东湖大道货车限行，请公布绕行路线并办理通行证。",
    ),
    ("限行后物流车排队", "限行后货车都集中在夜间进园，北门排队两小时，请协调交管部门增开通道。"),
    ("咨询货车限行通行证", "东湖大道货车限行，我司十二辆货车如何办理通行证，多久能办下来？"),
)
SHUTTLE_BUS = (
    ("员工夜班没有公交", "夜班十二点下班后没有公交，员工骑车不安全，请延长园区公交末班车时间。"),
    (
        "请求延长园区公交末班车",
        "园区公交末班车太早，夜班员工无法回家，请延长末班车时间或开行夜班公交。",
    ),
    ("夜班公交末班车问题", "希望园区公交末班车延到零点半，夜班员工下班没有公交可坐。"),
    ("园区公交末班时间太早", "公交末班车晚上八点半，夜班员工叫车费用高，请延长末班车。"),
)

WAVES = (
    Wave(
        "utilities",
        9,
        first_day=95,
        last_day=43,
        settled=True,
        said=POWER_CUTS,
        answer="供电公司已到现场抢修，当晚恢复供电；线路老化问题已上报，改造方案确定后另行告知。",
    ),
    Wave(
        "utilities",
        1,
        first_day=21,
        last_day=19,
        settled=True,
        said=POWER_CUTS[:1],
        answer="系设备检修造成的短时停电，已恢复；备用电源已投入使用。",
    ),
    Wave("logistics", 6, first_day=9, last_day=1, settled=False, said=ROAD_CLOSED),
    Wave("transport", 4, first_day=7, last_day=1, settled=False, said=SHUTTLE_BUS),
)


def filed(
    waves: tuple[Wave, ...], *, now: dt.datetime, random: Random
) -> list[tuple[dt.datetime, Wave, tuple[str, str]]]:
    """When each was filed, of which wave it is, and its title and text."""
    return [
        (now - dt.timedelta(days=days), wave, wave.said[number % len(wave.said)])
        for wave in waves
        for number, days in enumerate(wave.days(random))
    ]
