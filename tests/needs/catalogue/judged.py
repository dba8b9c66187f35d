"""What people look for, and a written rule for each: which projects answer it. No engine has a say in it.

A rule goes by what is told of a project in codes (cause, categories, kinds, region, tier). A project whose cause
is told by its group alone answers what stands for the whole group.
"""

from collections.abc import Callable

from tests.needs.catalogue.world import Told

Rule = Callable[[Told], bool]


def cause(*codes: str) -> Rule:
    """Answers: a project with one of the causes."""
    return lambda told: told.cause in codes


def wants(*codes: str) -> Rule:
    """Answers: a project that asks for one of the categories."""
    return lambda told: bool(told.categories & set(codes))


def either(*rules: Rule) -> Rule:
    """Answers: what answers any of the rules."""
    return lambda told: any(rule(told) for rule in rules)


def both(*rules: Rule) -> Rule:
    """Answers: what answers all of the rules."""
    return lambda told: all(rule(told) for rule in rules)


def place(prefix: str) -> Rule:
    """Answers: a project of the division."""
    return lambda told: told.region.startswith(prefix)


def tier(code: str) -> Rule:
    """Answers: a project of the tier."""
    return lambda told: told.tier == code


def kind(code: str) -> Rule:
    """Answers: a project that asks for that kind of help."""
    return lambda told: code in told.kinds


ILL = either(cause("illness"), wants("medical"), lambda told: told.group == "health" and not told.cause)
MEDICAL = either(wants("medical", "rehabilitation", "escort"), cause("illness"))
SCHOOL = either(cause("schooling"), wants("schooling", "school_supplies", "tutoring"))
FIRE = cause("disaster")
HURT = cause("accident")
MOURNING = either(cause("bereavement"), wants("funeral"))
HOME = either(cause("housing"), wants("housing"))
WORKLESS = either(cause("unemployment"), wants("employment"))
DISABLED = either(cause("disability"), wants("medical_devices", "rehabilitation"))
NURSED = either(cause("care"), wants("care"))
LIVELIHOOD = either(wants("living", "food", "utilities"), lambda told: told.group == "livelihood")
SOCIAL = kind("service")

