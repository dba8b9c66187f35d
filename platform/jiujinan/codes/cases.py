"""What a case record says of urgency, circle, origin and sensitivity."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jiujinan.codes.labels import gettext_noop


class Tier(StrEnum):
    """Urgency: the three gradients of Yongding; the critical tier may be paid before the papers."""

    CRITICAL = "critical"  # 特急救助
    JOINT = "joint"  # 联合救助
    DEPARTMENTAL = "departmental"  # 部门救助


TIER_LABELS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.CRITICAL: gettext_noop("Critical relief"),
        Tier.JOINT: gettext_noop("Joint relief"),
        Tier.DEPARTMENTAL: gettext_noop("Departmental relief"),
    }
)


class ReliefCircle(StrEnum):
    """The ring of relief that the household stands in (救助圈层), the neediest first."""

    BASIC = "basic"  # 低保、特困
    EDGE = "edge"  # 低保边缘、支出型
    RING_150 = "ring_150"  # 1.5 × the standard
    RING_200 = "ring_200"  # 2 × the standard
    OTHER = "other"  # 其他居民


RELIEF_CIRCLE_LABELS: Mapping[ReliefCircle, str] = MappingProxyType(
    {
        ReliefCircle.BASIC: gettext_noop("Minimum living allowance or extreme hardship"),
        ReliefCircle.EDGE: gettext_noop("Edge of the allowance or poor by expenditure"),
        ReliefCircle.RING_150: gettext_noop("Income up to 1.5 times the standard"),
        ReliefCircle.RING_200: gettext_noop("Income up to 2 times the standard"),
        ReliefCircle.OTHER: gettext_noop("Other resident"),
    }
)


class DiscoveryChannel(StrEnum):
    """How the case came to be known; all but an application count as proactive (主动发现)."""

    APPLICATION = "application"  # 本人申请
    VILLAGE_CADRE = "village_cadre"  # 村（社区）干部
    GRID_WORKER = "grid_worker"  # 网格员
    MUTUAL_AID_GROUP = "mutual_aid_group"  # 互助小组
    HOME_VISIT = "home_visit"  # 入户走访
    SOCIAL_WORKER = "social_worker"
    VOLUNTEER = "volunteer"
    DATA_COMPARISON = "data_comparison"  # 信息比对
    DEPARTMENT = "department"  # 部门通报
    HOTLINE = "hotline"  # 12345
    PUBLIC_REPORT = "public_report"  # 网上、微信上报
    MEDIA = "media"
    BORDER_PATROL = "border_patrol"  # 边境巡查


DISCOVERY_CHANNEL_LABELS: Mapping[DiscoveryChannel, str] = MappingProxyType(
    {
        DiscoveryChannel.APPLICATION: gettext_noop("Own application"),
        DiscoveryChannel.VILLAGE_CADRE: gettext_noop("Village or community cadre"),
        DiscoveryChannel.GRID_WORKER: gettext_noop("Grid worker"),
        DiscoveryChannel.MUTUAL_AID_GROUP: gettext_noop("Mutual-aid group"),
        DiscoveryChannel.HOME_VISIT: gettext_noop("Home visit"),
        DiscoveryChannel.SOCIAL_WORKER: gettext_noop("Social worker"),
        DiscoveryChannel.VOLUNTEER: gettext_noop("Volunteer"),
        DiscoveryChannel.DATA_COMPARISON: gettext_noop("Comparison of data"),
        DiscoveryChannel.DEPARTMENT: gettext_noop("Notice from a department"),
        DiscoveryChannel.HOTLINE: gettext_noop("Hotline"),
        DiscoveryChannel.PUBLIC_REPORT: gettext_noop("Public report form"),
        DiscoveryChannel.MEDIA: gettext_noop("Media report"),
        DiscoveryChannel.BORDER_PATROL: gettext_noop("Border watch visit"),
    }
)


PROACTIVE_CHANNELS = frozenset(set(DiscoveryChannel) - {DiscoveryChannel.APPLICATION})


class Source(StrEnum):
    """The department or list that a case file came from."""

    CIVIL_AFFAIRS = "civil_affairs"  # 民政
    HOSPITAL = "hospital"
    MEDICAL_INSURANCE = "medical_insurance"  # 医保
    SCHOOL = "school"
    DISABLED_FEDERATION = "disabled_federation"  # 残联
    TRADE_UNION = "trade_union"  # 工会
    WOMENS_FEDERATION = "womens_federation"  # 妇联
    YOUTH_LEAGUE = "youth_league"  # 共青团
    BORDER_WATCH_LIST = "border_watch_list"  # 边境监测名单
    RURAL_REVITALISATION = "rural_revitalisation"  # 乡村振兴
    VETERANS_AFFAIRS = "veterans_affairs"
    EMERGENCY_MANAGEMENT = "emergency_management"  # 应急管理
    PUBLIC_REPORT = "public_report"


SOURCE_LABELS: Mapping[Source, str] = MappingProxyType(
    {
        Source.CIVIL_AFFAIRS: gettext_noop("Civil affairs"),
        Source.HOSPITAL: gettext_noop("Hospital"),
        Source.MEDICAL_INSURANCE: gettext_noop("Medical insurance"),
        Source.SCHOOL: gettext_noop("School"),
        Source.DISABLED_FEDERATION: gettext_noop("Disabled persons' federation"),
        Source.TRADE_UNION: gettext_noop("Trade union"),
        Source.WOMENS_FEDERATION: gettext_noop("Women's federation"),
        Source.YOUTH_LEAGUE: gettext_noop("Youth league"),
        Source.BORDER_WATCH_LIST: gettext_noop("Border watch list"),
        Source.RURAL_REVITALISATION: gettext_noop("Rural revitalisation"),
        Source.VETERANS_AFFAIRS: gettext_noop("Veterans affairs"),
        Source.EMERGENCY_MANAGEMENT: gettext_noop("Emergency management"),
        Source.PUBLIC_REPORT: gettext_noop("Public report"),
    }
)


class SensitiveKind(StrEnum):
    """Kinds of case that are never an individual record in public, only part of an aggregate."""

    DOMESTIC_VIOLENCE = "domestic_violence"
    SEXUAL_VIOLENCE = "sexual_violence"
    HIV = "hiv"
    MENTAL_ILLNESS = "mental_illness"
    ADOPTION = "adoption"
    MINOR_SUBJECT = "minor_subject"
    RARE_DISEASE = "rare_disease"
    IN_THE_MEDIA = "in_the_media"


SENSITIVE_KIND_LABELS: Mapping[SensitiveKind, str] = MappingProxyType(
    {
        SensitiveKind.DOMESTIC_VIOLENCE: gettext_noop("Domestic violence"),
        SensitiveKind.SEXUAL_VIOLENCE: gettext_noop("Sexual violence"),
        SensitiveKind.HIV: gettext_noop("HIV"),
        SensitiveKind.MENTAL_ILLNESS: gettext_noop("Mental illness"),
        SensitiveKind.ADOPTION: gettext_noop("Adoption"),
        SensitiveKind.MINOR_SUBJECT: gettext_noop("A minor as main subject"),
        SensitiveKind.RARE_DISEASE: gettext_noop("Rare disease"),
        SensitiveKind.IN_THE_MEDIA: gettext_noop("Case that was in the media"),
    }
)
