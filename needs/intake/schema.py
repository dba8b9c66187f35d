"""The case file: three sheets, column by column (docs/case-file.md says the same for people)."""

from jiujinan.tabular import lists
from jiujinan.tabular.schema import Column, Kind, Sheet
from needs.intake.lists import ECONOMIC_CHECKS, GOVERNMENT_STATUSES, RELATIONS, SEXES, UNITS

_ONE_YUAN = 100
_HUNDRED_MILLION_YUAN = 100_000_000 * _ONE_YUAN
_NUMBER = Column(
    "案卷编号", "number", Kind.TEXT, required=True, limit=60, example="QH-2026-0001",
    aliases=("案卷号", "个案编号", "编号"), help_zh="同一来源内不重复；三张表靠它相连",
)  # fmt: skip


def _expense(name_zh: str, name: str, *aliases: str) -> Column:
    return Column(
        name_zh, name, Kind.MONEY, aliases=aliases, maximum=_HUNDRED_MILLION_YUAN, example="36000",
        help_zh="近 12 个月自付的刚性支出；不填按 0 计",
    )  # fmt: skip


def _item_columns(*, inline: bool) -> tuple[Column, ...]:
    """Return an item's columns; on the case sheet they are all optional and bear the prefix 事项."""
    required = not inline
    return (
        Column(
            "事项类型", "item_kind", Kind.CODE, codes=lists.KINDS, example="现金",
            aliases=("类型", "需求类型"), help_zh="不填则由类别决定",
        ),
        Column(
            "事项类别", "item_category", Kind.CODE, required=required, codes=lists.CATEGORIES,
            example="医疗费用", aliases=("类别", "需求类别"), help_zh="缺什么",
        ),
        Column(
            "所需金额或数量", "item_required", Kind.NUMBER, required=required, minimum=0,
            maximum=100_000_000, example="12000.00",
            aliases=("所需金额", "所需数量", "金额或数量", "需求金额"),
            help_zh="现金填元（最多两位小数），物资、服务填整数",
        ),
        Column(
            "单位", "item_unit", Kind.CODE, codes=UNITS, example="元", aliases=("计量单位",),
            help_zh="现金为元，物资为件，服务为次；不填按类型计",
        ),
        Column(
            "政府已解决", "item_government", Kind.NUMBER, minimum=0, maximum=100_000_000, example="3000",
            aliases=("政府已救助", "政府救助金额"), help_zh="与所需同一单位；不填按 0 计",
        ),
        Column(
            "保险已赔付", "item_insurance", Kind.NUMBER, minimum=0, maximum=100_000_000, example="2000",
            aliases=("保险已解决", "保险赔付"), help_zh="与所需同一单位；不填按 0 计",
        ),
        Column(
            "事项说明", "item_note", Kind.TEXT, example="手术后三个月用药", sensitive=True,
            aliases=("说明", "需求说明"), help_zh="不会公开；请勿写姓名和证件号",
        ),
    )  # fmt: skip


