"""The WSGI application that gunicorn and waitress serve."""

import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")

application = get_wsgi_application()
try:
    connection.ensure_connection()  # which compares the keys before the first request (childwelfare.security.proofs)
    connection.close()
except DatabaseError:
    logging.getLogger(__name__).warning("no database at the start; keys are compared as soon as it answers")
