"""Paying, gifts, statements, funds and evidence, as people click them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from donors.ledger.models import FundBalance
from donors.ledger.services import receive
from donors.models import Contribution, Fund, FundEnding, FundKind, GoodsLot, PaymentBatch, Settlement
from donors.queries import current_charter
from donors.services import announce_contribution, create_fund
from donors.services.endings import propose_endings
from jiujinan.accounts.models import Organisation, OrganisationDocument, User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join
from matching.models import Commitment, Repayment
from matching.services.delivery import deliver_commitment
from matching.services.proposals import accept_proposal
from needs.models import NeedItem
from tests.cms.conftest import propose
from tests.town import Town

SignIn = Callable[[User], Client]


def promised(town: Town, *, fund: Fund | None = None, **resource: Any) -> Commitment:
    if "lot" in resource:
        need = town.verified(items=[{"kind": "goods", "category": "food", "unit": "piece", "required": 3}])
        proposal = propose(town, need.items.get(), 3, **resource)
        by = town.liang
    else:
        need = town.verified(yuan=3000)
        proposal = propose(town, need.items.get(), 300_000, fund=fund or town.fund())
        by = town.chen
    made = accept_proposal(proposal=proposal, by=by, now=timezone.now())
    assert isinstance(made, Commitment)
    return made


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("bank.csv", text.encode("utf-8-sig"), "text/csv")


def test_a_payment_goes_from_the_button_to_the_bank_and_back(town: Town, signed_in: SignIn) -> None:
    commitment = promised(town)
    he = signed_in(town.he)
    page = he.get(f"/portal/commitments/{commitment.pk}/")
    assert page.status_code == 200
    assert f"/portal/commitments/{commitment.pk}/pay/" in page.content.decode()
    assert str(commitment.pk) in he.get("/portal/payments/").content.decode()
    he.post("/portal/payments/prepare/", {"commitment": [str(commitment.pk), "nonsense"]})
    batch = PaymentBatch.objects.get()
    address = f"/portal/payments/{batch.pk}/"
    page = he.get(address).content.decode()
    assert f"{address}cancel/" in page
    assert f"{address}approve/" not in page
    assert he.post(f"{address}approve/").status_code == 403
    assert he.post(f"{address}nonsense/").status_code == 404
    gao = signed_in(town.gao)
    assert f"{address}approve/" in gao.get(address).content.decode()
    gao.post(f"{address}approve/")
    assert gao.post(f"{address}file/").status_code == 403
    he = signed_in(town.he)
    file = he.post(f"{address}file/")
    payment = batch.payments.get()
    assert str(payment.pk) in file.content.decode("utf-8-sig")
    assert file["Cache-Control"] == "no-store"
    he.post(f"{address}answer/", {"file": upload("甲,乙\n1,2")})
    assert FundBalance.objects.get(fund=commitment.fund).disbursed_fen == 0
    answer = f"付款编号,结果,实付金额,交易流水号,失败原因\n{payment.pk},成功,3000.00,B1,\n"
    for _ in range(2):
        he.post(f"{address}answer/", {"file": upload(answer)})
    commitment.refresh_from_db()
    assert (commitment.state, FundBalance.objects.get(fund=commitment.fund).disbursed_fen) == (
        "completed",
        300_000,
    )
    page = he.get(f"/portal/commitments/{commitment.pk}/").content.decode()
    assert commitment.disbursements.get().receipt in page
    assert "B1" in he.get(address).content.decode()


def test_strangers_see_no_promise_batch_gift_or_fund_of_others(town: Town, signed_in: SignIn) -> None:
    commitment = promised(town)
    assert commitment.fund is not None
    gift = announce_contribution(
        fund=commitment.fund, donor_name="某", source="charity", amount_fen=100, now=timezone.now()
    )
    signed_in(town.he).post(f"/portal/commitments/{commitment.pk}/pay/")
    batch = PaymentBatch.objects.get()
    qian = signed_in(town.qian)
    for address in (
        f"/portal/commitments/{commitment.pk}/",
        f"/portal/payments/{batch.pk}/",
        f"/portal/gifts/{gift.pk}/",
        f"/portal/funds/{commitment.fund_id}/",
        f"/portal/funds/{commitment.fund_id}/charter/",
        f"/portal/funds/{commitment.fund_id}/sources/",
        f"/portal/funds/{commitment.fund_id}/idle/",
        f"/portal/organisation/{town.charity.pk}/",
    ):
        assert qian.get(address).status_code == 404, address
    assert gift.reference not in qian.get("/portal/gifts/").content.decode()
    assert (
        "H" + commitment.item.need.case.household_id.hex[:16].upper()
        not in qian.get("/portal/payments/").content.decode()
    )


def test_goods_are_handed_over_once_for_a_double_click_and_the_rest_is_given_back(
    town: Town, signed_in: SignIn
) -> None:
    lot = town.lot(pieces=5)
    commitment = promised(town, lot=lot)
    liang = signed_in(town.liang)
    address = f"/portal/commitments/{commitment.pk}/"
    key = liang.get(address).context["hand_over_form"]["key"].value()
    for _ in range(2):
        liang.post(f"{address}hand-over/", {"quantity": 1, "key": key})
    commitment.refresh_from_db()
    assert commitment.disbursed == 1
    liang.post(f"{address}release/", {"reason": ""})
    liang.post(f"{address}release/", {"reason": "住户已迁走"})
    commitment.refresh_from_db()
    lot.refresh_from_db()
    assert (commitment.state, lot.reserved, lot.used) == ("completed", 0, 1)
    assert NeedItem.objects.get(pk=commitment.item_id).gap == 2


def test_a_revolving_fund_shows_what_is_lent_and_takes_it_back(town: Town, signed_in: SignIn) -> None:
    now = timezone.now()
    fund = create_fund(
        holder=town.charity,
        name="紧急周转金",
        kind=FundKind.REVOLVING,
        charter={"starts_on": date(2026, 1, 1)},
        by=town.chen,
        now=now,
    )
    receive(fund=fund, amount_fen=500_000, key="g", by=town.he, now=now)
    commitment = promised(town, fund=fund)
    deliver_commitment(
        commitment=commitment, amount=300_000, key="p", payer=town.he, approver=None, now=now, bank_line="B1"
    )
    he = signed_in(town.he)
    address = f"/portal/commitments/{commitment.pk}/"
    key = he.get(address).context["repay_form"]["key"].value()
    for _ in range(2):
        he.post(f"{address}repaid/", {"amount": "1200.50", "note": "临时救助", "key": key})
    assert Repayment.objects.get().amount == 120_050
    assert he.get(f"/portal/funds/{fund.pk}/").context["lent"] == {
        "lent": 300_000,
        "back": 120_050,
        "out": 179_950,
    }


def test_a_gift_is_announced_found_at_the_bank_and_receipted(town: Town, signed_in: SignIn) -> None:
    fund = town.fund(yuan=0)
    chen = signed_in(town.chen)
    form = {"fund": str(fund.pk), "donor_name": "明月公司", "source": "enterprise", "amount": "1050.30"}
    assert chen.get("/portal/gifts/announce/").status_code == 200
    assert chen.post("/portal/gifts/announce/", {**form, "amount": "0"}).status_code == 422
    chen.post("/portal/gifts/announce/", form)
    gift = Contribution.objects.get()
    rows = [
        f"C1;2026-07-05;明月公司;1050.30;{gift.reference}",
        "C2;2026-07-05;路人;20.00;捐款",
        "C3;2026-13-05;路人;20.00;捐款",
    ]
    text = "流水号;记账日期;对方名称;发生额;用途\n" + "\n".join(rows)
    page = chen.post("/portal/gifts/bank/read/", {"file": upload(text)}, follow=True)
    assert page.context["booked"] == 1
    assert page.context["rejected"] == [[4, "记账日期", "not_a_date"]]
    (fault,) = page.context["faults"]
    settle = {"key": fault.form["key"].value(), "act": "new_gift", "fund": str(fund.pk)}
    chen.post("/portal/gifts/bank/settle/", {**settle, "source": "individual", "reason": ""})
    assert not Settlement.objects.exists()
    chen.post("/portal/gifts/bank/settle/", {**settle, "source": "individual", "reason": "门店募捐箱"})
    assert Settlement.objects.get().booked_fen == 2_000
    page = chen.get(f"/portal/gifts/{gift.pk}/").content.decode()
    assert "人民币壹仟零伍拾元叁角整" in page
    chen.post(f"/portal/gifts/{gift.pk}/receipt/", {"number": "票-001"})
    gift.refresh_from_db()
    assert gift.receipt_number == "票-001"
    table = chen.get("/portal/gifts/receipts.csv").content.decode("utf-8-sig")
    assert "票-001,明月公司,,1050.30,人民币壹仟零伍拾元叁角整" in table
    shares = chen.get(f"/portal/funds/{fund.pk}/sources/?format=csv").content.decode("utf-8-sig")
    assert "1050.30" in shares
    assert "20.00" in shares


def test_an_approver_keeps_no_books(town: Town, signed_in: SignIn) -> None:
    town.fund(yuan=0)
    gao = signed_in(town.gao)
    assert gao.get("/portal/gifts/bank/").status_code == 403
    assert signed_in(town.luo).get("/portal/gifts/bank/").status_code == 404


def charter_form(**changes: Any) -> dict[str, Any]:
    return {
        "regions": "青禾县, 990122",
        "categories": ["medical"],
        "starts_on": "2026-01-01",
        "on_end": "similar_purpose",
        "per_case_cap_fen": "5000",
        "fee_cap_permille": "3",
        "reason": "捐赠人要求",
        **changes,
    }


def test_a_charter_is_amended_with_the_donors_consent_and_read_in_both_languages(
    town: Town, signed_in: SignIn
) -> None:
    fund = town.fund(yuan=100)
    chen = signed_in(town.chen)
    address = f"/portal/funds/{fund.pk}/charter/"
    assert chen.get(address).status_code == 200
    chen.post(address, charter_form())
    assert current_charter(fund=fund).version == 1
    assert chen.post(address, charter_form(regions="无此地")).status_code == 422
    consent = {"donor_consent": "函〔2026〕3号", "donor_consent_on": "2026-07-01"}
    chen.post(address, charter_form(**consent))
    charter = current_charter(fund=fund)
    assert (charter.version, charter.regions, charter.per_case_cap_fen, charter.fee_cap_permille) == (
        2,
        ["990121", "990122"],
        500_000,
        30,
    )
    page = chen.get(f"/portal/funds/{fund.pk}/").content.decode()
    assert "青禾县" in page
    assert "函〔2026〕3号" in page
    assert chen.get(f"/portal/funds/{fund.pk}/charter/1/").status_code == 200
    chen.cookies["django_language"] = "en"
    assert "One case gets at most ¥5,000." in chen.get(f"/portal/funds/{fund.pk}/").content.decode()
    he = signed_in(town.he)
    assert he.get(address).status_code == 403
    he.post(f"/portal/funds/{fund.pk}/fee/", {"amount": "3.01", "key": "0" * 32})
    assert FundBalance.objects.get(fund=fund).fee_fen == 0
    he.post(f"/portal/funds/{fund.pk}/fee/", {"amount": "3", "key": "0" * 32})
    assert FundBalance.objects.get(fund=fund).fee_fen == 300


def test_a_fund_is_founded_and_ended_on_its_page(town: Town, signed_in: SignIn) -> None:
    chen = signed_in(town.chen)
    facts = charter_form(name="新基金", kind="special", transfers_in="on")
    assert chen.get("/portal/funds/new/").status_code == 200
    chen.post("/portal/funds/new/", facts)
    fund = Fund.objects.get(name="新基金")
    today = timezone.localdate()
    old = town.fund(yuan=50, name="旧基金", ends_on=today - timedelta(days=1))
    assert propose_endings(now=timezone.now(), today=today) == 1
    page = chen.get(f"/portal/funds/{old.pk}/")
    assert page.context["ending_form"] is not None
    chen.post(f"/portal/funds/{old.pk}/end/decide/", {"reason": "期满", "to_fund": str(fund.pk)})
    assert FundEnding.objects.get().state == "decided"
    assert chen.post(f"/portal/funds/{old.pk}/end/approve/").status_code == 403
    signed_in(town.gao).post(f"/portal/funds/{old.pk}/end/approve/")
    assert FundBalance.objects.get(fund=fund).available_fen == 5_000


def test_what_is_offered_is_made_edited_and_paused(town: Town, signed_in: SignIn) -> None:
    liang = signed_in(town.liang)
    facts = {"name": "大米", "category": "food", "unit": "piece", "total": 10, "regions": "青禾县"}
    assert liang.get("/portal/supplies/lots/new/").status_code == 200
    liang.post("/portal/supplies/lots/new/", {**facts, "expires_on": "2027-01-01", "delivers": "on"})
    lot = GoodsLot.objects.get()
    assert (lot.regions, lot.delivers, lot.station) == (["990121"], True, town.station)
    address = f"/portal/supplies/lots/{lot.pk}/"
    GoodsLot.objects.filter(pk=lot.pk).update(reserved=4)
    assert liang.get(address).status_code == 200
    liang.post(address, {**facts, "total": 3})
    liang.post(address, {**facts, "total": 4, "name": "面粉"})
    lot.refresh_from_db()
    assert (lot.total, lot.name) == (4, "面粉")
    liang.post(f"{address}pause/")
    lot.refresh_from_db()
    assert not lot.active
    assert "面粉" in liang.get("/portal/supplies/").content.decode()
    luo = signed_in(town.luo)
    assert luo.get(address).status_code == 404
    assert luo.get("/portal/supplies/lots/").status_code == 404
    offer = {"name": "陪诊", "category": "escort", "unit": "visit", "total": 20, "weekly_capacity": 5}
    luo.post(
        "/portal/supplies/offers/new/", {**offer, "starts_on": "2026-07-01", "languages": "苗语，普通话"}
    )
    assert town.agency.service_offers.get().languages == ["苗语", "普通话"]
    assert "陪诊" in luo.get("/portal/supplies/").content.decode()


def test_a_partner_keeps_its_pairings(town: Town, signed_in: SignIn) -> None:
    partner = Organisation.objects.create(name="海城对口办", kind="partner", region_id="990100")
    join(user=town.luo, organisation=partner, role=Role.PARTNER_MANAGER)
    luo = signed_in(town.luo)
    facts = {"regions": "990121", "starts_on": "2026-07-01", "pledged_fen": "10000", "goods": "棉被"}
    assert luo.post("/portal/supplies/pairings/new/", {**facts, "regions": ""}).status_code == 422
    luo.post("/portal/supplies/pairings/new/", facts)
    pairing = partner.pairings.get()
    assert (pairing.pledged_fen, pairing.jobs, pairing.regions) == (1_000_000, 0, ["990121"])
    luo.post(f"/portal/supplies/pairings/{pairing.pk}/", {**facts, "jobs": "30"})
    luo.post(f"/portal/supplies/pairings/{pairing.pk}/pause/")
    pairing.refresh_from_db()
    assert (pairing.jobs, pairing.active) == (30, False)


def test_evidence_is_handed_in_verified_at_the_desk_and_never_public(
    town: Town, signed_in: SignIn, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    chen = signed_in(town.chen)
    facts = {"kind": "registration", "expires_on": "2020-01-01"}
    address = f"/portal/organisation/{town.charity.pk}/documents/"
    assert chen.get("/portal/organisation/").status_code == 200
    chen.post(address, {**facts, "file": SimpleUploadedFile("a.pdf", b"MZ", "application/pdf")})
    assert not OrganisationDocument.objects.exists()
    chen.post(address, {**facts, "file": SimpleUploadedFile("证书.pdf", b"%PDF-1.7 x", "application/pdf")})
    document = OrganisationDocument.objects.get()
    got = chen.get(f"/portal/documents/{document.pk}/")
    assert b"".join(got.streaming_content) == b"%PDF-1.7 x"
    assert got["Content-Disposition"].startswith("attachment")
    assert signed_in(town.qian).get(f"/portal/documents/{document.pk}/").status_code == 404
    for public in (f"/media/{document.file.name}", f"/static/{document.file.name}"):
        assert Client().get(public).status_code == 404
    assert Client().get(f"/portal/documents/{document.pk}/").status_code == 302
    zhou = signed_in(town.zhou)
    page = zhou.get(f"/admin/desk/organisations/{town.charity.pk}/").content.decode()
    assert "证书.pdf" in page
    assert b"".join(zhou.get(f"/admin/desk/documents/{document.pk}/").streaming_content) == b"%PDF-1.7 x"
    lin = signed_in(town.lin)
    decide = f"/admin/desk/documents/{document.pk}/decide/"
    assert lin.post(decide, {"act": "verify"})["Location"] == "/admin/"  # Wagtail's way to say no
    document.refresh_from_db()
    assert document.state == "waiting"
    zhou = signed_in(town.zhou)
    zhou.post(decide, {"act": "refuse", "reason": ""})
    zhou.post(decide, {"act": "verify", "expires_on": "2020-01-01"})
    document.refresh_from_db()
    assert (document.state, document.decided_by) == ("verified", town.zhou)
    assert "2020-01-01" in zhou.get("/admin/desk/organisations/?look=lapsed").content.decode()
    chen = signed_in(town.chen)
    assert chen.get("/portal/organisation/").context["lapsed"] is True
    fund_page = chen.post("/portal/funds/new/", charter_form(name="不成", kind="charity"))
    assert fund_page.status_code == 200
    assert not Fund.objects.filter(name="不成").exists()


def test_idle_money_is_shown_with_its_restriction_to_holder_and_civil_affairs(
    town: Town, signed_in: SignIn
) -> None:
    town.verified(yuan=3000)
    fund = town.fund(yuan=10_000, name="外县基金", regions=["990122"])
    page = signed_in(town.chen).get(f"/portal/funds/{fund.pk}/idle/")
    idle = page.context["idle"]
    assert (idle.stranded_fen, idle.smallest_relaxation.placed_fen) == (1_000_000, 300_000)
    assert '<rect class="bar-delivered" width="100"' in page.content.decode()
    assert "云川市 青禾县" in page.content.decode()
    table = signed_in(town.chen).get(f"/portal/funds/{fund.pk}/idle/?format=csv").content.decode("utf-8-sig")
    assert "外县基金,云川慈善会,10000.00,0.00" in table
    assert "3000.00,3000.00" in table
    zhou = signed_in(town.zhou)
    assert "外县基金" in zhou.get("/admin/desk/idle/").content.decode()
    assert zhou.get(f"/admin/desk/idle/{fund.pk}/").status_code == 200
    assert "外县基金" in zhou.get("/admin/desk/idle/?format=csv").content.decode("utf-8-sig")
    assert signed_in(town.chen).get("/admin/desk/idle/").status_code != 200


@pytest.mark.parametrize("address", ["/portal/funds/", "/portal/gifts/", "/portal/payments/", "/portal/supplies/",
                                     "/portal/organisation/"])  # fmt: skip
def test_a_visitor_is_sent_to_the_sign_in(client: Client, address: str, db: None) -> None:
    assert client.get(address).status_code == 302