CASES = Sheet(
    "案卷",
    "cases",
    (
        _NUMBER,
        Column(
            "来源", "source", Kind.CODE, codes=lists.SOURCES, example="民政部门",
            aliases=("数据来源", "来源部门"), help_zh="不填按民政部门计",
        ),
        Column(
            "数据版本", "version", Kind.INTEGER, minimum=1, maximum=9_999_999_999, example="1",
            aliases=("版本", "版本号"), help_zh="同一案卷再次报送时递增；不填按 1 计",
        ),
        Column(
            "发现渠道", "channel", Kind.CODE, codes=lists.CHANNELS, example="入户走访",
            aliases=("来源渠道",), help_zh="不填按本人申请计",
        ),
        Column(
            "区划代码", "region", Kind.TEXT, required=True, limit=40, example="990121",
            aliases=("行政区划代码", "区划", "所在区县", "行政区划"),
            help_zh="县级 6 位代码（GB/T 2260）；也可填不重名的全称",
        ),
        Column(
            "申请日期", "applied_on", Kind.DATE, required=True, example="2026-01-05",
            aliases=("申请或发现日期", "发现日期", "受理日期"), help_zh="申请或发现之日",
        ),
        Column(
            "困难原因", "cause", Kind.CODE, required=True, codes=lists.CAUSES, example="重大疾病",
            aliases=("致困原因", "致贫原因"), help_zh="最主要的一个",
        ),
        Column(
            "紧急程度", "tier", Kind.CODE, required=True, codes=lists.TIERS, example="联合救助",
            aliases=("救助梯度", "紧急等级"), help_zh="部门、联合或特急",
        ),
        Column(
            "户主姓名", "name", Kind.TEXT, required=True, limit=60, sensitive=True, example="（姓名）",
            aliases=("姓名", "申请人姓名", "申请人"), help_zh="以身份证为准",
        ),
        Column(
            "身份证号", "id_number", Kind.ID_NUMBER, required=True, sensitive=True,
            example="（18 位号码）", aliases=("户主身份证号", "身份证号码", "公民身份号码", "证件号码"),
            help_zh="18 位；单元格须为文本格式",
        ),
        Column(
            "电话", "phone", Kind.PHONE, sensitive=True, example="（11 位号码）",
            aliases=("联系电话", "手机", "手机号", "手机号码"), help_zh="手机号，或带区号的固定电话",
        ),
        Column(
            "住址", "address", Kind.TEXT, limit=200, sensitive=True, example="（村、组、门牌）",
            aliases=("家庭住址", "地址", "居住地址"), help_zh="居住地",
        ),
        Column(
            "银行账号", "account", Kind.ACCOUNT, sensitive=True, example="（数字）",
            aliases=("银行卡号", "账号", "收款账号"), help_zh="收款账号；单元格须为文本格式",
        ),
        Column(
            "户口人数", "size", Kind.INTEGER, required=True, minimum=1, maximum=50, example="4",
            aliases=("家庭人口", "家庭人数", "人口数"), help_zh="共同生活的家庭成员数，含户主",
        ),
        Column(
            "月收入", "monthly_income_fen", Kind.MONEY, maximum=_HUNDRED_MILLION_YUAN, example="1800",
            aliases=("家庭月收入", "月收入元"), help_zh="全家每月收入；不填按 0 计",
        ),
        _expense("医疗支出", "medical_expense_fen", "近12个月医疗支出", "近12个月刚性支出医疗", "医疗刚性支出"),
        _expense("教育支出", "schooling_expense_fen", "近12个月教育支出", "近12个月刚性支出教育", "教育刚性支出"),
        _expense("其他支出", "other_expense_fen", "近12个月其他支出", "近12个月刚性支出其他", "其他刚性支出"),
        Column(
            "救助圈层", "circle", Kind.CODE, codes=lists.CIRCLES, example="低保边缘",
            aliases=("圈层", "低保圈层", "救助类别"), help_zh="不填由系统按收入支出测算",
        ),
        Column(
            "人群标记", "groups", Kind.CODES, codes=lists.GROUPS, example="老年人、残疾人",
            aliases=("人群", "人群类别"), help_zh="可多选，用顿号隔开",
        ),
        Column(
            "敏感类型", "sensitive_kind", Kind.CODE, codes=lists.SENSITIVE_KINDS, sensitive=True, example="",
            aliases=("不宜公开类型",), help_zh="属于其中之一的案卷不单独公开，只进入汇总",
        ),
        Column(
            "经济核对结果", "economic_check", Kind.CODE, codes=ECONOMIC_CHECKS, example="通过",
            aliases=("核对结果", "经济状况核对"), help_zh="不填按未核对计",
        ),
        Column(
            "授权同意公开日期", "consent_on", Kind.DATE, example="2026-01-05",
            aliases=("授权同意公开", "同意公开日期", "授权日期"),
            help_zh="本人或监护人书面同意匿名公开之日；未同意则不填，该案卷不公开",
        ),
        Column(
            "授权撤回日期", "consent_withdrawn_on", Kind.DATE, example="",
            aliases=("撤回日期",), help_zh="撤回同意之日",
        ),
        Column(
            "政府救助状态", "government_status", Kind.CODE, codes=GOVERNMENT_STATUSES, example="已获救助",
            aliases=("政府救助情况",), help_zh="不填按未申请计",
        ),
        *_item_columns(inline=True),
    ),
    aliases=("案卷表", "个案"),
    key="number",
)  # fmt: skip
MEMBERS = Sheet(
    "家庭成员",
    "members",
    (
        _NUMBER,
        Column(
            "姓名", "name", Kind.TEXT, required=True, limit=60, sensitive=True, example="（姓名）",
            aliases=("成员姓名",), help_zh="户主不必再填",
        ),
        Column(
            "与户主关系", "relation", Kind.CODE, codes=RELATIONS, example="配偶",
            aliases=("关系",), help_zh="GB/T 4761",
        ),
        Column(
            "身份证号", "id_number", Kind.ID_NUMBER, sensitive=True, example="（18 位号码）",
            aliases=("身份证号码", "公民身份号码"), help_zh="18 位；没有的可不填，但须填出生日期",
        ),
        Column(
            "性别", "sex", Kind.CODE, codes=SEXES, example="女",
            help_zh="有身份证号时以身份证号为准",
        ),
        Column(
            "出生日期", "born_on", Kind.DATE, sensitive=True, example="2015-03-02",
            aliases=("出生年月日",), help_zh="有身份证号时以身份证号为准",
        ),
        Column(
            "人群标记", "groups", Kind.CODES, codes=lists.GROUPS, example="学生",
            aliases=("人群", "人群类别"), help_zh="可多选，用顿号隔开",
        ),
    ),
    aliases=("成员",),
    required=False,
    key="number",
)  # fmt: skip
ITEMS = Sheet(
    "需求事项",
    "items",
    (_NUMBER, *_item_columns(inline=False)),
    aliases=("事项", "需求"),
    required=False,
    key="number",
)
SHEETS = (CASES, MEMBERS, ITEMS)
