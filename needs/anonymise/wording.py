"""
The words that titles and descriptions are composed from, each in Chinese and in English.

Every phrase speaks of a household in general: no name, place, number or date can come in here. `{region}`
is the only place to fill from outside, and it takes the name of a published division.
"""

from collections.abc import Mapping
from typing import NamedTuple

from jiujinan.codes import (
    AgeBand,
    AmountBand,
    Cause,
    CauseGroup,
    Group,
    ItemCategory,
    ItemKind,
    Tier,
    WideAgeBand,
    WideAmountBand,
)


class Words(NamedTuple):
    """The same said in Chinese and in English."""

    zh: str
    en: str


HOUSEHOLDS: Mapping[Cause | CauseGroup | None, Words] = {
    Cause.ILLNESS: Words("正与大病相持的家庭", "a family facing serious illness"),
    Cause.DISABILITY: Words("有残疾成员的家庭", "a family living with disability"),
    Cause.ACCIDENT: Words("遭遇意外的家庭", "a family after an accident"),
    Cause.DISASTER: Words("受灾的家庭", "a family struck by disaster"),
    Cause.SCHOOLING: Words("为学费发愁的家庭", "a family worried about the cost of school"),
    Cause.UNEMPLOYMENT: Words("失去工作收入的家庭", "a family without work"),
    Cause.BEREAVEMENT: Words("痛失亲人的家庭", "a family in mourning"),
    Cause.CARE: Words("长年照护亲人的家庭", "a family that cares for one of its own"),
    Cause.HOUSING: Words("住房有困难的家庭", "a family without a safe home"),
    Cause.OTHER: Words("遇到急难的家庭", "a family in acute difficulty"),
    CauseGroup.HEALTH: Words("因健康问题陷入困难的家庭", "a family in difficulty over its health"),
    CauseGroup.SUDDEN_EVENT: Words("突遭变故的家庭", "a family after a sudden blow"),
    CauseGroup.LIVELIHOOD: Words("生计吃紧的家庭", "a family struggling to get by"),
    None: Words("遇到急难的家庭", "a family in acute difficulty"),
}

