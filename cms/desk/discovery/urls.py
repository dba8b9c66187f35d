"""Addresses of the discovery pages, below the desk's."""

from django.urls import path

from cms.desk.discovery import channels, complaints, reports, visits

urlpatterns = [
    path("reports/", reports.report_list, name="reports"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<uuid:report_id>/", reports.report_detail, name="report"),
    path("reports/<uuid:report_id>/open/", reports.report_open, name="report_open"),
    path("reports/<uuid:report_id>/act/", reports.report_act, name="report_act"),
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/<uuid:complaint_id>/", complaints.complaint_detail, name="complaint"),
    path("complaints/<uuid:complaint_id>/open/", complaints.complaint_open, name="complaint_open"),
    path("complaints/<uuid:complaint_id>/act/", complaints.complaint_act, name="complaint_act"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/names/", visits.visit_names, name="visit_names"),
    path("visits/<uuid:entry_id>/", visits.visit_record, name="visit"),
    path("visits/<uuid:entry_id>/off/", visits.visit_off, name="visit_off"),
    path("visits/<uuid:entry_id>/notes/<uuid:visit_id>/", visits.visit_note, name="visit_note"),
    path("watch-groups/", visits.group_list, name="watch_groups"),
    path("watch-groups/new/", visits.group_edit, name="watch_group_new"),
    path("watch-groups/<int:group_id>/", visits.group_edit, name="watch_group"),
    path("watch/<uuid:case_id>/", visits.watch_add, name="watch_add"),
    path("channels/", channels.channel_page, name="channels"),
]
