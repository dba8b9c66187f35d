"""The resources file: five sheets, column by column (docs/case-file.md says the same for people)."""

from donors.intake.lists import FUND_KINDS, ORGANISATION_KINDS
from jiujinan.tabular import lists
from jiujinan.tabular.schema import Column, Kind, Sheet

_BILLION_YUAN = 100_000_000_000
_UNITS = 10_000_000


def _area(name_zh: str, *aliases: str, required: bool = False) -> Column:
    return Column(
        name_zh, "regions", Kind.TEXTS, required=required, limit=2000, aliases=aliases,
        example="990121、990122", help_zh="区划代码或不重名的全称，可填省、市、县，多个用顿号隔开；不填为不限",
    )  # fmt: skip


def _groups(name_zh: str, *aliases: str) -> Column:
    return Column(
        name_zh, "groups", Kind.CODES, codes=lists.GROUPS, aliases=aliases, example="老年人、残疾人",
        help_zh="多个用顿号隔开；不填为不限",
    )  # fmt: skip


def _money(name_zh: str, name: str, help_zh: str, *aliases: str, example: str = "") -> Column:
    return Column(
        name_zh, name, Kind.MONEY, aliases=aliases, maximum=_BILLION_YUAN, help_zh=help_zh, example=example
    )


def _day(name_zh: str, name: str, help_zh: str, *aliases: str, required: bool = False) -> Column:
    return Column(
        name_zh, name, Kind.DATE, required=required, aliases=aliases, help_zh=help_zh, example="2026-01-01"
    )


def _organisation(name_zh: str, help_zh: str, *aliases: str) -> Column:
    return Column(
        name_zh, "organisation", Kind.TEXT, required=True, limit=200, aliases=aliases,
        help_zh=help_zh + "；填“组织”表中的名称或统一社会信用代码", example="云川市慈善总会（示例）",
    )  # fmt: skip


def _name(name_zh: str, *aliases: str, limit: int = 120) -> Column:
    return Column(name_zh, "name", Kind.TEXT, required=True, limit=limit, aliases=("名称", *aliases))


