"""How characters are read in the names of divisions, where that isn't their first reading in a dictionary (data, pure).

Read against two sources that know whole names; where these differ, the reading that the county's own people and
dictionaries of place names give. 1984 rules for spelling place names (地名汉语拼音字母拼写规则).
"""

from collections.abc import Mapping
from types import MappingProxyType

#: In names of divisions these are read so.
IN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "都": "du", "长": "chang", "重": "chong", "藏": "zang", "什": "shi", "勒": "le", "佛": "fo", "厦": "xia",
        "蚌": "beng", "筠": "jun", "番": "pan", "曾": "zeng",
    }
)  # fmt: skip

#: And in these names otherwise still: the name before its generic term, and its syllables.
OF_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "宝坻": "bao di", "乐亭": "lao ting", "乐陵": "lao ling", "大城": "dai cheng", "泊头": "bo tou",
        "万柏林": "wan bo lin", "长治": "chang zhi", "长子": "zhang zi", "繁峙": "fan shi", "洪洞": "hong tong",
        "弓长岭": "gong chang ling", "朝阳": "chao yang", "珲春": "hun chun", "茄子河": "qie zi he",
        "穆棱": "mu ling", "绥棱": "sui ling", "丹棱": "dan ling", "闵行": "min hang", "六合": "lu he",
        "六安": "lu an", "乐清": "yue qing", "枞阳": "zong yang", "涡阳": "guo yang", "铅山": "yan shan",
        "牟平": "mu ping", "中牟": "zhong mu", "东阿": "dong e", "召陵": "shao ling", "泌阳": "bi yang",
        "黄陂": "huang pi", "大埔": "da bu", "龙圩": "long xu", "覃塘": "qin tang", "犍为": "qian wei",
        "荥经": "ying jing", "吴堡": "wu bu", "红寺堡": "hong si bu", "崆峒": "kong tong", "宕昌": "tan chang",
        "称多": "chen duo", "什邡": "shi fang", "蔚县": "yu xian", "单县": "shan xian", "浚县": "xun xian",
        "马尾": "ma wei", "漯河": "luo he", "南乐": "nan le", "民乐": "min le",
    }
)  # fmt: skip
