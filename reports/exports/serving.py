"""Exports as HTTP answers."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reports.exports.kinds import ZIP
from reports.exports.services import CONTENT_TYPE

PACKAGE_TYPE = "application/zip"


def download(content: bytes, filename: str) -> HttpResponse:
    """A download that no cache keeps; the Chinese name as RFC 5987 has it."""
    headers = {
        "Content-Disposition": content_disposition_header(True, filename),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    kind = PACKAGE_TYPE if filename.endswith(ZIP) else CONTENT_TYPE
    return HttpResponse(content, content_type=kind, headers=headers)