ORGANISATIONS = Sheet(
    "组织",
    "organisations",
    (
        _name("组织名称", "机构名称", "单位名称", limit=200),
        Column(
            "组织类型", "kind", Kind.CODE, required=True, codes=ORGANISATION_KINDS, example="慈善组织",
            aliases=("类型", "机构类型"), help_zh="五类之一",
        ),
        Column(
            "统一社会信用代码", "credit_code", Kind.CREDIT_CODE, required=True, example="（18 位代码）",
            aliases=("信用代码", "社会信用代码"), help_zh="GB 32100；单元格须为文本格式",
        ),
        Column(
            "区划代码", "region", Kind.TEXT, required=True, limit=40, example="990100",
            aliases=("行政区划代码", "所在区划", "区划"), help_zh="所在地；可填省、市、县",
        ),
        _day("资质有效期", "evidence_expires_on", "登记证书等资质的到期日；不填为长期", "有效期至"),
        Column("简介", "description", Kind.TEXT, aliases=("说明",), limit=2000, help_zh="会公开"),
    ),
    aliases=("机构",),
    key="name",
)  # fmt: skip
FUNDS = Sheet(
    "基金",
    "funds",
    (
        _name("基金名称"),
        _organisation("持有组织", "持有并管理资金的慈善组织", "持有人", "管理组织"),
        Column(
            "冠名企业", "named_for", Kind.TEXT, limit=200, aliases=("冠名单位",),
            help_zh="企业冠名基金必填；填“组织”表中的企业",
        ),
        Column(
            "基金类型", "kind", Kind.CODE, required=True, codes=FUND_KINDS, example="企业冠名基金",
            aliases=("类型",), help_zh="四类之一",
        ),
        Column(
            "期初余额", "opening_fen", Kind.MONEY, required=True, maximum=_BILLION_YUAN, example="200000",
            aliases=("余额", "初始余额"), help_zh="导入之日可用的资金",
        ),
        _area("限定区划", "限定地区", "区划"),
        Column(
            "限定类别", "categories", Kind.CODES, codes=lists.CATEGORIES, example="医疗费用、康复费用",
            aliases=("类别", "资助类别"), help_zh="只能是现金类；不填为不限",
        ),
        Column(
            "限定紧急程度", "tiers", Kind.CODES, codes=lists.TIERS, example="联合救助、特急救助",
            aliases=("紧急程度",), help_zh="不填为不限",
        ),
        _groups("限定人群", "人群"),
        Column(
            "政府救助在先", "government_first", Kind.YES_NO, example="是",
            aliases=("政府救助优先", "须先经政府救助"), help_zh="只资助政府救助之后仍有困难的；不填为否",
        ),
        _money("每案上限", "per_case_cap_fen", "每个案卷最多资助；不填为不限", "每案限额", example="10000"),
        Column(
            "占需求比例上限", "share_cap_permille", Kind.INTEGER, minimum=1, maximum=1000, example="500",
            aliases=("比例上限",), help_zh="千分比：500 即每项所需的一半；不填为不限",
        ),
        _money("最低资助额", "minimum_grant_fen", "低于此数不资助；不填为 0", "起点金额", example="500"),
        _money("每户上限", "per_household_cap_fen", "每户在周期内最多资助", "每户限额", example="20000"),
        Column(
            "每户周期天数", "household_period_days", Kind.INTEGER, minimum=1, maximum=3660, example="365",
            aliases=("每户周期",), help_zh="与每户上限同时填写",
        ),
        _money("保留金额", "reserve_fen", "须留存不用的资金；不填为 0", "保留金", example="10000"),
        _money("二次审批起点", "second_approval_above_fen", "超过此数须第二人批准；不填为不需要"),
        _day("启用日期", "starts_on", "可以资助的第一天", "开始日期", required=True),
        _day("截止日期", "ends_on", "可以资助的最后一天；不填为长期", "结束日期"),
        Column("资金用途", "purpose", Kind.TEXT, limit=1000, aliases=("用途",), help_zh="章程中的原文"),
    ),
    required=False,
)  # fmt: skip
OFFERS = Sheet(
    "服务",
    "offers",
    (
        _name("服务名称"),
        _organisation("提供组织", "社工机构或其他组织", "服务机构", "机构"),
        Column(
            "服务类别", "category", Kind.CODE, required=True, codes=lists.CATEGORIES, example="心理疏导",
            aliases=("类别",), help_zh="只能是服务类",
        ),
        Column("单位", "unit", Kind.TEXT, limit=16, example="次", help_zh="不填按次计"),
        Column(
            "每周容量", "weekly_capacity", Kind.INTEGER, required=True, minimum=1, maximum=_UNITS,
            example="10", aliases=("每周能力", "周容量"), help_zh="每周最多提供多少",
        ),
        Column(
            "总量", "total", Kind.INTEGER, required=True, minimum=1, maximum=_UNITS, example="200",
            aliases=("总次数", "总容量"), help_zh="在服务期内最多提供多少",
        ),
        _area("服务区域", "区域", "覆盖区域"),
        _groups("服务人群", "人群"),
        Column(
            "服务语言", "languages", Kind.TEXTS, limit=100, example="普通话、壮语", aliases=("语言",),
            help_zh="多个用顿号隔开",
        ),
        Column("服务时间", "hours", Kind.TEXT, limit=120, example="工作日 9:00–17:00", help_zh="何时提供"),
        _day("开始日期", "starts_on", "可以提供的第一天", "启用日期", required=True),
        _day("结束日期", "ends_on", "可以提供的最后一天；不填为长期", "截止日期"),
    ),
    required=False,
)  # fmt: skip
LOTS = Sheet(
    "物资",
    "lots",
    (
        _name("物资名称", "物品名称"),
        _organisation("爱心驿站", "存放物资的驿站", "驿站", "存放驿站"),
        Column(
            "物资类别", "category", Kind.CODE, required=True, codes=lists.CATEGORIES, example="被褥",
            aliases=("类别",), help_zh="只能是物资类",
        ),
        Column("单位", "unit", Kind.TEXT, limit=16, example="床", help_zh="不填按件计"),
        Column(
            "数量", "total", Kind.INTEGER, required=True, minimum=1, maximum=_UNITS, example="120",
            aliases=("库存", "总量"), help_zh="现有库存",
        ),
        _day("有效期", "expires_on", "保质期的最后一天；不填为无期限", "保质期", "到期日"),
        _area("服务区域", "区域", "覆盖区域"),
        _groups("服务人群", "人群"),
        Column(
            "可配送", "delivers", Kind.YES_NO, example="是", aliases=("是否配送", "配送"), help_zh="不填为否"
        ),
    ),
    required=False,
)  # fmt: skip
PAIRINGS = Sheet(
    "结对",
    "pairings",
    (
        _organisation("结对方", "结对单位（市、企业等）", "帮扶方"),
        _area("结对区划", "被帮扶区划", "区划", required=True),
        _day("开始日期", "starts_on", "结对的第一天", required=True),
        _day("结束日期", "ends_on", "结对的最后一天；不填为长期"),
        _money("认捐金额", "pledged_fen", "承诺的资金；不填为 0", "承诺资金", example="500000"),
        Column(
            "就业岗位", "jobs", Kind.INTEGER, minimum=0, maximum=_UNITS, example="30",
            aliases=("岗位数",), help_zh="承诺的岗位数；不填为 0",
        ),
        Column("物资支持", "goods", Kind.TEXT, limit=1000, help_zh="承诺的物资"),
        Column("服务支持", "services", Kind.TEXT, limit=1000, help_zh="承诺的服务"),
    ),
    aliases=("结对帮扶", "对口帮扶"),
    required=False,
)  # fmt: skip
SHEETS = (ORGANISATIONS, FUNDS, OFFERS, LOTS, PAIRINGS)
