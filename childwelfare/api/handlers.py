"""How the API explains refusals."""

from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.exceptions import ValidationError as ApiValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from childwelfare.pages.errors import NOT_FOUND
from childwelfare.workflow.refusals import Refused, Stale


def explain(error, context):
    """Refusals of services as HTTP: 409 for a record that moved on, 422 for a move that can't be made, 400 by field."""
    if isinstance(error, Refused):
        code = status.HTTP_409_CONFLICT if isinstance(error, Stale) else status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response({"detail": str(error)}, status=code)
    if isinstance(error, ValidationError):
        error = ApiValidationError(error.message_dict if hasattr(error, "error_dict") else error.messages)
    if isinstance(error, Http404):
        error = NotFound(NOT_FOUND)  # its own words name the model, in English
    return exception_handler(error, context)
