"""Each state × each act × each role of reports and complaints, through the services."""

from itertools import count
from uuid import UUID

from jiujinan.accounts.roles import Role
from needs.discovery.complaint_states import COMPLAINT_ACTS, ComplaintKind, ComplaintState, Outcome
from needs.discovery.models import Complaint, NeedReport
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, answer, answer_complaint, contact, file, look_into, take_in
from needs.discovery.services.complaints import Grievance, lodge
from needs.discovery.states import REPORT_ACTS, Answer, ReportState
from needs.models import CaseRecord
from tests.needs.services.test_every_state_act_and_role import Act, check
from tests.town import COUNTY, NOW, Town

OFFICERS = {Role.CASE_OFFICER, Role.SUPERVISOR}
forms = count()


def test_reports(town: Town) -> None:
    case = town.case()
    known: set[UUID] = set()

    def prepare(state: ReportState) -> NeedReport:
        word = FirstWord(token=f"each-{next(forms)}", whose=Whose.OWN, region=COUNTY, story="押金不够")
        take_in(word=word, origin="", by=town.lin, now=NOW)
        report = NeedReport.objects.exclude(pk__in=known).get()
        known.add(report.pk)
        NeedReport.objects.filter(pk=report.pk).update(
            state=state,
            case=case if state is ReportState.FILED else None,
            answer=Answer.ADVISED if state is ReportState.ANSWERED else "",
        )
        return NeedReport.objects.get(pk=report.pk)

    acts = {
        "contact": Act(
            REPORT_ACTS["contact"].sources, OFFICERS, lambda one, by: contact(report=one, by=by, now=NOW)
        ),
        "file": Act(
            REPORT_ACTS["file"].sources,
            OFFICERS,
            lambda one, by: file(report=one, case=CaseRecord.objects.get(pk=case.pk), by=by, now=NOW),
        ),
        "answer": Act(
            REPORT_ACTS["answer"].sources,
            OFFICERS,
            lambda one, by: answer(report=one, answer=Answer.ADVISED, reason="已告知", by=by, now=NOW),
        ),
    }
    assert set(acts) == set(REPORT_ACTS)
    check(acts, ReportState, town, prepare)


def test_complaints(town: Town) -> None:
    known: set[UUID] = set()

    def prepare(state: ComplaintState) -> Complaint:
        grievance = Grievance(
            token=f"each-{next(forms)}", kind=ComplaintKind.WRONG_FACT, region=COUNTY, words="写错了"
        )
        lodge(grievance=grievance, origin="", now=NOW)
        complaint = Complaint.objects.exclude(pk__in=known).get()
        known.add(complaint.pk)
        Complaint.objects.filter(pk=complaint.pk).update(
            state=state, outcome=Outcome.EXPLAINED if state is ComplaintState.ANSWERED else ""
        )
        return Complaint.objects.get(pk=complaint.pk)

    acts = {
        "look_into": Act(
            COMPLAINT_ACTS["look_into"].sources,
            OFFICERS,
            lambda one, by: look_into(complaint=one, by=by, now=NOW),
        ),
        "answer": Act(
            COMPLAINT_ACTS["answer"].sources,
            OFFICERS,
            lambda one, by: answer_complaint(
                complaint=one, outcome=Outcome.EXPLAINED, reason="已核实", by=by, now=NOW
            ),
        ),
    }
    assert set(acts) == set(COMPLAINT_ACTS)
    check(acts, ComplaintState, town, prepare)
