"""Workbooks as HTTP answers."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reports.exports.services import CONTENT_TYPE


def workbook(content: bytes, filename: str) -> HttpResponse:
    """A download that no cache keeps; the Chinese name as RFC 5987 has it."""
    headers = {
        "Content-Disposition": content_disposition_header(True, filename),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
