"""
Invented sentences of many kinds with invented people in them, for measuring which names redaction overlooks.

Given names are drawn in three ways: from a list of usual ones, from the 3,755 characters of GB 2312's first level
(so that no list of "name characters" can know them), and from usual words. Surnames come from the 百家姓 and later
additions, the rare as often as the frequent. Sentences are those of case notes, township reports, letters, chats.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_LISTS = dict(
    line.split(": ", 1)
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)
FREQUENT_SURNAMES, OTHER_SURNAMES = _LISTS["frequent_surnames"], _LISTS["other_surnames"]
COMPOUND_SURNAMES = _LISTS["compound_surnames"].split()
USUAL_GIVEN = _LISTS["usual_given"].split()
GIVEN_ALONE = _LISTS["given_alone"].split()
EVERYDAY = _LISTS["everyday"].split()
MINORITY_ALONE = _LISTS["minority_alone"].split()
FOREIGN = _LISTS["foreign"].split()
SYLLABLES, GIVEN_SYLLABLES = _LISTS["syllables"].split(), _LISTS["given_syllables"].split()
PEOPLES = ("uyghur", "tibetan", "yi")
NICKNAMES = "明芳红军强伟丽英梅兰燕霞花珍玲娟涛磊刚勇斌杰龙虎宝妹娃毛平玉琴珠福贵"
BEFORE = ("老", "小", "阿", "大")
AFTER = _LISTS["forms_of_address"].split()
TITLES = ("主任", "老师", "医生", "大爷", "女士", "同志", "书记")

GENRES: dict[str, tuple[str, ...]] = {
    "case_notes": (
        "{n}，男，今年六十三岁，丧偶，独居。",
        "户主{n}患尿毒症三年，每周透析三次。",
        "据{n}反映，去年家里遭了水灾，房子塌了一半。",
        "{n}的妻子离家出走，留下两个孩子。",
        "入户时{n}不在家，由邻居代为签字。",
        "经核查，{n}名下没有车辆，也没有商品房。",
        "申请人{n}因交通事故致残，失去劳动能力。",
        "{n}因病致贫，已欠下外债。",
        "现由{n}照顾两位老人的日常起居。",
        "家中有{n}和两个未成年的孩子。",
        "{n}目前在县医院住院，医药费还没有着落。",
        "孩子的母亲{n}有智力残疾，生活不能自理。",
        "与{n}电话联系，对方表示愿意接受帮助。",
        "走访对象为{n}一家，住土坯房。",
        "该户共三口人：{n}、{n}、{n}。",
    ),
    "township_reports": (
        "经村民代表会议评议，同意将{n}纳入临时救助。",
        "我镇对{n}等困难群众发放了慰问金。",
        "包村干部{n}多次上门了解情况。",
        "截至目前，已为{n}落实低保政策。",
        "在{n}的带领下，村里修通了水渠。",
        "会议由{n}主持，各村负责人参加。",
        "{n}同志汇报了今年救助工作的进展。",
        "对于{n}反映的问题，镇里高度重视。",
        "本次救助对象包括{n}，共发放物资一批。",
        "由于{n}家庭特殊困难，建议提高救助标准。",
        "村委会主任{n}介绍说，今年受灾的有十几户。",
        "公示期间没有人对{n}的申请提出异议。",
        "关于{n}申请临时救助的调查报告",
        "（{n}口述，工作人员记录）",
    ),
    "letters": (
        "尊敬的领导，我叫{n}，家里实在过不下去了。",
        "我是{n}，今年刚上高二，父亲常年卧病。",
        "我和{n}结婚十年，没想到她会得这种病。",
        "多亏了{n}帮忙，孩子才能继续上学。",
        "请把钱交给{n}，她会替我保管。",
        "此致敬礼！{n}",
        "谢谢{n}一直以来对我们家的照顾。",
        "前年{n}走了以后，我一个人拉扯孩子。",
        "我一直记着{n}的好。",
        "希望你们能帮帮{n}，他真的很难。",
        "{n}敬上",
        "自从认识{n}，我才知道还有这样的政策。",
    ),
    "chats": (
        "{n}你在吗，材料交了没",
        "刚问了{n}，说下周才能办",
        "@所有人 {n}家的情况大家帮忙转一下",
        "{n}昨天又住院了，唉",
        "我把{n}的电话发你",
        "那个{n}，就是东头那家的",
        "{n}：好的，收到",
        "你去找{n}嘛，他管这个",
        "听{n}说低保要重新审",
        "{n}今天没来上班，家里出事了",
        "帮我给{n}带个话",
        "群里有没有认识{n}的",
        "跟{n}讲一声，明天不用来了",
        "是{n}吗？我是民政的",
    ),
    "statements": (
        "{n}说，他不想拖累孩子。",
        "{n}告诉我们，孩子的学费还差一半。",
        "“能活一天是一天。”{n}叹了口气。",
        "{n}含着泪接过了慰问品。",
        "看到有人来，{n}连忙搬来板凳。",
        "记者见到{n}时，她正在给老人喂饭。",
        "{n}每天五点起床，先去地里，再去镇上。",
        "从那以后，{n}再没有出过门。",
        "在邻居眼里，{n}是个要强的人。",
        "医生对{n}说，手术不能再拖了。",
        "家里的担子全压在{n}身上。",
        "儿子{n}在外打工，三年没有回来。",
        "老人的孙女{n}学习成绩很好。",
        "她把{n}抱在怀里，一句话也说不出来。",
        "被送到医院时，{n}已经昏迷。",
    ),
}
NAME_FREE: tuple[str, ...] = (
    "家里原本靠种田和打零工生活，每周要做三次透析。",
    "去年夏天的一场大水冲垮了老屋，全家借住在亲戚家。",
    "孩子考上了大学，学费还差一大半。",
    "丈夫在工地上摔伤，至今不能下床，没有赔偿。",
    "老人独自居住，子女常年在外务工，很少回来。",
    "她每天凌晨起来做豆腐，卖完再去医院照顾母亲。",
    "两个孩子都在读小学，成绩一直不错。",
    "因为欠费，家里已经停电半个月。",
    "确诊后化疗了六次，花光了全部积蓄。",
    "希望能得到一辆轮椅和一张护理床。",
    "他腿脚不便，出门要靠拐杖。",
    "低保金每月按时到账，但是药费太高。",
    "奶奶年纪大了，眼睛几乎看不见。",
    "家中没有劳动力，土地租给了别人种。",
    "去年遭遇车祸，对方没有购买保险。",
    "请尽快安排社工上门，做一次心理疏导。",
    "经过核查，家庭人均收入低于当地标准。",
    "材料已经交齐，等待审核。",
    "上个月刚做完手术，还需要长期吃药。",
    "房子是上世纪八十年代建的，漏雨严重。",
    "她说自己还年轻，想学一门手艺养活孩子。",
    "好心人送来了米和油，解了燃眉之急。",
    "村里帮忙修了屋顶，今年冬天不怕下雪了。",
    "母亲患有精神分裂症，父亲早年去世。",
    "一家人挤在一间出租屋里，房租每月五百元。",
    "孩子患有白血病，正在等待骨髓配型。",
    "我们已经走访了十几户困难家庭，情况基本属实。",
    "会议要求各单位高度重视，按时上报。",
    "冬天快到了，老人缺少御寒的棉被和衣服。",
    "受疫情影响，小店关门，断了收入来源。",
    "谢谢大家的关心，我们一定会挺过去。",
    "收到请回复，明天上午开会。",
    "你好，请问申请临时救助需要带什么材料？",
    "今天下雨，明天再去吧。",
    "他平时话不多，干活很卖力。",
    "高血压和糖尿病多年，每天都要吃药。",
    "妻子改嫁，留下三个年幼的孩子由爷爷奶奶抚养。",
    "双目失明，生活起居靠侄子照料。",
    "火灾烧毁了全部家具和粮食，幸好没有人员伤亡。",
    "医保报销以后，自己还要承担一大笔费用。",
)


@dataclass(frozen=True, slots=True)
class Peopled:
    """A sentence, the spans of the names in it, of which kind they are and in which genre it stands."""

    text: str
    names: tuple[tuple[int, int], ...]
    kind: str
    genre: str


def draw_sentence(dice: random.Random, kind: str = "", genre: str = "") -> Peopled:
    """Return a sentence with one to three names of the kind, drawn at random where nothing is asked."""
    kind, genre = kind or dice.choice(list(NAMES)), genre or dice.choice(list(GENRES))
    pieces = dice.choice(GENRES[genre]).split("{n}")
    text, spans = pieces[0], []
    for piece in pieces[1:]:
        name = NAMES[kind](dice)
        spans.append((len(text), len(text) + len(name) - _said_beside(kind, name)))
        text += name + piece
    return Peopled(text, tuple(spans), kind, genre)


def _said_beside(kind: str, name: str) -> int:
    """Return how many characters at the end of what was drawn are a title, which names nobody."""
    return {"titled": 2, "addressed": len(name) - 1}.get(kind, 0)


def _surname(dice: random.Random) -> str:
    return dice.choice(FREQUENT_SURNAMES)


def _first_level_character(dice: random.Random) -> str:
    """Return one of the 3,755 characters of GB 2312's first level."""
    row = dice.randrange(0xB0, 0xD8)
    cell = dice.randrange(0xA1, 0xFA if row == 0xD7 else 0xFF)
    return bytes((row, cell)).decode("gb2312")


