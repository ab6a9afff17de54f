"""PDFs from strangers: taken as they are, after a scan for what a paper never needs.

The scan reads names outside of streams, and in object streams (PDF 1.5, /ObjStm) that it can inflate. It does not see
what is in encrypted files (refused whole), in streams under other filters than Flate, or beyond the first 16 MB
inflated; it doesn't parse, so that a file made to mislead it may pass. It takes away the usual dangers, and is not what
the registry rests on: a PDF is never opened by the server, and goes out only as a download of its own origin-less kind.
"""

import re
import zlib
from dataclasses import dataclass

MAX_ESCAPES = 100_000  # letters of names written as #41: a paper has hundreds, and each costs time
MAX_INFLATED = 16 * 1024 * 1024  # bytes, of all object streams together
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
END = rb"(?![A-Za-z0-9])"
ENCRYPTED = re.compile(rb"/Encrypt" + END)
ACTIVE = re.compile(rb"/(?:JavaScript|JS|EmbeddedFiles?|Launch|RichMedia|XFA|ImportData|SubmitForm|GoToR|GoToE)" + END)
FOREIGN = (b"PK\x05\x06", b"PK\x03\x04")  # an archive that rides along
HEAD_WITHIN = 1024  # bytes: readers of PDFs look for the head so far, behind what a mail or a web server put before it
OTHER_KINDS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"MZ", b"PK", b"\x7fELF", b"#!")
OBJECT = re.compile(rb"\b\d+\s+\d+\s+obj\b")
PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


class NoPdf(Exception):
    """Says in its one word why: ``broken``, ``encrypted``, ``active`` or ``odd``."""


@dataclass(frozen=True)
class Pdf:
    """What was judged, and how many pages it seems to have (None where they are out of sight)."""

    content: bytes
    pages: int | None


def looks_like_pdf(head: bytes) -> bool:
    """By the first HEAD_WITHIN bytes: a name or a declared type says nothing. The file may begin with other bytes, but
    not as a picture or a program does: those are what they begin as, whatever they mention."""
    return b"%PDF-" in head[:HEAD_WITHIN] and not head.startswith(OTHER_KINDS) and head[4:8] != b"ftyp"


def check_pdf(content: bytes) -> Pdf:
    """``content`` as a Pdf, kept as it is. Raises NoPdf."""
    if not looks_like_pdf(content) or not _has_its_end(content):
        raise NoPdf("broken")
    text = _outside_streams(content)
    if text.count(b"#") > MAX_ESCAPES:
        raise NoPdf("odd")
    text = HEX.sub(lambda found: bytes([int(found[1], 16)]), text)
    if ENCRYPTED.search(text):
        raise NoPdf("encrypted")
    if ACTIVE.search(text) or any(mark in text for mark in FOREIGN):
        raise NoPdf("active")
    return Pdf(content, min(len(PAGE.findall(text)), 9999) or None)


def _has_its_end(content: bytes) -> bool:
    """Whether the last end mark stands, whatever follows it. One that was cut off may have an earlier mark (a PDF made
    for the web has one near its head): then objects follow."""
    end = content.rfind(b"%%EOF")
    return end >= 0 and not OBJECT.search(content, end)


def _outside_streams(content: bytes) -> bytes:
    """All that is no stream, and the object streams inflated. One pass, whatever the file holds."""
    parts, at, room = [], 0, MAX_INFLATED
    while (start := content.find(b"stream", at)) >= 0:
        end = content.find(b"endstream", start + 6)
        if end < 0:
            break
        head = content[at:start]
        parts.append(head)
        if b"/ObjStm" in head[head.rfind(b" obj") :]:
            inner = _inflated(content[start + 6 : end].lstrip(b"\r\n"), room)
            room -= len(inner)
            parts.append(inner)
        at = end + len(b"endstream")
    parts.append(content[at:])
    return b"\n".join(parts)


def _inflated(packed: bytes, room: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, room) if room > 0 else b""
    except zlib.error:
        return b""