SITUATIONS: Mapping[Cause | CauseGroup | None, tuple[Words, ...]] = {
    Cause.ILLNESS: (
        Words(
            "{region}的这户家庭，正在陪伴患病的亲人接受治疗。治疗不能停，家里的积蓄却越来越少。",
            "This family in {region} is standing by one of its own through treatment. The treatment must go "
            "on, while the savings grow thin.",
        ),
        Words(
            "一场大病，让{region}的这户家庭把日子过得格外小心。他们没有放弃治疗，只是一家人的力量已经不够。",
            "Since serious illness came, this family in {region} counts every coin. They have not given up "
            "on treatment; it is only that one family's strength is no longer enough.",
        ),
        Words(
            "在{region}，有一户家庭正和疾病打一场持久战。家人互相扶持，盼着病情一天天好起来。",
            "In {region}, a family is in a long struggle with illness. They hold each other up and hope for "
            "a little improvement each day.",
        ),
    ),
    Cause.DISABILITY: (
        Words(
            "{region}的这户家庭里，有成员因残疾需要长期的支持。他们努力把生活安排好，也希望有机会走得更远。",
            "In this family in {region}, someone lives with a disability and needs lasting support. They run "
            "their life with care and would like the chance to go further.",
        ),
        Words(
            "在{region}，残疾给这户家庭带来了额外的开支，也带来了许多不便。合适的支持，能让日子轻省不少。",
            "In {region}, disability brings this family extra costs and many obstacles. The right support "
            "would make each day lighter.",
        ),
    ),
    Cause.ACCIDENT: (
        Words(
            "一次意外，打乱了{region}这户家庭原本平稳的生活。眼下最要紧的，是安顿好人、稳住家。",
            "An accident upset the steady life of this family in {region}. What matters now is to look after "
            "its people and hold the home together.",
        ),
        Words(
            "意外来得突然，{region}的这户家庭还没来得及准备，就要挑起突然变重的担子。",
            "The accident came without warning. This family in {region} had no time to prepare, and now "
            "carries a load grown heavy at once.",
        ),
    ),
    Cause.DISASTER: (
        Words(
            "灾害过后，{region}的这户家庭正一点一点把家重新收拾起来。",
            "After the disaster, this family in {region} is putting its home back together piece by piece.",
        ),
        Words(
            "一场灾害让{region}的这户家庭失去了不少生活必需的东西，重新开始，需要大家搭把手。",
            "A disaster took many of the things that this family in {region} needs to live. Starting again "
            "takes a hand from others.",
        ),
    ),
    Cause.SCHOOLING: (
        Words(
            "{region}的这户家庭把读书看作最重要的事，可就学的开支眼下超出了家里的承受能力。",
            "For this family in {region} nothing matters more than education, but its cost is now more than "
            "they can bear.",
        ),
        Words(
            "在{region}，这户家庭省吃俭用供家中成员上学。再有一点支持，求学的路就能安稳地走下去。",
            "In {region}, this family saves on everything so that school can go on. A little more support "
            "would keep that road open.",
        ),
    ),
    Cause.UNEMPLOYMENT: (
        Words(
            "失去工作以后，{region}的这户家庭暂时断了稳定的收入。他们愿意劳动，只是需要一段缓冲的时间。",
            "With work gone, this family in {region} has lost its steady income for now. They are willing to "
            "work and need a little time to find their feet.",
        ),
        Words(
            "{region}的这户家庭正在重新找工作的路上，日常开支却一天也不能等。",
            "This family in {region} is looking for work again, but daily costs can't wait a day.",
        ),
    ),
    Cause.BEREAVEMENT: (
        Words(
            "{region}的这户家庭不久前失去了至亲。悲伤之外，他们还要撑起往后的日子。",
            "This family in {region} has lost someone dear. Beside the grief, they have to carry the days to "
            "come.",
        ),
        Words(
            "亲人离去，{region}的这户家庭少了一份依靠。这个时候，陪伴和支持格外珍贵。",
            "With the loss of one of its own, this family in {region} has less to lean on. Company and "
            "support mean most at such a time.",
        ),
    ),
    Cause.CARE: (
        Words(
            "{region}的这户家庭长期照护需要帮助的亲人，照护的人也需要有人搭把手。",
            "This family in {region} has long cared for one of its own. Those who care need a hand as well.",
        ),
        Words(
            "在{region}，这户家庭日复一日地照料亲人，时间、体力和收入都绷得很紧。",
            "In {region}, this family looks after one of its own day after day; time, strength and income "
            "are all stretched.",
        ),
    ),
    Cause.HOUSING: (
        Words(
            "{region}的这户家庭想要的很简单：一处安全、能遮风挡雨的住所。",
            "What this family in {region} wishes for is simple: a safe roof against wind and rain.",
        ),
        Words(
            "住得安心，是{region}这户家庭眼下最大的心愿。",
            "To live without fear for the roof overhead is what this family in {region} wants most.",
        ),
    ),
    CauseGroup.HEALTH: (
        Words(
            "健康上的难题，让{region}的这户家庭这段时间过得不容易。他们在坚持，也盼着有人同行。",
            "Trouble with health has made this time hard for this family in {region}. They persevere and hope "
            "for company on the way.",
        ),
    ),
    CauseGroup.SUDDEN_EVENT: (
        Words(
            "突如其来的变故，让{region}的这户家庭一时难以周转。",
            "A sudden blow has left this family in {region} unable to manage for now.",
        ),
    ),
    CauseGroup.LIVELIHOOD: (
        Words(
            "{region}的这户家庭正在为基本的开支精打细算，每一份支持都能派上用场。",
            "This family in {region} weighs every basic expense; each bit of support will be put to use.",
        ),
    ),
    None: (
        Words(
            "{region}的这户家庭遇到了一时难以独自渡过的难关。",
            "This family in {region} has met a difficulty that it can't get over alone just now.",
        ),
        Words(
            "在{region}，有一户家庭正处在需要帮一把的时候。",
            "In {region}, there is a family at a moment when a hand is needed.",
        ),
    ),
}

TRAITS: Mapping[Group, Words] = {
    Group.SINGLE_PARENT: Words("这是一个单亲家庭。", "It is a single-parent household."),
    Group.LIVING_ALONE: Words("当事人独自生活。", "The person concerned lives alone."),
    Group.ELDER: Words("家中有需要照顾的老人。", "There are elders at home to look after."),
    Group.DISABLED: Words("家中有残疾成员。", "A member of the household lives with a disability."),
    Group.STUDENT: Words("家中有成员正在上学。", "A member of the household is at school."),
    Group.MIGRANT_WORKER: Words("家中有人在外务工。", "A member of the household works away from home."),
    Group.VETERAN: Words("家中有退役军人。", "There is a veteran in the household."),
}

