"""Taking a report in, answering for it, and telling its reporter how it goes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed, can_handle_case
from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import record
from jiujinan.clocks.models import Clock
from jiujinan.clocks.rules import Step
from jiujinan.clocks.services import notify, start, stop
from jiujinan.codes import DiscoveryChannel, Tier
from jiujinan.sealing.blind_index import blind_index
from jiujinan.sealing.fields import Plain
from needs.discovery import rules
from needs.discovery.models import Complaint, NeedReport, Visit
from needs.discovery.rules import Progress, Whose, progress
from needs.discovery.services.limits import hold_back
from needs.discovery.services.owners import first_owner
from needs.discovery.services.tracking import Receipt, new_number, sent_before, tracked
from needs.discovery.states import REPORT_ACTS, Answer, ReportState
from needs.models import CaseRecord
from needs.queries import channel_of_first_word
from needs.services.noting import note
from needs.states import CaseState

TRIES = 3
_SEALED = ("reporter_name", "phone", "person_name", "address", "story")


class NotYet(Exception):
    """The act lacks something; `code` says what."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FirstWord:
    """What somebody told us. Texts are as typed; `token` names the form, so that sending it twice has one effect."""

    token: str
    whose: Whose
    region: str
    story: str = field(repr=False)
    tier: Tier = Tier.DEPARTMENTAL
    cause: str = ""
    channel: DiscoveryChannel = DiscoveryChannel.PUBLIC_REPORT
    reporter_name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    person_name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@transaction.atomic
def take_in(
    *, word: FirstWord, origin: str, now: datetime, by: User | None = None, visit: Visit | None = None
) -> Receipt:
    """
    Keep the report, with an owner and a deadline from its first minute; return its tracking number.

    `origin` is where the form came from (an address on the net); only a keyed digest of it is kept, for a day.
    Raise TooMany past the limits for the public, NobodyInCharge where no unit covers the place.
    """
    known = sent_before(NeedReport.objects.all(), word.token)
    if known is not None:
        return known
    number = new_number(word.token)
    if by is None:
        hold_back(NeedReport.objects.all(), origin=origin, phone=word.phone, now=now)
    report = NeedReport(
        tracking_index=blind_index(number, kind="tracking"),
        tracking_number=Plain(number),
        origin_index=blind_index(origin, kind="origin") if origin else "",
        phone_index=blind_index(word.phone, kind="phone") if word.phone else "",
        whose=word.whose,
        region_id=word.region,
        channel=word.channel,
        cause=word.cause,
        tier=word.tier,
        received_at=now,
        due_at=now,
        owner=by or first_owner(region=word.region, now=now),
        visit=visit,
    )
    for name in _SEALED:
        text = getattr(word, name).strip()
        setattr(report, name, Plain(text) if text else None)
    report.save(force_insert=True)
    _restart_clock(report, now)
    _note(report, "taken_in", by, now, data={"channel": word.channel, "tier": word.tier})
    if by is None:
        _tell_owner(report, "first", now)
    return Receipt(number, report.due_at)


@transaction.atomic
def contact(*, report: NeedReport, by: User, now: datetime) -> NeedReport:
    """Note that the reporter or the household was reached; the clock for opening a case starts afresh."""
    report = _locked(report, by)
    report.state = REPORT_ACTS["contact"].apply(report.state)
    report.save(update_fields=["state"])
    _restart_clock(report, now)
    _note(report, "contacted", by, now)
    return report


@transaction.atomic
def tried(*, report: NeedReport, by: User, now: datetime) -> int:
    """Note that somebody tried to reach them in vain; return on how many days that was tried."""
    report = _locked(report, by)
    if report.state != ReportState.RECEIVED:
        raise NotYet("already_reached")
    _note(report, "tried", by, now)
    return _days_tried(report)


@transaction.atomic
def file(*, report: NeedReport, case: CaseRecord, by: User, now: datetime) -> NeedReport:
    """Let the case record go on from here; from now on the tracking number follows it.

    A case that came after the report was found by it: it takes the report's channel, and its time counts from there.
    """
    report = _locked(report, by)
    if not can_handle_case(by, region=case.region_id):
        raise NotAllowed("the case record belongs to another region")
    report.state = REPORT_ACTS["file"].apply(report.state)
    report.case, report.due_at = case, None
    report.save(update_fields=["state", "case", "due_at"])
    stop(subject=clock_name(report), now=now)
    _note(report, "filed", by, now, data={"case": str(case.pk)})
    _carry_channel(case, by, now)
    return report


def _carry_channel(case: CaseRecord, by: User, now: datetime) -> None:
    case = CaseRecord.objects.select_for_update(of=("self",)).get(pk=case.pk)
    channel = channel_of_first_word(case)
    if channel and channel != case.channel:
        note(case, "channel", by=by, now=now, data={"from": case.channel, "to": channel})
        case.channel = channel
        case.save(update_fields=["channel"])


