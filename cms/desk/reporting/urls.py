"""Addresses of the reports, below the desk's."""

from django.urls import path

from cms.desk.reporting import views

urlpatterns = [
    path("reporting/weekly/", views.weekly, name="weekly"),
    path("reporting/time-to-help/", views.timing, name="timing"),
    path("reporting/scorecard/", views.scorecard, name="scorecard"),
]
