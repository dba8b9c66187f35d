"""What the gate would say about a need now, and what each coarser step would do: looked at, nothing is decided."""

from dataclasses import dataclass
from datetime import datetime

from needs.anonymise.lattice import Generalised, Levels, Subject, generalise
from needs.anonymise.plan import Plan
from needs.anonymise.risk import Decision, Measures, failings, measure, what_coarsening_would_do
from needs.models import CaseRecord, GateDecision, Need
from needs.rules import obstacles_to_publishing
from needs.services import crowd
from needs.services.measuring import standing_plan


@dataclass(frozen=True)
class Preview:
    """The subject's codes, what would be told of them, the measures there and after each coarser step."""

    subject: Subject
    decision: Decision
    told: Generalised
    here: Measures
    steps: dict[str, tuple[Measures, tuple[str, ...]]]
    obstacles: list[str]
    plan: Plan
    needed_k_ref: int
    standing: GateDecision | None


def preview(*, need: Need, case: CaseRecord, now: datetime) -> Preview:
    """Return what the gate says now; for a need that is public already, at the levels it was published at."""
    plan = standing_plan(now=now).plan
    subject = crowd.subject(case_id=case.pk, now=now)
    decision = plan.decide(subject)
    standing = GateDecision.objects.filter(need=need, outcome="published", withdrawn_at=None).first()
    here = decision.measures or measure(subject, plan.settings.finest, plan.crowds, plan.settings)
    if standing is not None and standing.measures:
        here = measure(
            subject,
            Levels(**standing.measures["levels"]),
            plan.crowds,
            plan.settings,
            place=standing.measures.get("place", 0),
        )
    needed = plan.settings.needed_k_ref(plan.audience)
    steps = what_coarsening_would_do(subject, here.levels, plan.crowds, plan.settings, place=here.place)
    return Preview(
        subject=subject,
        decision=decision,
        told=generalise(subject, here.levels),
        here=here,
        steps={
            name: (after, tuple(map(str, failings(after, plan.settings, needed))))
            for name, after in steps.items()
        },
        obstacles=obstacles_to_publishing(
            consented=case.consent_on is not None, consent_withdrawn=case.consent_withdrawn_on is not None
        ),
        plan=plan,
        needed_k_ref=needed,
        standing=standing,
    )
