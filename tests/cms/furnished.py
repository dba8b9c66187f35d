"""A town in which every page has something to show, and the addresses of all of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page

from cms.site.models import StoryIndexPage, StoryPage
from cms.site.services import build_site
from donors.models import Contribution, Fund, FundEnding, PaymentBatch
from donors.services import announce_contribution
from jiujinan.accounts.models import User
from matching.models import Commitment, Proposal, Referral
from matching.publishing.services import publish_release
from matching.services.proposals import accept_proposal
from matching.states import ProposalState
from needs.models import NeedItem, Project
from needs.services.showing import take_out
from tests.cms.conftest import make_project, propose
from tests.town import NOW, Town

COUNSELLING = [{"kind": "service", "category": "counselling", "unit": "session", "required": 4}]


@dataclass
class Visit:
    """Addresses that somebody opens; `user` is None for a visitor."""

    user: User | None
    paths: list[str] = field(default_factory=list)


def furnish(town: Town) -> list[Visit]:
    """Fill the town and return who looks at what."""
    build_site(now=timezone.now(), with_examples=True)
    return [Visit(None, _public(town)), *_portal(town), _desk(town)]


def client_of(user: User | None) -> Client:
    """Return a client in which the person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def session_of(user: User | None) -> str:
    """Return the key of a session in which the person is signed in; nothing for a visitor."""
    return str(client_of(user).cookies["sessionid"].value) if user is not None else ""


def _public(town: Town) -> list[str]:
    for place in range(22):
        make_project(
            title_zh=f"第{place}户", items=(("cash", "medical"), ("service", "")), covered_percent=40
        )
    urgent = make_project(tier="critical", urgency=0, items=(("cash", "living"), ("goods", "food")))
    covered, gone = make_project(covered_percent=100, fulfilled_percent=60), make_project()
    take_out(project=gone, act="withdraw")
    publish_release(now=timezone.now())
    _tell(urgent)
    fund = town.fund(name="青禾助医基金")
    town.offer()
    ended = Fund.objects.create(
        holder=town.charity, name="满期基金", created_at=NOW, state="closed", closed_at=NOW
    )
    FundEnding.objects.create(
        fund=ended, on_end="similar_purpose", ended_on=NOW.date(), rest_fen=100, state="done", to_fund=fund,
        proposed_at=NOW, decided_by=town.chen, decided_at=NOW, approved_by=town.gao, approved_at=NOW,
    )  # fmt: skip
    pages = [page.get_url() for page in Page.objects.live().filter(depth__gt=1)]
    return [
        *dict.fromkeys(pages),
        "/projects/?tier=critical&cause=illness", "/projects/?q=无&tier=joint&kind=goods",
        f"/projects/{urgent.number}/", f"/projects/{covered.number}/", f"/projects/{gone.number}/", "/projects/saved/",
        f"/projects/saved/?n={covered.number}", f"/projects/compare/?n={urgent.number}&n={covered.number}",
        f"/organisations/{town.charity.pk}/", f"/organisations/{town.station.pk}/",
        "/open-data/ended-funds/", "/report-a-need/", "/complaint/", "/track/", "/nothing/", "/style-guide/",
        "/accounts/login/",
    ]  # fmt: skip


def _tell(project: Project) -> None:
    """Tell a story with every kind of block, and enough others for a second page."""
    drawn = BytesIO()
    Picture.new("RGB", (80, 45), "#0b5966").save(drawn, "PNG")
    image = Image.objects.create(title="图", file=ContentFile(drawn.getvalue(), "axe.png"))
    rich = "<p>从前 <b>有</b> <a href='/projects/'>一户</a></p><h3>小标题</h3><ul><li>一</li></ul>"
    body = [
        ("heading", "一场火"), ("text", rich), ("steps", [{"title": "一", "text": "二"}] * 3),
        ("notice", "<p>请注意</p>"), ("quote", {"text": "有人来了。", "by": "邻居"}),
        ("picture", {"image": image, "alt": "炉火", "caption": "炉子"}), ("project", project.number),
    ]  # fmt: skip
    index = StoryIndexPage.objects.get()
    for place in range(12):
        index.add_child(instance=StoryPage(title=f"故事{place}", intro="导语", slug=f"s{place}"))
    whole = StoryPage(title="全部", slug="whole", intro="导语", body=body, picture=image, picture_alt="炉子")
    index.add_child(instance=whole)


