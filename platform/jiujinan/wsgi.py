"""WSGI entry point: `gunicorn jiujinan.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiujinan.settings")
application = get_wsgi_application()
