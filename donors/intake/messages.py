"""What to tell about a resources file beyond single cells, in both languages, by code."""

from collections.abc import Mapping

from jiujinan.tabular.messages import register

TEXTS: Mapping[str, tuple[str, str]] = register(
    {
        "unknown_region": (
            "区划代码“{value}”不存在，请填写省、市或县级 6 位代码。",
            "There is no division “{value}”; fill in a six-digit code.",
        ),
        "abolished_region": (
            "区划代码 {value}（{name}）最迟于 {day} 停用，请改填 {heir}。",
            "The code {value} ({name}) was given up by {day}; use {heir}.",
        ),
        "unknown_organisation": (
            "“组织”表中没有“{value}”，请核对名称或先补登该组织。",
            "The sheet 组织 has no “{value}”; check the name or add the organisation.",
        ),
        "organisation_refused": (
            "组织“{value}”本身有错未被接受，请先改正“组织”表中的那一行。",
            "The organisation “{value}” was itself rejected; mend its row in 组织 first.",
        ),
        "wrong_organisation_kind": (
            "“{value}”不是{kinds}，请改填合适的组织。",
            "“{value}” is not of the kind needed ({kinds}); fill in another organisation.",
        ),
        "duplicate_organisation": (
            "与第 {other} 行的名称或信用代码相同，请删除其一。",
            "Row {other} has the same name or credit code; delete one.",
        ),
        "duplicate_row": ("与第 {other} 行重复，请删除其一。", "This repeats row {other}; delete one."),
        "named_for_whom": (
            "企业冠名基金须填写冠名企业。",
            "A named fund needs the enterprise that it is named for.",
        ),
        "wrong_category": (
            "“{value}”不属于{kind}，请改填。",
            "“{value}” is not one of {kind}; fill in another.",
        ),
        "cap_without_period": (
            "每户上限与每户周期天数须同时填写。",
            "A cap for each household and its period must be filled in together.",
        ),
        "minimum_above_cap": (
            "最低资助额大于每案上限，资金将无法使用，请核对。",
            "The smallest grant is above the cap for each case; nothing could be granted; check both.",
        ),
        "reserve_above_balance": (
            "保留金额大于期初余额，请核对。",
            "The reserve is above the opening balance; check both.",
        ),
        # when the file meets what the platform already knows
        "known_differently": (
            "平台上已有此项而内容不同，文件不会改写；请在平台上办理变更。",
            "The platform has this already with other terms; a file does not rewrite it; change it there.",
        ),
        "expired": ("已过有效期，请勿登记。", "This has expired; do not register it."),
    }
)