def _portal(town: Town) -> list[Visit]:
    fund = town.funds[0] if town.funds else town.fund(name="冠名基金")
    for yuan in (3000, 500):
        proposal = propose(town, NeedItem.objects.get(need=town.verified(yuan=yuan)), yuan * 100, fund=fund)
    made = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(made, Commitment)
    waiting = Proposal.objects.get(state=ProposalState.PROPOSED)
    gift: Contribution = announce_contribution(
        fund=fund, donor_name="某企业", source="charity", amount_fen=100, now=timezone.now()
    )
    payer = client_of(town.he)
    payer.post("/portal/payments/prepare/", {"commitment": [str(made.pk)]})
    batch = PaymentBatch.objects.get()
    item = NeedItem.objects.get(need=town.verified(items=COUNSELLING))
    referral = accept_proposal(proposal=propose(town, item, 4, offer=town.offer()), by=town.luo, now=NOW)
    assert isinstance(referral, Referral)
    lot = town.lot()
    mine = f"/portal/funds/{fund.pk}/"
    chen = [
        "/portal/", "/portal/organisation/", "/portal/funds/", "/portal/funds/new/", mine, f"{mine}charter/",
        f"{mine}charter/1/", f"{mine}sources/", f"{mine}idle/", f"{mine}what-if/", f"{mine}report/",
        f"{mine}why/", "/portal/where-next/", "/portal/proposals/", f"/portal/proposals/{waiting.pk}/",
        f"/portal/proposals/{waiting.pk}/confirm/?amount=5",
        "/portal/commitments/", f"/portal/commitments/{made.pk}/", "/portal/gifts/", "/portal/gifts/announce/",
        f"/portal/gifts/{gift.pk}/", "/portal/gifts/bank/", "/accounts/2fa/", "/accounts/logout/",
        "/accounts/password/change/",
    ]  # fmt: skip
    return [
        Visit(town.chen, chen),
        Visit(town.he, ["/portal/", "/portal/payments/", f"/portal/payments/{batch.pk}/"]),
        Visit(town.luo, ["/portal/referrals/", f"/portal/referrals/{referral.pk}/", "/portal/supplies/"]),
        Visit(town.liang, ["/portal/supplies/lots/new/", f"/portal/supplies/lots/{lot.pk}/"]),
    ]


def _desk(town: Town) -> Visit:
    return Visit(town.lin, ["/style-guide/", "/admin/desk/", "/admin/desk/day/", "/admin/nothing/"])


def answers_to_forms(token: Callable[[str], str], language: str) -> dict[str, str]:
    """Return the pages that only a sent form shows, and those that only a fault shows: name and HTML."""
    client, headers = Client(), {"accept-language": language}
    report = {"whose": "own", "region": "990121", "story": "房屋起火", "phone": "13900000000"}
    taken = client.post(
        "/report-a-need/", {**report, "token": token("report-a-need"), "in_danger": "on"}, headers=headers
    ).content.decode()
    number = re.search(r'class="tracking"[^>]*>([A-Z0-9-]+)<', taken)
    assert number is not None
    complaint = {
        "kind": "wrong_fact",
        "region": "990121",
        "words": "所写的月份不对",
        "token": token("complaint"),
    }
    pages = {
        "report received": taken,
        "report refused": client.post("/report-a-need/", {}, headers=headers).content.decode(),
        "followed": client.post("/track/", {"number": number[1]}, headers=headers).content.decode(),
        "complaint received": client.post("/complaint/", complaint, headers=headers).content.decode(),
    }
    return pages | faults_told(language)


def faults_told(language: str) -> dict[str, str]:
    """Return the pages of faults that no address shows by itself."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        return {
            name: render_to_string(name, request=request)
            for name in ("400.html", "403_csrf.html", "500.html")
        } | {
            "where to report": render_to_string(
                "site/report_where.html",
                {"divisions": [("330000", "浙江省"), ("990000", "云川省")], "served": True},
                request=request,
            )
        }
