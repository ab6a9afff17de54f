"""The WSGI application that gunicorn and waitress serve."""

import logging
import os

import django
from django.db import DatabaseError, connection

from childwelfare.security.headers import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")

django.setup(set_prefix=False)
application = Handler()  # in the place of get_wsgi_application(), whose requests end at a header that can't be read
try:
    connection.ensure_connection()  # which compares the keys before the first request (childwelfare.security.proofs)
    connection.close()
except DatabaseError:
    logging.getLogger(__name__).warning("no database at the start; keys are compared as soon as it answers")
