"""Exports as HTTP answers."""

from pathlib import PurePath

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reports.exports.kinds import PDF, XLSX, ZIP

CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ZIP: "application/zip",
    PDF: "application/pdf",
}


def download(content: bytes, filename: str) -> HttpResponse:
    """A download that no cache keeps; the Chinese name as RFC 5987 has it."""
    headers = {
        "Content-Disposition": content_disposition_header(True, filename),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    kind = CONTENT_TYPES[PurePath(filename).suffix]
    return HttpResponse(content, content_type=kind, headers=headers)
