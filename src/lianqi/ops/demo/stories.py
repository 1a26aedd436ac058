"""What enterprises ask and departments answer in the demo zone."""

from dataclasses import dataclass

from lianqi.work.enums import Urgency


@dataclass(frozen=True, slots=True)
class Kind:
    """A category with its lead unit and typical matters: title, text, answer."""

    code: str
    zh: str
    en: str
    unit: str
    urgency: Urgency
    matters: tuple[tuple[str, str, str], ...]


KINDS = (
    Kind(
        "labour",
        "用工招聘",
        "Labour and hiring",
        "people",
        Urgency.NORMAL,
        (
            (
                "新产线急缺{n}名装配工",
                "新产线预计下月投产，目前仍缺{n}名装配工，希望协助组织专场招聘或与职业院校对接。",
                "已将岗位纳入本月专场招聘会，并与云岭职业技术学院对接，首批{n}名实习生将于两周内到岗。",
            ),
            (
                "员工子女入学如何办理",
                "我司引进的技术骨干有{n}名子女需在区内入学，请告知办理条件和时间。",
                "符合人才子女入学条件，请于每年6月登录平台提交材料，本次{n}名已登记并由专人联系。",
            ),
        ),
    ),
    Kind(
        "finance",
        "融资对接",
        "Financing",
        "finance",
        Urgency.NORMAL,
        (
            (
                "流动资金贷款到期续贷困难",
                "我司一笔{n}00万元流动资金贷款下月到期，订单正常但回款周期长，希望协调续贷。",
                "已协调银行上门尽调，采用无还本续贷方式办理，{n}00万元额度已获批。",
            ),
            (
                "希望对接科技信贷产品",
                "拟扩大研发投入，想了解科技信贷和担保政策。",
                "已安排两家银行与贵司对接，并发送产品清单。",
            ),
        ),
    ),
    Kind(
        "utilities",
        "水电气保障",
        "Power, water, gas",
        "build",
        Urgency.URGENT,
        (
            (
                "园区夜间多次停电",
                "本月夜间停电{n}次，产线停工造成损失，请尽快解决。",
                "供电公司已完成线路改造并增设备用电源，近期未再发生停电。",
            ),
            (
                "申请增容{n}00千伏安",
                "新设备安装后用电负荷不足，申请增容{n}00千伏安。",
                "供电方案已答复，预计三周内完成施工。",
            ),
        ),
    ),
    Kind(
        "approval",
        "政务服务",
        "Approvals",
        "market",
        Urgency.NORMAL,
        (
            (
                "经营范围变更材料被退回",
                "经营范围变更材料已提交{n}次均被退回，希望一次告知需补正内容。",
                "已一次性告知补正清单并安排专人帮办，变更已于当日完成。",
            ),
            (
                "厂房改造如何办理施工许可",
                "租用标准厂房进行改造，请问需要办理哪些手续。",
                "已发送办理清单，简易低风险项目可合并办理。",
            ),
        ),
    ),
    Kind(
        "policy",
        "政策兑现",
        "Policy pay-out",
        "science",
        Urgency.NORMAL,
        (
            (
                "高新技术企业认定奖励何时拨付",
                "我司去年通过高新技术企业认定，请问奖励资金何时拨付。",
                "奖励名单已公示完毕，资金将于本季度拨付到账。",
            ),
            (
                "研发费用补助申报条件咨询",
                "请问研发费用补助的归集口径与税务口径是否一致。",
                "以税务加计扣除口径为准，附申报指引。",
            ),
        ),
    ),
    Kind(
        "logistics",
        "物流运输",
        "Logistics",
        "economy",
        Urgency.NORMAL,
        (
            (
                "货车进园区时段受限",
                "园区周边道路货车限行，每天有{n}车货无法及时送达。",
                "已协调交管部门为贵司办理{n}张通行证。",
            ),
            (
                "原材料运输车辆通行证",
                "申请办理外地原材料运输车辆通行证{n}张。",
                "通行证已办理，请到服务工作站领取。",
            ),
        ),
    ),
    Kind(
        "environment",
        "生态环保与安全",
        "Environment and safety",
        "safety",
        Urgency.NORMAL,
        (
            (
                "环评手续办理周期咨询",
                "扩产项目需做环评，请问能否共享区域评估成果。",
                "贵司地块已完成区域评估，可直接引用，免于重复编制。",
            ),
            (
                "周边施工扬尘影响洁净车间",
                "相邻工地扬尘较大，影响洁净车间运行。",
                "已责令施工单位落实湿法作业并加装围挡。",
            ),
        ),
    ),
    Kind(
        "market",
        "市场开拓",
        "Market",
        "invest",
        Urgency.NORMAL,
        (
            (
                "寻找本地精密加工配套",
                "希望在区内寻找{n}家精密加工配套企业。",
                "已推荐{n}家配套企业并组织对接会。",
            ),
            (
                "参加光电展会的展位支持",
                "计划参加下半年光电展会，请问有无统一组团和展位补贴。",
                "已纳入组团名单，展位费按政策给予补贴。",
            ),
        ),
    ),
)
