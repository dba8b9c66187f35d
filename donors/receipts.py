"""Amounts as a donation receipt writes them. Pure."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def amount_in_capitals(fen: int) -> str:
    """
    Return an amount in the capital numerals of Chinese receipts: 人民币壹佰零伍元叁角整.

    Source: 支付结算办法, annex 1 (writing of amounts). Raises ValueError below 1 fen or from 10^18 fen on.
    """
    if not 0 < fen < 10**18:
        raise ValueError(f"no receipt is written for {fen} fen")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    words = "人民币" + (_whole(yuan) + "元" if yuan else "")
    if not rest:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[cents] + "分" if cents else "整")


def _whole(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        if words and (gap or group < 1_000):
            words += "零"
        words, gap = words + _four(group) + _GROUPS[place], False
    return words


def _four(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
