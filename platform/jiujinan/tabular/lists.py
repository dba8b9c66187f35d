"""The shared code lists as files spell them: code, Chinese label, further accepted spellings."""

from collections.abc import Mapping
from enum import StrEnum

from jiujinan.codes import (
    Cause,
    DiscoveryChannel,
    Group,
    ItemCategory,
    ItemKind,
    ReliefCircle,
    SensitiveKind,
    Source,
    Tier,
)
from jiujinan.tabular.schema import Code, CodeList


def spelled(name_zh: str, spellings: Mapping[StrEnum, str]) -> CodeList:
    """Return a list from `label|alias|alias` by code."""
    entries = []
    for code, text in spellings.items():
        label, *aliases = text.split("|")
        entries.append(Code(code.value, label, tuple(aliases)))
    return CodeList(name_zh, tuple(entries))


CAUSES = spelled(
    "困难原因",
    {
        Cause.ILLNESS: "重大疾病|因病|疾病|大病|患病|重病",
        Cause.DISABILITY: "残疾|因残",
        Cause.ACCIDENT: "意外事故|意外|交通事故|工伤",
        Cause.DISASTER: "火灾或自然灾害|灾害|因灾|火灾|自然灾害|水灾",
        Cause.SCHOOLING: "就学负担|就学|因学|教育|上学",
        Cause.UNEMPLOYMENT: "失业|下岗|缺乏就业",
        Cause.BEREAVEMENT: "主要劳动力去世|亲人去世|丧亲|丧失劳动力",
        Cause.CARE: "照护负担|照料负担",
        Cause.HOUSING: "住房困难|住房|危房",
        Cause.OTHER: "其他",
    },
)
KINDS = spelled(
    "事项类型",
    {
        ItemKind.CASH: "现金|资金|钱款|金钱",
        ItemKind.GOODS: "物资|实物|物品",
        ItemKind.SERVICE: "服务",
    },
)
CATEGORIES = spelled(
    "事项类别",
    {
        ItemCategory.MEDICAL: "医疗费用|医疗|医药费|医疗费|医疗救治",
        ItemCategory.LIVING: "基本生活费用|基本生活|生活费|生活费用|生活",
        ItemCategory.SCHOOLING: "就学费用|学费|教育费用|教育|就学",
        ItemCategory.HOUSING: "住房费用|住房|房屋修缮|租房",
        ItemCategory.REHABILITATION: "康复费用|康复",
        ItemCategory.FUNERAL: "丧葬费用|丧葬|丧葬费",
        ItemCategory.UTILITIES: "水电取暖费用|水电取暖|取暖|水电费",
        ItemCategory.FOOD: "食品|米面油|粮油",
        ItemCategory.BEDDING: "被褥|床上用品|棉被",
        ItemCategory.CLOTHING: "衣物|衣服|服装|棉衣",
        ItemCategory.MEDICAL_DEVICES: "医疗辅具|辅具|轮椅|医疗器械",
        ItemCategory.SCHOOL_SUPPLIES: "学习用品|文具",
        ItemCategory.APPLIANCES: "家用电器|家电|电器",
        ItemCategory.NEEDS_SURVEY: "需求调查|需求评估",
        ItemCategory.HARDSHIP_HELP: "困难帮扶",
        ItemCategory.SOCIAL_INCLUSION: "社会融入",
        ItemCategory.COUNSELLING: "心理疏导|心理辅导|心理咨询",
        ItemCategory.COMFORT: "精神慰藉|陪伴",
        ItemCategory.CARE: "照护|护理|照料",
        ItemCategory.ESCORT: "陪同就医|陪诊",
        ItemCategory.LEGAL_AID: "法律援助",
        ItemCategory.TUTORING: "课业辅导|学业辅导",
        ItemCategory.EMPLOYMENT: "就业帮扶|就业援助",
    },
)
TIERS = spelled(
    "紧急程度",
    {
        Tier.DEPARTMENTAL: "部门救助|部门|一般",
        Tier.JOINT: "联合救助|联合|较急",
        Tier.CRITICAL: "特急救助|特急|紧急",
    },
)
CIRCLES = spelled(
    "救助圈层",
    {
        ReliefCircle.BASIC: "低保、特困|低保|特困|最低生活保障|低保·特困|特困供养",
        ReliefCircle.EDGE: "低保边缘、支出型困难|低保边缘|支出型困难|支出型|低边|低保边缘·支出型",
        ReliefCircle.RING_150: "收入不超过低保标准1.5倍|1.5倍|低收入1.5倍",
        ReliefCircle.RING_200: "收入不超过低保标准2倍|2倍|低收入2倍",
        ReliefCircle.OTHER: "其他居民|其他|普通居民|非低保",
    },
)
CHANNELS = spelled(
    "发现渠道",
    {
        DiscoveryChannel.APPLICATION: "本人申请|申请|依申请|自主申请",
        DiscoveryChannel.VILLAGE_CADRE: "村（社区）干部|村干部|社区干部|村居干部",
        DiscoveryChannel.GRID_WORKER: "网格员",
        DiscoveryChannel.MUTUAL_AID_GROUP: "互助小组",
        DiscoveryChannel.HOME_VISIT: "入户走访|走访|入户",
        DiscoveryChannel.SOCIAL_WORKER: "社会工作者|社工",
        DiscoveryChannel.VOLUNTEER: "志愿者",
        DiscoveryChannel.DATA_COMPARISON: "信息比对|数据比对|大数据预警",
        DiscoveryChannel.DEPARTMENT: "部门通报|部门转办",
        DiscoveryChannel.HOTLINE: "热线电话|热线|12345|12345热线",
        DiscoveryChannel.PUBLIC_REPORT: "网上上报|公众上报|微信上报|群众反映",
        DiscoveryChannel.MEDIA: "媒体报道|媒体",
        DiscoveryChannel.BORDER_PATROL: "边境巡查|边境走访",
    },
)
GROUPS = spelled(
    "人群标记",
    {
        Group.CHILD: "儿童|未成年人",
        Group.ORPHAN: "孤儿及事实无人抚养儿童|孤儿|事实无人抚养儿童",
        Group.LEFT_BEHIND_CHILD: "留守儿童",
        Group.STUDENT: "学生|在校学生",
        Group.ELDER: "老年人|老人",
        Group.LIVING_ALONE: "独居|独居老人",
        Group.DISABLED: "残疾人|残疾",
        Group.SEVERE_ILLNESS: "重病患者|大病患者|重病",
        Group.SINGLE_PARENT: "单亲家庭|单亲",
        Group.WOMAN: "妇女|女性",
        Group.EXTREME_HARDSHIP: "特困人员|特困",
        Group.BORDER_RESIDENT: "边民|边境居民",
        Group.NON_LOCAL: "非本地户籍|外来人口",
        Group.MIGRANT_WORKER: "农民工|外出务工人员",
        Group.VETERAN: "退役军人",
        Group.WORKER: "困难职工|职工",
    },
)
SOURCES = spelled(
    "来源",
    {
        Source.CIVIL_AFFAIRS: "民政部门|民政|民政局",
        Source.HOSPITAL: "医院|医疗机构",
        Source.MEDICAL_INSURANCE: "医保部门|医保|医保局",
        Source.SCHOOL: "学校|教育部门",
        Source.DISABLED_FEDERATION: "残联|残疾人联合会",
        Source.TRADE_UNION: "工会|总工会",
        Source.WOMENS_FEDERATION: "妇联|妇女联合会",
        Source.YOUTH_LEAGUE: "共青团|团委",
        Source.BORDER_WATCH_LIST: "边境监测名单|边境名单",
        Source.RURAL_REVITALISATION: "乡村振兴部门|乡村振兴",
        Source.VETERANS_AFFAIRS: "退役军人事务部门|退役军人事务局",
        Source.EMERGENCY_MANAGEMENT: "应急管理部门|应急管理局",
        Source.PUBLIC_REPORT: "公众上报|群众反映",
    },
)
SENSITIVE_KINDS = spelled(
    "不宜单独公开的类型",
    {
        SensitiveKind.DOMESTIC_VIOLENCE: "家庭暴力|家暴",
        SensitiveKind.SEXUAL_VIOLENCE: "性侵害",
        SensitiveKind.HIV: "艾滋病|HIV感染",
        SensitiveKind.MENTAL_ILLNESS: "精神障碍|精神疾病",
        SensitiveKind.ADOPTION: "收养",
        SensitiveKind.MINOR_SUBJECT: "未成年人为主体|未成年人",
        SensitiveKind.RARE_DISEASE: "罕见病",
        SensitiveKind.IN_THE_MEDIA: "曾被媒体报道|媒体报道",
    },
)
