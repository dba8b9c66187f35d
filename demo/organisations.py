"""Invented organisations of every kind, with credit codes that are well formed and nobody's."""

from dataclasses import dataclass

from stdnum.cn import uscc

from demo.people import COUNTIES

_REGISTRARS = {
    "charity": "53", "enterprise": "91", "social_work_agency": "52", "partner": "11", "goods_station": "52",
}  # fmt: skip
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
CHARITIES = (
    ("云川市慈善总会", "990100"), ("云川市妇女儿童基金会", "990100"), ("青禾县慈善会", "990121"),
    ("临溪县慈善会", "990122"), ("石门岭县慈善会", "990123"), ("华云省大病救助基金会", "990000"),
)  # fmt: skip
ENTERPRISES = (
    "青禾米业", "云川建材", "临溪茶叶", "石门岭矿泉水", "华云电力服务", "云川客运", "禾丰农机", "沙湾果业",
    "云岭药材", "城关百货", "红枫家具", "柳溪食品", "关口物流", "白塘水产", "云川软件", "木梁木业",
)  # fmt: skip
AGENCIES = (
    ("云川市同心社会工作服务中心", "990100"), ("云川市晨光心理援助中心", "990100"),
    ("青禾县暖阳社会工作服务中心", "990121"), ("青禾县同行养老服务中心", "990121"),
    ("临溪县溪畔社会工作服务中心", "990122"), ("石门岭县山里社会工作服务中心", "990123"),
    ("云川市明理法律援助服务中心", "990100"),
)  # fmt: skip
PARTNERS = (
    ("海津市对口帮扶办公室", "990200"), ("海津市慈善联合会帮扶部", "990200"),
    ("海津装备有限公司", "990200"), ("海津纺织有限公司", "990200"),
)  # fmt: skip
STATION_TOWNS = {
    "990121": ("城关镇", "柳溪镇", "红枫镇", "石桥镇"), "990122": ("临溪镇", "沙湾镇", "云岭乡"),
    "990123": ("石门镇", "关口镇", "木梁乡"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """One invented organisation."""

    name: str
    kind: str
    region: str
    credit_code: str


def organisations() -> list[Organisation]:
    """Return all of them: 6 charities, 16 enterprises, 7 agencies, 4 partners, 10 stations."""
    plain: list[tuple[str, str, str]] = []
    plain += [(name, "charity", region) for name, region in CHARITIES]
    plain += [(f"{name}有限公司", "enterprise", "990100") for name in ENTERPRISES]
    plain += [(name, "social_work_agency", region) for name, region in AGENCIES]
    plain += [(name, "partner", region) for name, region in PARTNERS]
    plain += [
        (f"{COUNTIES[county]}{town}爱心驿站", "goods_station", county)
        for county, towns in STATION_TOWNS.items()
        for town in towns
    ]
    return [
        Organisation(f"{name}（虚构）", kind, region, credit_code(kind, region, serial))
        for serial, (name, kind, region) in enumerate(plain, start=1)
    ]


def credit_code(kind: str, region: str, serial: int) -> str:
    """Return a code with right check characters (GB 11714 inside GB 32100) for an invented division."""
    body = f"MA9{serial:05d}"
    total = sum(weight * _ALPHABET.index(c) for weight, c in zip(_WEIGHTS, body, strict=True))
    check = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    digits = _REGISTRARS[kind] + region + body + check
    return digits + str(uscc.calc_check_digit(digits))


def of_kind(found: list[Organisation], kind: str) -> list[Organisation]:
    """Return those of one kind."""
    return [organisation for organisation in found if organisation.kind == kind]
