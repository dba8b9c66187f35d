"""Addresses of `cms.portal`."""

from django.urls import path

from cms.portal.views import (
    commitments,
    funds,
    gifts,
    idle,
    organisation,
    overview,
    payments,
    proposals,
    referrals,
    supplies,
    what_if,
)

app_name = "portal"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/<int:organisation_id>/", organisation.organisation, name="organisation_of"),
    path(
        "organisation/<int:organisation_id>/documents/", organisation.document_upload, name="document_upload"
    ),
    path("documents/<uuid:document_id>/", organisation.document_download, name="document"),
    path("funds/", funds.fund_list, name="funds"),
    path("funds/new/", funds.fund_found, name="fund_found"),
    path("funds/<uuid:fund_id>/", funds.fund_detail, name="fund"),
    path("funds/<uuid:fund_id>/charter/", funds.fund_amend, name="fund_amend"),
    path("funds/<uuid:fund_id>/charter/<int:version>/", funds.charter_version, name="charter"),
    path("funds/<uuid:fund_id>/sources/", funds.fund_sources, name="fund_sources"),
    path("funds/<uuid:fund_id>/idle/", idle.fund_idle, name="fund_idle"),
    path("funds/<uuid:fund_id>/what-if/", what_if.fund_what_if, name="fund_what_if"),
    path("funds/<uuid:fund_id>/fee/", funds.fund_fee, name="fund_fee"),
    path("funds/<uuid:fund_id>/end/<str:act>/", funds.fund_ending, name="fund_ending"),
    path("funds/<uuid:fund_id>/report/", overview.fund_report, name="fund_report"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/<uuid:proposal_id>/", proposals.proposal_detail, name="proposal"),
    path("proposals/<uuid:proposal_id>/confirm/", proposals.proposal_confirm, name="confirm"),
    path("proposals/<uuid:proposal_id>/accept/", proposals.proposal_accept, name="accept"),
    path("proposals/<uuid:proposal_id>/decline/", proposals.proposal_decline, name="decline"),
    path("commitments/", commitments.commitment_list, name="commitments"),
    path("commitments/<uuid:commitment_id>/", commitments.commitment_detail, name="commitment"),
    path("commitments/<uuid:commitment_id>/pay/", commitments.commitment_pay, name="commitment_pay"),
    path(
        "commitments/<uuid:commitment_id>/hand-over/",
        commitments.commitment_hand_over,
        name="commitment_hand_over",
    ),
    path(
        "commitments/<uuid:commitment_id>/release/", commitments.commitment_release, name="commitment_release"
    ),
    path("commitments/<uuid:commitment_id>/repaid/", commitments.commitment_repay, name="commitment_repay"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/prepare/", payments.payment_prepare, name="payment_prepare"),
    path("payments/<uuid:batch_id>/", payments.payment_detail, name="payment"),
    path("payments/<uuid:batch_id>/file/", payments.payment_export, name="payment_export"),
    path("payments/<uuid:batch_id>/answer/", payments.payment_answer, name="payment_answer"),
    path("payments/<uuid:batch_id>/<str:act>/", payments.payment_act, name="payment_act"),
    path("gifts/", gifts.gift_list, name="gifts"),
    path("gifts/announce/", gifts.gift_announce, name="gift_announce"),
    path("gifts/receipts.csv", gifts.gift_export, name="gift_export"),
    path("gifts/bank/", gifts.bank, name="bank"),
    path("gifts/bank/read/", gifts.bank_upload, name="bank_upload"),
    path("gifts/bank/settle/", gifts.bank_settle, name="bank_settle"),
    path("gifts/<uuid:gift_id>/", gifts.gift_detail, name="gift"),
    path("gifts/<uuid:gift_id>/receipt/", gifts.gift_receipt, name="gift_receipt"),
    path("supplies/", supplies.supply_list, name="supplies"),
    path("supplies/<str:sort>/", supplies.supply_list, name="supplies_of"),
    path("supplies/<str:sort>/new/", supplies.supply_new, name="supply_new"),
    path("supplies/<str:sort>/<uuid:supply_id>/", supplies.supply_edit, name="supply_edit"),
    path("supplies/<str:sort>/<uuid:supply_id>/pause/", supplies.supply_pause, name="supply_pause"),
    path("referrals/", referrals.referral_list, name="referrals"),
    path("referrals/<uuid:referral_id>/", referrals.referral_detail, name="referral"),
    path("referrals/<uuid:referral_id>/act/", referrals.referral_act, name="referral_act"),
    path("referrals/<uuid:referral_id>/sessions/", referrals.referral_sessions, name="referral_sessions"),
]
