"""Everything public follows from the projection: whatever else a case holds can change, and no public byte does."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from cms.site.services import build_site
from cms.site.urls import urlpatterns
from jiujinan.accounts.models import User
from jiujinan.sealing.fields import Plain
from matching.models import Commitment
from matching.publishing.services import publish_release, release_grants
from needs.catalogue import columns, engine
from needs.models import CaseRecord, Household, NeedItem, Person, Project
from needs.services.gate import decide, withdraw
from tests.cms.public_side.walking import asked_by_name, walk
from tests.matching.publishing.test_services import paid
from tests.town import NOW, Town

SECRETS = ("欧阳冬梅", "110105194912310021", "13800138000", "大坪村3组第三家", "6222021234567890128")
# A form's own marks differ at every request.
FRESH = re.compile(
    rb'name="(?:csrfmiddlewaretoken|token|asked_at|number_of_form)"[^>]*value="[^"]*"|nonce="[^"]*"'
)

# Feeds of the editors' articles say when they were made.
BUILT_AT = re.compile(rb"<(?:lastBuildDate|updated)>[^<]*")


@pytest.fixture
def shown(town: Town) -> Project:
    """A town in which everything has happened: needs in public, one held, one withdrawn, grants, a release."""
    build_site(now=timezone.now())
    town.fund()
    town.offer()
    town.lot()
    for cause in ("disability", "accident"):
        town.crowd(7, cause=cause)
    paid(town, 20)
    release_grants(now=NOW)
    for need in (town.verified(sensitive_kind="hiv"), town.verified(consent_on=None)):
        assert decide(need=need, by=town.wu, now=NOW).outcome == "held"
    gone, *standing = [decide(need=town.verified(), by=town.wu, now=NOW) for _ in range(3)]
    withdraw(need=gone.need, reason="asked for it", by=town.zhou, now=NOW)
    publish_release(now=NOW)
    assert [one.outcome for one in standing] == ["published", "published"]
    return Project.objects.get(pk=standing[-1].project_id)


def walked(project: Project) -> dict[str, bytes]:
    """Walk with nothing remembered, so that every answer is made of what stands in the database now."""
    cache.clear()
    columns.forget()
    engine.lexicon.cache_clear()
    answers = walk(Client(headers={"accept-language": "zh-hans"}), asked_by_name(project))
    return {
        path: (BUILT_AT if path.startswith(("/stories/", "/news/")) else FRESH).sub(b"", body)
        for path, body in answers.items()
    }


def change_everything_but_the_codes() -> None:
    """Give every case other people, sums, days and numbers, within what its codes say."""
    for person in Person.objects.all():
        name, number, phone, address, account = (Plain(value) for value in SECRETS)
        person.name, person.id_number, person.phone = name, number, phone
        person.address, person.bank_account = address, account
        person.birth_year, person.sex = 1976, "2"
        person.save()
    Household.objects.update(size=6, monthly_income_fen=98_765, medical_expense_fen=4_321_098)
    CaseRecord.objects.update(
        applied_on=F("applied_on") - timedelta(days=9),
        received_at=F("received_at") - timedelta(hours=7),
        channel="self_reported",
        government_done=False,
        is_hard_case=True,
    )
    for place, case in enumerate(CaseRecord.objects.all()):
        CaseRecord.objects.filter(pk=case.pk).update(number=f"秘{place:05d}")
    NeedItem.objects.filter(kind="cash", committed=0).update(required=F("required") + 73_21)
    Commitment.objects.update(at=F("at") - timedelta(hours=5))
    User.objects.update(full_name="某经办人丁")


@pytest.mark.slow
def test_what_no_projection_says_changes_no_public_byte_and_stands_in_none(shown: Project) -> None:
    """One town and two walks: a test for each of the four things would build the town four times."""
    before = walked(shown)
    the_walk_went_everywhere(before)
    the_walk_met_projects(before, shown)
    change_everything_but_the_codes()
    after = walked(shown)
    assert before.keys() == after.keys()
    assert [path for path in before if before[path] != after[path]] == []
    secrets = what_cases_hold()
    assert len(secrets) > 200
    for path, body in after.items():
        text = body.decode(errors="replace")
        assert [secret for secret in secrets if secret in text] == [], path


def the_walk_went_everywhere(answers: dict[str, bytes]) -> None:
    assert len(answers) >= 50
    reached = {
        pattern
        for path in answers
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and pattern.resolve(path.split("?")[0].lstrip("/"))
    }
    # Pictures that an editor uploaded: there is none in the town. The style guide is for the desk alone.
    not_walked = {str(one.pattern) for one in urlpatterns if one not in reached}
    assert not_walked == {"media/images/<path:name>", "style-guide/"}
    assert Client().get("/style-guide/").status_code == 403


def the_walk_met_projects(answers: dict[str, bytes], shown: Project) -> None:
    assert {
        "/projects/", f"/projects/{shown.number}/", "/sitemap-projects.xml", "/projects/feed/rss/",
        "/projects/feed/atom/", "/api/v1/projects", "/open-data/files/projects.csv",
        "/open-data/files/projects.json", "/projects/?view=table",
    } <= {path for path, body in answers.items() if shown.number.encode() in body}  # fmt: skip


def what_cases_hold() -> set[str]:
    """Return what must stand nowhere: what was typed, numbers and keys of cases, sums to the fen."""
    secrets = {*SECRETS, "某经办人丁"}
    for case in CaseRecord.objects.select_related("need"):
        secrets |= {case.number, str(case.pk), str(case.need.pk), str(case.household_id)}
    for item in NeedItem.objects.filter(kind="cash"):
        secrets |= {str(item.pk), f"{item.required / 100:,.2f}", f"{item.required / 100:.2f}"}
    return secrets