AGES: Mapping[AgeBand | WideAgeBand, Words] = {
    AgeBand.AGE_18_29: Words("18至29岁", "18 to 29"),
    AgeBand.AGE_30_39: Words("30至39岁", "30 to 39"),
    AgeBand.AGE_40_49: Words("40至49岁", "40 to 49"),
    AgeBand.AGE_50_59: Words("50至59岁", "50 to 59"),
    AgeBand.AGE_60_69: Words("60至69岁", "60 to 69"),
    AgeBand.AGE_70_79: Words("70至79岁", "70 to 79"),
    AgeBand.AGE_80_UP: Words("80岁以上", "80 or over"),
    WideAgeBand.YOUNG: Words("18至39岁", "18 to 39"),
    WideAgeBand.MIDDLE: Words("40至59岁", "40 to 59"),
    WideAgeBand.OLD: Words("60岁以上", "60 or over"),
}

AMOUNTS: Mapping[AmountBand | WideAmountBand, Words] = {
    AmountBand.UNDER_1K: Words("1000元以内", "under ¥1,000"),
    AmountBand.FROM_1K: Words("1000元至3000元之间", "between ¥1,000 and ¥3,000"),
    AmountBand.FROM_3K: Words("3000元至5000元之间", "between ¥3,000 and ¥5,000"),
    AmountBand.FROM_5K: Words("5000元至1万元之间", "between ¥5,000 and ¥10,000"),
    AmountBand.FROM_10K: Words("1万元至3万元之间", "between ¥10,000 and ¥30,000"),
    AmountBand.FROM_30K: Words("3万元至5万元之间", "between ¥30,000 and ¥50,000"),
    AmountBand.FROM_50K: Words("5万元至10万元之间", "between ¥50,000 and ¥100,000"),
    AmountBand.FROM_100K: Words("10万元以上", "¥100,000 or more"),
    WideAmountBand.SMALL: Words("5000元以内", "under ¥5,000"),
    WideAmountBand.MEDIUM: Words("5000元至3万元之间", "between ¥5,000 and ¥30,000"),
    WideAmountBand.LARGE: Words("3万元以上", "over ¥30,000"),
}

CATEGORIES: Mapping[ItemCategory, Words] = {
    ItemCategory.MEDICAL: Words("医疗费用", "medical costs"),
    ItemCategory.LIVING: Words("基本生活费用", "living costs"),
    ItemCategory.SCHOOLING: Words("就学费用", "school costs"),
    ItemCategory.HOUSING: Words("住房费用", "housing costs"),
    ItemCategory.REHABILITATION: Words("康复费用", "rehabilitation costs"),
    ItemCategory.FUNERAL: Words("丧葬费用", "funeral costs"),
    ItemCategory.UTILITIES: Words("水电取暖费用", "bills for water, power and heating"),
    ItemCategory.FOOD: Words("粮油食品", "food"),
    ItemCategory.BEDDING: Words("被褥", "bedding"),
    ItemCategory.CLOTHING: Words("衣物", "clothing"),
    ItemCategory.MEDICAL_DEVICES: Words("医疗辅助器具", "medical devices"),
    ItemCategory.SCHOOL_SUPPLIES: Words("学习用品", "school supplies"),
    ItemCategory.APPLIANCES: Words("生活家电", "household appliances"),
    ItemCategory.NEEDS_SURVEY: Words("需求评估", "a survey of needs"),
    ItemCategory.HARDSHIP_HELP: Words("困难帮扶", "hardship help"),
    ItemCategory.SOCIAL_INCLUSION: Words("社会融入支持", "support for social inclusion"),
    ItemCategory.COUNSELLING: Words("心理疏导", "counselling"),
    ItemCategory.COMFORT: Words("精神慰藉", "comfort and company"),
    ItemCategory.CARE: Words("照护服务", "nursing care"),
    ItemCategory.ESCORT: Words("陪同就医", "company on hospital visits"),
    ItemCategory.LEGAL_AID: Words("法律援助", "legal aid"),
    ItemCategory.TUTORING: Words("课业辅导", "tutoring"),
    ItemCategory.EMPLOYMENT: Words("就业帮扶", "help to find work"),
}

