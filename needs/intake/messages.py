"""What to tell about a case file beyond single cells, in both languages, by code."""

from collections.abc import Mapping

from jiujinan.tabular.messages import register

TEXTS: Mapping[str, tuple[str, str]] = register(
    {
        "unknown_region": (
            "区划代码“{value}”不存在，请填写县级 6 位代码。",
            "There is no division “{value}”; fill in the six digits of a county.",
        ),
        "abolished_region": (
            "区划代码 {value}（{name}）最迟于 {day} 停用，请改填 {heir}。",
            "The code {value} ({name}) was given up by {day}; use {heir}.",
        ),
        "coarse_region": (
            "“{name}”不是县级区划，请填写所属县（市、区）的代码。",
            "“{name}” is not a county; fill in the code of the county inside it.",
        ),
        "duplicate_case_number": (
            "案卷编号与第 {other} 行相同而户主不同，请更正编号。",
            "Row {other} has the same case number for another person; correct the number.",
        ),
        "duplicate_row": ("与第 {other} 行重复，请删除。", "This repeats row {other}; delete it."),
        "id_of_another": (
            "身份证号与第 {other} 行相同而姓名不同，请核对两行。",
            "Row {other} has the same ID number under another name; check both rows.",
        ),
        "id_too_young": (
            "身份证号中的出生日期晚于今天，请核对。",
            "The birth date inside the ID number is later than today; check it.",
        ),
        "id_too_old": (
            "身份证号中的出生日期早于 {limit} 年前，请核对。",
            "The birth date inside the ID number is more than {limit} years ago; check it.",
        ),
        "person_in_two_cases": (
            "此人已在第 {other} 行的案卷中，本行按重复处理，不再导入。",
            "Row {other} is already a case of this person; this row counts as a duplicate.",
        ),
        "member_in_two_cases": (
            "此人已在“{sheet}”第 {other} 行中，本行按重复处理，不再导入。",
            "This person already stands in row {other} of “{sheet}”; this row counts as a duplicate.",
        ),
        "size_too_small": (
            "户口人数 {size} 少于户主加所列成员 {listed} 人，请核对。",
            "The household size {size} is less than the {listed} people listed; check it.",
        ),
        "no_items": (
            "该案卷没有可用的需求事项，请在“需求事项”表中补填。",
            "The case has no usable need item; add one to the sheet 需求事项.",
        ),
        "unknown_case": (
            "“案卷”表中没有编号“{value}”，请核对。",
            "The sheet 案卷 has no case “{value}”; check the number.",
        ),
        "kind_mismatch": (
            "类别“{category}”属于“{kind}”，与所填类型不符，请改正其一。",
            "The category “{category}” belongs to “{kind}”, not to the kind filled in; correct one.",
        ),
        "unit_mismatch": (
            "“{kind}”的单位应为“{unit}”，请改正。",
            "The unit of “{kind}” is “{unit}”; correct it.",
        ),
        "not_positive": (
            "应大于 0，请填写实际所需。",
            "This must be greater than 0; fill in what is needed.",
        ),
        "covered_past_need": (
            "政府已解决与保险已赔付之和超过所需，请核对。",
            "What government and insurance covered exceeds what is needed; check the three.",
        ),
        "duplicate_item": (
            "与第 {other} 行的事项完全相同，请删除其一，或在说明中区分。",
            "Row {other} holds the same item; delete one, or tell them apart in the note.",
        ),
        "birth_unknown": (
            "没有身份证号时须填出生日期。",
            "Without an ID number the birth date must be filled in.",
        ),
        # when the file meets what the platform already knows
        "person_known": (
            "此人已有正在办理的案卷，本行按重复处理，不再导入。",
            "This person already has a case in hand; this row counts as a duplicate.",
        ),
        "older_version": (
            "平台已有版本 {known}，本行较旧，不予导入；如确需更改请提高数据版本。",
            "The platform has version {known} already; this row is older and was not taken.",
        ),
        "case_settled": (
            "该案卷已在审核或已办结，不能再用文件改写；请在平台上办理变更。",
            "The case is being judged or was settled; a file cannot rewrite it; change it on the platform.",
        ),
        "consent_withdrawn_taken": (
            "该案卷已在审核或已办结：仅登记了授权撤回，项目已撤下；其余内容请在平台上办理变更。",
            "The case is settled: of this row only the withdrawal of consent was taken, and the project withdrawn; "
            "change the rest on the platform.",
        ),
        "region_not_yours": (
            "该区划不在您的工作范围内，请由当地经办人导入。",
            "The division lies outside your unit's area; let the local case officer import it.",
        ),
        "extra_row": (
            "同一案卷的第二行只能追加需求事项，请填写事项列或删除本行。",
            "A second row of one case only adds a need item; fill in the item or delete the row.",
        ),
    }
)
