"""Addresses of `cms.api`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