def _usual(dice: random.Random) -> str:
    return _surname(dice) + dice.choice(USUAL_GIVEN)


def _rare_surname(dice: random.Random) -> str:
    return dice.choice(OTHER_SURNAMES) + dice.choice(USUAL_GIVEN)


def _unheard(dice: random.Random) -> str:
    given = "".join(_first_level_character(dice) for _ in range(dice.choice((1, 2, 2, 2))))
    return dice.choice(FREQUENT_SURNAMES + OTHER_SURNAMES) + given


def _compound(dice: random.Random) -> str:
    return dice.choice(COMPOUND_SURNAMES) + dice.choice(USUAL_GIVEN)


def _four_characters(dice: random.Random) -> str:
    return _surname(dice) + _surname(dice) + dice.choice([given for given in USUAL_GIVEN if len(given) == 2])


def _dotted(dice: random.Random) -> str:
    people = dice.choice(PEOPLES)
    first, last = _LISTS[f"{people}_first"].split(), _LISTS[f"{people}_last"].split()
    return dice.choice(first) + dice.choice("·•・‧") + dice.choice(last)


def _spelt(dice: random.Random) -> str:
    surname, *given = dice.choice(SYLLABLES), dice.choice(GIVEN_SYLLABLES), dice.choice(GIVEN_SYLLABLES)
    joined = "".join(given)
    ways = (
        f"{surname.title()} {joined.title()}",
        f"{joined.title()} {surname.title()}",
        surname + joined,
        f"{surname} {' '.join(given)}",
        f"{surname.upper()} {joined.title()}",
        f"{surname.upper()} {joined.upper()}",
    )
    return dice.choice(ways)


NAMES: dict[str, Callable[[random.Random], str]] = {
    "usual": _usual,
    "rare_surname": _rare_surname,
    "unheard_given": _unheard,
    "compound_surname": _compound,
    "two_surnames": _four_characters,
    "given_alone": lambda dice: dice.choice(GIVEN_ALONE),
    "nickname": lambda dice: dice.choice(BEFORE) + dice.choice(NICKNAMES),
    "everyday_word": lambda dice: dice.choice(EVERYDAY),
    "addressed": lambda dice: _surname(dice) + dice.choice(AFTER),
    "old_or_little": lambda dice: dice.choice(BEFORE) + _surname(dice),
    "titled": lambda dice: _usual(dice) + dice.choice(TITLES),
    "dotted": _dotted,
    "minority": lambda dice: dice.choice(MINORITY_ALONE),
    "foreign": lambda dice: dice.choice(FOREIGN),
    "spelt": _spelt,
    "hidden_in_part": lambda dice: (
        _surname(dice) + dice.choice(("某", "某某", "××", "**", "某某某", "*明", "XX"))
    ),
}
