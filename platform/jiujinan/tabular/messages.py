"""
What to tell the person who filled in the table, in both languages, by code.

Templates take the named parameters of a rejection. Every text says what to do. Values of sensitive
columns never reach a template.
"""

from collections.abc import Mapping

TEMPLATES: Mapping[str, tuple[str, str]] = {
    # the whole file
    "file_missing": ("找不到文件，请检查路径。", "The file does not exist; check its path."),
    "file_too_large": (
        "文件超过 {limit_mb} MB，请拆分后分批提交。",
        "The file is larger than {limit_mb} MB; split it and submit the parts.",
    ),
    "zip_bomb": (
        "文件解压后过大，已拒绝读取；请用模板另存一份只含数据的文件。",
        "The file unpacks to far more than it should; save the data alone into the template.",
    ),
    "macros": (
        "文件带有宏，请另存为不带宏的 .xlsx 后提交。",
        "The file carries macros; save it as .xlsx without macros.",
    ),
    "old_excel": (
        "这是旧版 Excel（.xls）或加密的文件，请另存为不加密的 .xlsx 后提交。",
        "This is an old (.xls) or encrypted workbook; save it as a plain .xlsx.",
    ),
    "unreadable": (
        "文件已损坏或不是 .xlsx、.csv 格式，请用 Excel 打开并另存后提交。",
        "The file is damaged or neither .xlsx nor .csv; open it in a spreadsheet and save it again.",
    ),
    "unsafe_xml": (
        "文件含有不允许的内部声明，请把数据复制到模板中提交。",
        "The file holds declarations that are not allowed; copy the data into the template.",
    ),
    "encoding": (
        "无法识别文字编码，请另存为 UTF-8 编码的 CSV 后提交。",
        "The text encoding is not recognised; save the file as CSV in UTF-8.",
    ),
    "empty_file": ("文件是空的，请填写后提交。", "The file is empty; fill it in first."),
    "missing_sheet": (
        "缺少工作表“{sheet}”，请使用模板，不要改工作表名称。",
        "The sheet “{sheet}” is missing; use the template and keep the sheets' names.",
    ),
    "missing_column": (
        "缺少列“{column}”，请按模板补上这一列的表头。",
        "The column “{column}” is missing; add its header as in the template.",
    ),
    "duplicate_column": (
        "表头“{column}”出现了两次，请只保留一列。",
        "The header “{column}” appears twice; keep one column.",
    ),
    "no_rows": (
        "工作表中没有数据行，请填写后提交。",
        "The sheet holds no rows of data; fill it in first.",
    ),
    "blank_run": (
        "从本行起连续 {limit} 行以上为空，其后内容未读取；请删除空行后重新提交。",
        "More than {limit} blank rows begin here and nothing after them was read; delete them.",
    ),
    "too_many_rows": (
        "数据超过 {limit} 行，其后内容未读取；请拆分后分批提交。",
        "There are more than {limit} rows; nothing after them was read; split the file.",
    ),
    # any cell
    "required": ("此项必填，请补填。", "This cell must be filled in."),
    "formula": (
        "单元格是公式，请复制后“选择性粘贴为数值”。",
        "The cell holds a formula; paste it as a value.",
    ),
    "error_cell": (
        "单元格是 Excel 错误值，请改填正确内容。",
        "The cell holds a spreadsheet error; fill in the right value.",
    ),
    "merged": (
        "单元格是合并单元格（{range}），请取消合并并逐行填写。",
        "The cell is merged ({range}); unmerge it and fill in each row.",
    ),
    "too_long": (
        "内容超过 {limit} 个字，请精简。",
        "The text is longer than {limit} characters; shorten it.",
    ),
    "unknown_code": (
        "“{value}”不在代码表中，请填写：{allowed}。",
        "“{value}” is not in the code list; use one of: {allowed}.",
    ),
    "yes_no": ("请填“是”或“否”。", "Fill in 是 (yes) or 否 (no)."),
    "not_number": ("不是数字，请只填阿拉伯数字。", "This is not a number; fill in digits only."),
    "not_whole": ("应为整数，请改正。", "This must be a whole number."),
    "negative": ("不能为负数，请改正。", "This must not be negative."),
    "too_small": ("不能小于 {limit}，请改正。", "This must not be less than {limit}."),
    "too_great": ("不能大于 {limit}，请核对。", "This must not be greater than {limit}; check it."),
    "money_decimals": (
        "金额最多两位小数（精确到分），请改正。",
        "An amount has at most two decimals; correct it.",
    ),
    "date_format": (
        "日期无法识别，请写成 2026-01-05 的样式。",
        "The date is not understood; write it like 2026-01-05.",
    ),
    "date_impossible": (
        "没有这一天，请核对年月日。",
        "There is no such day; check year, month and day.",
    ),
    "date_future": ("日期晚于今天，请核对。", "The date is later than today; check it."),
    "date_order": (
        "日期早于“{other}”，请核对。",
        "The date is earlier than “{other}”; check both.",
    ),
    # numbers of persons, organisations, accounts
    "id_scientific": (
        "身份证号被 Excel 变成了科学计数，末几位已丢失；请把该列设为“文本”后重新录入 18 位号码。",
        "The spreadsheet turned the ID number into scientific notation and lost its end; "
        "set the column to text and type all 18 characters again.",
    ),
    "id_15_digits": (
        "这是 15 位旧身份证号，请填写 18 位号码。",
        "This is an old 15-digit ID number; fill in the 18-character one.",
    ),
    "id_format": (
        "身份证号应为 18 位（末位可为 X），请核对。",
        "An ID number has 18 characters (the last may be X); check it.",
    ),
    "id_birth_date": (
        "身份证号中的出生日期不存在，请核对第 7–14 位。",
        "The birth date inside the ID number does not exist; check characters 7 to 14.",
    ),
    "id_check_digit": (
        "身份证号校验位不符，请逐位核对。",
        "The check character of the ID number is wrong; check every character.",
    ),
    "phone": (
        "电话号码应为 11 位手机号或带区号的固定电话，请核对。",
        "A phone number has 11 digits, or an area code and 7 to 8 digits; check it.",
    ),
    "account": (
        "银行账号应为 8–30 位数字，请把该列设为“文本”后重新录入。",
        "A bank account has 8 to 30 digits; set the column to text and type it again.",
    ),
    "credit_code": (
        "统一社会信用代码应为 18 位且校验位正确，请核对。",
        "A unified social credit code has 18 characters and a right check character; check it.",
    ),
}


def render(code: str, params: Mapping[str, object], *, english: bool = False) -> str:
    """Return the text for the code; raise KeyError for an unknown code or a missing parameter."""
    return TEMPLATES[code][1 if english else 0].format_map(params)


def register(templates: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    """Return the templates joined with the general ones; raise ValueError if a code is there already."""
    taken = TEMPLATES.keys() & templates.keys()
    if taken:
        raise ValueError(f"message codes are taken: {sorted(taken)}")
    return {**TEMPLATES, **templates}
