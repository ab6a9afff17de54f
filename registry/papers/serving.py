"""Papers as HTTP answers: never kept, never sniffed, never run."""

import logging

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from childwelfare.security.sealing import Unsealable
from registry.papers.models import Paper

log = logging.getLogger(__name__)


def paper_response(paper: Paper, content: bytes) -> HttpResponse:
    """``content`` for one reader: never kept, never sniffed, never run; a PDF never inside a page."""
    response = HttpResponse(content, content_type=paper.media_type)
    day = timezone.localtime(paper.made_at).strftime("%Y%m%d")
    name = f"{paper.get_kind_display()}-{day}.{'jpg' if paper.is_picture else 'pdf'}"
    disposition = content_disposition_header(not paper.is_picture, name)
    assert disposition  # there is always a name
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def content_or_404(paper: Paper, read) -> bytes:
    """What ``read`` gives of ``paper``; 404 where the file on disk is lost or was changed, and the log says which."""
    try:
        return read(paper)
    except (OSError, Unsealable):
        log.error("paper can't be read", extra={"paper": str(paper.pk)})
        raise Http404 from None