JUDGED: list[tuple[str, Rule]] = [
    # illness
    ("大病", ILL), ("重病", ILL), ("重大疾病", ILL), ("重疾", ILL), ("得了大病没钱治", ILL), ("家人生病", ILL),
    ("患病家庭", ILL), ("癌症", ILL), ("白血病", ILL), ("尿毒症透析", ILL), ("脑梗", ILL), ("肿瘤治疗", ILL),
    ("看病钱", MEDICAL), ("医疗费", MEDICAL), ("医药费", MEDICAL), ("医疗费用", MEDICAL), ("住院费", MEDICAL),
    ("手术费", MEDICAL), ("看不起病", MEDICAL), ("serious illness", ILL), ("medical costs", MEDICAL),
    ("treatment", MEDICAL), ("cancer", ILL), ("孩子得了重病", ILL), ("老人看病", MEDICAL),
    # school
    ("学费", SCHOOL), ("助学", SCHOOL), ("上学", SCHOOL), ("读书", SCHOOL), ("交不起学费", SCHOOL),
    ("大学生学费", SCHOOL), ("孩子上学", SCHOOL), ("贫困学生", SCHOOL), ("考上大学没钱读", SCHOOL),
    ("文具书包", SCHOOL), ("学习用品", SCHOOL), ("课业辅导", SCHOOL), ("补课", SCHOOL), ("tuition", SCHOOL),
    ("school costs", SCHOOL), ("school supplies", SCHOOL), ("tutoring", SCHOOL),
    # disaster and accident
    ("火灾", FIRE), ("失火", FIRE), ("房子烧了", FIRE), ("水灾", FIRE), ("洪水", FIRE), ("受灾", FIRE),
    ("自然灾害", FIRE), ("地震", FIRE), ("fire", FIRE), ("flood", FIRE), ("disaster", FIRE),
    ("意外", HURT), ("事故", HURT), ("车祸", HURT), ("交通事故", HURT), ("意外伤害", HURT), ("accident", HURT),
    ("car accident", HURT),
    # death
    ("丧葬", MOURNING), ("丧葬费", MOURNING), ("亲人去世", MOURNING), ("失去亲人", MOURNING), ("后事", MOURNING),
    ("funeral", MOURNING), ("孤儿", MOURNING),
    # housing
    ("住房", HOME), ("危房", HOME), ("房租", HOME), ("修房", HOME), ("漏雨的房子", HOME), ("租房", HOME),
    ("housing", HOME), ("rent", HOME),
    # work and livelihood
    ("失业", WORKLESS), ("下岗", WORKLESS), ("找工作", WORKLESS), ("就业", WORKLESS), ("没有工作", WORKLESS),
    ("unemployed", WORKLESS), ("jobs", WORKLESS), ("生活费", LIVELIHOOD), ("基本生活", LIVELIHOOD),
    ("低保", LIVELIHOOD), ("米面油", wants("food")), ("粮食", wants("food")), ("大米", wants("food")),
    ("food", wants("food")), ("水电费", wants("utilities")), ("取暖", wants("utilities")),
    ("被褥", wants("bedding")), ("棉被", wants("bedding")), ("衣服", wants("clothing")), ("冬衣", wants("clothing")),
    ("家电", wants("appliances")), ("冰箱", wants("appliances")), ("clothes", wants("clothing")),
    # disability and care
    ("残疾", DISABLED), ("残疾人", DISABLED), ("轮椅", DISABLED), ("辅具", DISABLED), ("助听器", DISABLED),
    ("康复", DISABLED), ("康复训练", DISABLED), ("disability", DISABLED), ("wheelchair", DISABLED),
    ("照护", NURSED), ("护理", NURSED), ("照顾老人", NURSED), ("长期护理", NURSED), ("nursing", NURSED),
    ("陪同就医", wants("escort")), ("陪诊", wants("escort")), ("心理疏导", wants("counselling")),
    ("心理咨询", wants("counselling")), ("精神慰藉", wants("comfort")), ("陪伴", wants("comfort")),
    ("法律援助", wants("legal_aid")), ("打官司", wants("legal_aid")), ("社会融入", wants("social_inclusion")),
    ("counselling", wants("counselling")), ("legal aid", wants("legal_aid")), ("需求评估", wants("needs_survey")),
    # places, urgency and words together
    ("青禾县", place("990121")), ("青禾", place("990121")), ("云川市", place("9901")), ("松岭", place("9902")),
    ("华云省", place("99")), ("白沙县 火灾", both(place("990321"), FIRE)),
    ("青禾县学费", both(place("990121"), SCHOOL)),
    ("临溪 医疗费", both(place("990122"), MEDICAL)), ("竹溪县失业", both(place("990223"), WORKLESS)),
    ("松岭市残疾", both(place("9902"), DISABLED)), ("特急救助", tier("critical")), ("紧急 火灾", FIRE),
    ("联合救助", tier("joint")), ("梅岭县 住房", both(place("990322"), HOME)),
    ("火灾 被褥", both(FIRE, wants("bedding"))),
    # pinyin and slips
    ("huozai", FIRE), ("xuefei", SCHOOL), ("yiliaofei", MEDICAL), ("lunyi", DISABLED), ("qinghexian", place("990121")),
    ("qinghe xuefei", both(place("990121"), SCHOOL)), ("dabing", ILL), ("shiye", WORKLESS), ("火栽", FIRE),
    ("学废", SCHOOL), ("医聊费", MEDICAL), ("失叶", WORKLESS), ("青和县", place("990121")), ("残急", DISABLED),
    ("desaster", FIRE), ("tution", SCHOOL), ("wheelchiar", DISABLED), ("心理书导", wants("counselling")),
]  # fmt: skip
