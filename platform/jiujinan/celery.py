"""Celery application: eager without a broker, Redis in production."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiujinan.settings")
app = Celery("jiujinan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
