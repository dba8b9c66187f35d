"""Addresses of case files on their way in."""

from django.urls import path

from cms.desk.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/template.xlsx", views.import_template, name="import_template"),
    path("imports/<uuid:import_id>/", views.import_detail, name="import"),
    path("imports/<uuid:import_id>/progress/", views.import_progress, name="import_progress"),
    path("imports/<uuid:import_id>/approve/", views.import_approve, name="import_approve"),
    path("imports/<uuid:import_id>/discard/", views.import_discard, name="import_discard"),
    path("imports/<uuid:import_id>/bad-rows.<slug:form>", views.import_bad_rows, name="import_bad_rows"),
]
