"""Find addresses, exact sums and dates, and what says that a person is the only one of the kind."""

import re
from collections.abc import Iterator

from jiujinan.text import Aligned, align, normalise
from needs.anonymise.spans import Kind, Span

_NUMBER = "[0-9０-９〇零一二三四五六七八九十百]"
_NEAR = "(?:隔壁|口|头|尾|旁边|旁|边|对面|后面|前面|东头|西头|南头|北头|东边|西边|附近|背后|下面|上面|里)"
_LANDMARK = (
    "(?:村委会|村|寨|屯|桥|河|庙|祠堂|学校|卫生室|卫生院|小卖部|榕树|水井|井|路|街|巷|车站|加油站|山脚|水库)"
)
ADDRESSES = (
    re.compile(
        rf"{_LANDMARK}{_NEAR}?[的那]?(?:数起|往[东南西北里]走?|起)?[，、]?第?{_NUMBER}{{1,8}}(?:家|户|间|座|栋|号)"
    ),
    re.compile(rf"{_LANDMARK}(?:的)?(?:隔壁|斜对面|正对面)"),
    re.compile(
        rf"最?(?:里|外|东|西|南|北|前|后|上|下)(?:头|边|面)?的?第?{_NUMBER}{{1,2}}(?:家|户)(?![人庭])"
    ),
    re.compile(rf"{_LANDMARK}{_NEAR}(?:的)?(?:那家|那户|那一家|那一户|那间|人家|头一家|唯一一户)"),
    re.compile(rf"第{_NUMBER}{{1,8}}(?:家|户人家|间房|排)"),
    re.compile(
        rf"{_NUMBER}{{1,8}}\s*(?:号楼|号院|栋|幢|单元|楼|层|号房|号门|室)(?:\s*{_NUMBER}{{1,8}}\s*(?:单元|楼|层|室|号|户))*"
    ),
    re.compile(
        rf"[\u4e00-\u9fff]{{1,6}}?(?:村|屯|寨|庄|坪|湾|路|街|巷|弄|胡同|道)\s*{_NUMBER}{{1,8}}\s*(?:号|组|队|社|栋|弄)(?:\s*{_NUMBER}{{1,8}}\s*号)?"
    ),
    re.compile(r"(?:门牌|住址|地址|家住|户籍地|户口所在地|现住)[号为是：:\s]*[^，。；！？\n]{2,30}"),
    re.compile(rf"{_NUMBER}{{1,8}}\s*(?:村民小组|生产队|组|队)\s*{_NUMBER}{{1,8}}\s*号"),
)
EXACT_SUM = re.compile(
    r"(?:[¥￥]\s*)?(?<![0-9])(?P<sum>[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]{1,2})?|[0-9０-９]{3,}(?:[.．][0-9０-９]{1,2})?)\s*(?:元|块|圆|RMB|rmb|人民币)"
)
EXACT_SUM_BEHIND_SIGN = re.compile(
    r"(?:[¥￥]|RMB|rmb|人民币|CNY)\s*(?P<sum>[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]{1,2})?|[0-9]{3,}(?:[.][0-9]{1,2})?)"
)
EXACT_SUM_IN_TEN_THOUSANDS = re.compile(r"(?<![0-9])[0-9０-９]+[.．][0-9０-９]{2,}\s*万")
_FIGURE = "[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两]"
SUM_IN_WORDS = re.compile(rf"(?:{_FIGURE}[万千百十萬仟佰拾]零?){{3,12}}{_FIGURE}?(?:[元圆块角分整]|块钱)+")
EXACT_DATE = re.compile(
    rf"(?:(?:[12][0-9]{{3}}|[一二〇零○九八七六五四三]{{2,4}})\s*[年./-]\s*)?(?:[0-9０-９]{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月\s*(?:[0-9０-９]{{1,2}}|{_NUMBER}{{1,3}})\s*[日号]"
    r"|(?:19|20)[0-9]{2}\s*[-./]\s*[01]?[0-9]\s*[-./]\s*[0-3]?[0-9](?![0-9])"
    r"|(?<![0-9.])(?:1[0-2]|0?[1-9])[.](?:[12][0-9]|3[01]|0?[1-9])\s*[日号]"
    r"|(?:农历|腊月|正月)[初廿十一二三四五六七八九]{1,4}"
)
ROUND_FIGURES = 2
UNIQUE = re.compile(
    r"(?:全|本|我|该|整个)(?:国|省|市|州|县|区|镇|乡|村|屯|寨|校|厂|院|社区|街道)(?:里|内|上下)?(?:范围内)?(?:的)?(?:唯一|仅有|只有|就|独一|首|第一|头一|最[早年老大小高矮])"
    r"|(?:唯一|独一无二|绝无仅有|独一份|仅此一|只此一|首例|第一例|头一例|头一个|仅[有一]例|罕见病|极为罕见|百万分之一|十万分之一)"
    r"|(?:上过|登过|接受过|见诸|轰动|惊动)[^，。；\n]{0,8}(?:电视|报纸|新闻|媒体|采访|报道|热搜|全[县市省国镇村])"
    r"|(?:记者|电视台|媒体|报社|新闻)[^，。；\n]{0,6}(?:报道过|采访过|曾报道|曾采访|播出过)"
    r"|(?:本|我|该|原|前|现任|时任)?(?:村|屯|镇|乡|社区)(?:支书|支部书记|主任|委会主任|长|医|小学校长)"
    r"|全国(?:劳模|劳动模范|道德模范|人大代表|政协委员)|(?:省|市|县)(?:劳模|人大代表|政协委员)"
    r"|(?:三|四|五|六)胞胎"
)


def find_addresses(text: str) -> Iterator[Span]:
    """Yield the spans that lead to a door."""
    plain = align(text, normalise)
    for pattern in ADDRESSES:
        yield from _spans(plain, pattern, Kind.ADDRESS)


def find_exact_sums(text: str) -> Iterator[Span]:
    """Yield the sums of money that are not round: with more than two significant figures."""
    plain = align(text, normalise)
    for written in (EXACT_SUM, EXACT_SUM_BEHIND_SIGN):
        for match in written.finditer(plain.text):
            figures = match.group("sum").replace(",", "").replace(".", "").strip("0")
            if len(figures) > ROUND_FIGURES:
                yield Span(*plain.original_span(match.start(), match.end()), Kind.AMOUNT)
    for pattern in (EXACT_SUM_IN_TEN_THOUSANDS, SUM_IN_WORDS):
        yield from _spans(plain, pattern, Kind.AMOUNT)


def find_exact_dates(text: str) -> Iterator[Span]:
    """Yield the dates that name a day."""
    yield from _spans(align(text, normalise), EXACT_DATE, Kind.DATE)


def find_unique(text: str) -> Iterator[Span]:
    """Yield what singles a person out: the only one, in the news, an office that one person holds."""
    yield from _spans(align(text, normalise), UNIQUE, Kind.UNIQUE)


def _spans(plain: Aligned, pattern: re.Pattern[str], kind: Kind) -> Iterator[Span]:
    for match in pattern.finditer(plain.text):
        yield Span(*plain.original_span(match.start(), match.end()), kind)
