"""Addresses of case files on their way in."""

from django.urls import path

from cms.desk.imports import relief, views

urlpatterns = [
    path("imports/", views.import_list, name="imports"),
    path("imports/template.xlsx", views.import_template, name="import_template"),
    path("imports/<uuid:import_id>/", views.import_detail, name="import"),
    path("imports/<uuid:import_id>/progress/", views.import_progress, name="import_progress"),
    path("imports/<uuid:import_id>/approve/", views.import_approve, name="import_approve"),
    path("imports/<uuid:import_id>/discard/", views.import_discard, name="import_discard"),
    path("imports/<uuid:import_id>/bad-rows.<slug:form>", views.import_bad_rows, name="import_bad_rows"),
    path("relief/", relief.relief_lists, name="relief_lists"),
    path("relief/template.xlsx", relief.relief_template, name="relief_template"),
    path("relief/<uuid:list_id>/", relief.relief_list, name="relief_list"),
    path("relief/<uuid:list_id>/approve/", relief.relief_approve, name="relief_approve"),
    path("relief/<uuid:list_id>/discard/", relief.relief_discard, name="relief_discard"),
]