# How help of a kind is asked for; the kind itself, when its category is not said, needs a verb of its own.
ASKS: Mapping[ItemKind, Words] = {
    ItemKind.CASH: Words("分担{things}", "Share the {things}"),
    ItemKind.GOODS: Words("送去{things}", "Bring {things}"),
    ItemKind.SERVICE: Words("提供{things}", "Offer {things}"),
}
ASKS_BY_KIND: Mapping[ItemKind, Words] = {
    ItemKind.CASH: Words("提供资金支持", "Give financial support"),
    ItemKind.GOODS: Words("送去生活物资", "Bring everyday goods"),
    ItemKind.SERVICE: Words("提供专业服务", "Offer professional services"),
}
ASK_ANYTHING = Words("搭把手", "Lend a hand")

TITLES: tuple[Words, ...] = (
    Words("{region}：为一户{household}{ask}", "{ask} for {household} in {region}"),
    Words("和我们一起，为{region}一户{household}{ask}", "Join us in {region}: {ask_small} for {household}"),
    Words("{region}一户{household}，期待您{ask}", "In {region}, {household} needs you: {ask_small}"),
)

LACKS: Mapping[ItemKind, tuple[Words, ...]] = {
    ItemKind.CASH: (
        Words("目前{things}还有缺口{amount}。", "A gap{amount} remains in {things}."),
        Words(
            "在已有保障之外，{things}仍然不足{amount}。",
            "Beyond what is already covered, a gap{amount} remains in {things}.",
        ),
    ),
    ItemKind.GOODS: (
        Words("家里还缺{things}。", "The home still lacks {things}."),
        Words("眼下最用得上的，是{things}。", "What would be of most use right now: {things}."),
    ),
    ItemKind.SERVICE: (
        Words("期待有专业的力量提供{things}。", "Professional help would be welcome: {things}."),
        Words("有了{things}，这个家会轻松许多。", "With {things}, this home would breathe easier."),
    ),
}
# The same where the category is not said.
LACKS_BY_KIND: Mapping[ItemKind, tuple[Words, ...]] = {
    ItemKind.CASH: (
        Words("眼下还有一笔资金缺口{amount}。", "A financial gap{amount} remains."),
        Words(
            "在已有保障之外，资金上还差一截{amount}。",
            "Beyond what is already covered, a financial gap{amount} remains.",
        ),
    ),
    ItemKind.GOODS: (
        Words("家里还缺一些生活物资。", "The home still lacks some everyday goods."),
        Words("一些生活物资，眼下正用得上。", "Some everyday goods would be of use right now."),
    ),
    ItemKind.SERVICE: (
        Words("期待专业的服务力量帮上一把。", "Professional help would be welcome."),
        Words(
            "有了专业服务的支持，这个家会轻松许多。",
            "With professional support, this home would breathe easier.",
        ),
    ),
}

URGENCY: Mapping[Tier, tuple[Words, ...]] = {
    Tier.CRITICAL: (
        Words("情况紧急，越早的帮助越管用。", "It is urgent: the earlier the help, the more it does."),
        Words("这是一件特急的事，先帮上忙，再补手续。", "This is critical: help comes first, papers after."),
    ),
    Tier.JOINT: (
        Words(
            "各部门和社会力量正在一起想办法。", "Departments and social forces are working on it together."
        ),
        Words(
            "这件事需要几方合力，您可以是其中之一。", "It takes several hands, and yours can be among them."
        ),
    ),
    Tier.DEPARTMENTAL: (
        Words(
            "在政府救助之外，社会的关心能补上余下的一段。",
            "Beyond public relief, the care of others can cover the rest.",
        ),
        Words(
            "制度托住了底，社会的善意能让日子再宽一点。",
            "Public support holds the ground; kindness gives life a little more room.",
        ),
    ),
}

CLOSINGS: tuple[Words, ...] = (
    Words(
        "需求已由民政部门核实。为保护这户家庭的隐私，姓名、住址等信息不予公开；帮助落实后，进展会在本页更新。",
        "Civil affairs has verified the need. To protect the family's privacy neither name nor address is "
        "published; once help arrives, this page will say so.",
    ),
    Words(
        "这项需求经民政部门核实后发布，个人信息不公开。每一份承诺都会从缺口中扣除，并如实公布去向。",
        "The need was verified by civil affairs before publication, and personal details stay private. Every "
        "commitment is taken off the gap, and what becomes of it is reported.",
    ),
)
