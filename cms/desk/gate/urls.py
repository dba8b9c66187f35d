"""Address of the gate's page."""

from django.urls import path

from cms.desk.gate import views

urlpatterns = [path("<uuid:case_id>/gate/", views.gate_page, name="gate")]
