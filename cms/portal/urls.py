"""Addresses of `cms.portal`."""

from django.urls import path

from cms.portal.views import commitments, overview, proposals, referrals

app_name = "portal"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("funds/<uuid:fund_id>/report/", overview.fund_report, name="fund_report"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/<uuid:proposal_id>/", proposals.proposal_detail, name="proposal"),
    path("proposals/<uuid:proposal_id>/confirm/", proposals.proposal_confirm, name="confirm"),
    path("proposals/<uuid:proposal_id>/accept/", proposals.proposal_accept, name="accept"),
    path("proposals/<uuid:proposal_id>/decline/", proposals.proposal_decline, name="decline"),
    path("commitments/", commitments.commitment_list, name="commitments"),
    path("referrals/", referrals.referral_list, name="referrals"),
    path("referrals/<uuid:referral_id>/", referrals.referral_detail, name="referral"),
    path("referrals/<uuid:referral_id>/act/", referrals.referral_act, name="referral_act"),
    path("referrals/<uuid:referral_id>/sessions/", referrals.referral_sessions, name="referral_sessions"),
]
