"""Code lists that only the resources file has."""

from jiujinan.tabular.schema import Code, CodeList

ORGANISATION_KINDS = CodeList(
    "组织类型",
    (
        Code("charity", "慈善组织", ("慈善会", "基金会", "慈善总会")),
        Code("enterprise", "企业", ("公司", "爱心企业")),
        Code("social_work_agency", "社工机构", ("社会工作服务机构", "社工站")),
        Code("partner", "结对单位", ("对口帮扶单位", "结对帮扶单位")),
        Code("goods_station", "爱心驿站", ("驿站", "慈善超市")),
    ),
)
FUND_KINDS = CodeList(
    "基金类型",
    (
        Code("charity", "慈善基金", ("慈善资金",)),
        Code("named", "企业冠名基金", ("冠名基金",)),
        Code("special", "专项资金", ("专项基金",)),
        Code("revolving", "周转金", ("紧急救助周转金", "救助周转金")),
    ),
)