@transaction.atomic
def answer(*, report: NeedReport, answer: Answer, reason: str, by: User, now: datetime) -> NeedReport:
    """End the report without a case record; `reason` says what the person was told."""
    report = _locked(report, by)
    if not reason.strip():
        raise NotYet("reason_missing")
    if answer is Answer.NOT_REACHED and _days_tried(report) < TRIES:
        raise NotYet("too_few_tries")
    report.state = REPORT_ACTS["answer"].apply(report.state)
    report.answer, report.due_at = answer, None
    report.save(update_fields=["state", "answer", "due_at"])
    stop(subject=clock_name(report), now=now)
    _note(report, "answered", by, now, reason=reason, data={"answer": answer})
    return report


@transaction.atomic
def hand_over(*, report: NeedReport, to: User, by: User, now: datetime) -> NeedReport:
    """Give the report to a colleague who may handle cases of its region."""
    report = _locked(report, by)
    if not can_handle_case(to, region=report.region_id):
        raise NotAllowed("the colleague does not handle cases of this region")
    if report.due_at is None:
        raise NotYet("already_ended")
    return give(report=report, to=to, by=by, now=now)


def give(*, report: NeedReport, to: User, by: User | None, now: datetime) -> NeedReport:
    """Write the new person in charge into a locked report and its clock, and tell them."""
    before = report.owner_id
    report.owner = to
    report.save(update_fields=["owner"])
    Clock.objects.filter(subject=clock_name(report), ended_at=None).update(owner=to)
    _note(report, "handed_over", by, now, data={"from": before, "to": to.pk})
    _tell_owner(report, now.isoformat(), now)
    return report


def follow(*, number: str) -> Progress | None:
    """Return what the tracking number shows, None for a number that leads nowhere."""
    report = tracked(NeedReport.objects.select_related("case__need"), number).first()
    if report is None:
        return None
    case = CaseState(report.case.state) if report.case else None
    need = getattr(report.case, "need", None)
    return progress(
        whose=Whose(report.whose),
        report=ReportState(report.state),
        case=case,
        fulfilments=frozenset(item.fulfilment for item in need.items.all()) if need else frozenset(),
    )


def forget_origins(*, now: datetime) -> int:
    """Empty the digests of where forms came from, a day later; return how many."""
    before = now - timedelta(hours=rules.ORIGIN_KEPT_HOURS)
    kinds: tuple[type[NeedReport] | type[Complaint], ...] = (NeedReport, Complaint)
    return sum(
        kind._default_manager.exclude(origin_index="").filter(received_at__lt=before).update(origin_index="")
        for kind in kinds
    )


def trail_name(report: NeedReport) -> str:
    """Return the name under which the report's openings and acts are recorded."""
    return f"report-{report.pk}"


def clock_name(report: NeedReport) -> str:
    """Return the name of the report's clock."""
    return f"report:{report.pk}"


def short_name(report: NeedReport) -> str:
    """Return what people at the desk call the report among themselves; it leads nowhere outside."""
    return f"R-{str(report.pk)[:8]}"


def _tell_owner(report: NeedReport, occasion: str, now: datetime) -> None:
    notify(
        to=report.owner,
        kind="assigned",
        subject=clock_name(report),
        step=Step.CONTACT,
        label=short_name(report),
        due_at=report.due_at,
        key=f"{clock_name(report)}:assigned:{occasion}",
        now=now,
    )


def _restart_clock(report: NeedReport, now: datetime) -> None:
    """Give the report a fresh deadline, with its reminder and escalation."""
    clock = start(
        subject=clock_name(report),
        step=Step.CONTACT,
        label=short_name(report),
        region=report.region_id,
        tier=report.tier,
        owner=report.owner,
        now=now,
    )
    report.due_at = clock.due_at
    report.save(update_fields=["due_at"])


def _locked(report: NeedReport, by: User) -> NeedReport:
    report = NeedReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not can_handle_case(by, region=report.region_id):
        raise NotAllowed("only an officer of the region answers a report")
    return report


def _days_tried(report: NeedReport) -> int:
    tries = AuditEntry.objects.filter(stream=f"case:{trail_name(report)}", action="report.tried")
    return len({timezone.localtime(at).date() for at in tries.values_list("at", flat=True)})


def _note(
    report: NeedReport,
    act: str,
    by: User | None,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, object] | None = None,
) -> None:
    subject = f"case:{trail_name(report)}"
    record(stream=subject, action=f"report.{act}", by=by, subject=subject, reason=reason, data=data, now=now)
