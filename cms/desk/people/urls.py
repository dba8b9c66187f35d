"""Addresses of possible duplicates and of reading alarms."""

from django.urls import path

from cms.desk.people import views

urlpatterns = [
    path("duplicates/", views.duplicate_list, name="duplicates"),
    path("duplicates/<uuid:pair_id>/", views.duplicate_detail, name="duplicate"),
    path("alarms/", views.alarm_list, name="alarms"),
    path("alarms/<int:alarm_id>/", views.alarm_acknowledge, name="alarm_acknowledge"),
]
