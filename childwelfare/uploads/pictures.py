"""Pictures from strangers: judged by their content, turned upright, made small, stripped of all that is not picture.

A file of 200 kB may unpack to hundreds of MB. So there are a limit of pixels for each format, by which none takes more
than some 300 MB, and one unpacking at a time.
"""

import fcntl
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

# a JPEG shrinks while it is read; of the others all pixels lie in memory at once, of WebP four times
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "HEIF": 25_000_000, "WEBP": 12_500_000}
LONG_SIDE = 1600
FORMATS = tuple(MAX_PIXELS)
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError,
          Image.DecompressionBombError)  # fmt: skip


class NoPicture(Exception):
    """The bytes are no picture that can be taken: another format, broken, or more pixels than any camera makes."""


class TooManyPixels(NoPicture):
    """``found`` and ``most`` are millions of pixels, ``format`` is what the limit holds for."""

    def __init__(self, pixels: int, format: str) -> None:
        super().__init__()
        self.found, self.most, self.format = pixels / 1e6, MAX_PIXELS[format] / 1e6, format


@dataclass(frozen=True)
class Picture:
    """A JPEG that was made here."""

    content: bytes
    width: int
    height: int


def small_picture(file, *, long_side: int = LONG_SIDE, quality: int = 80) -> Picture:
    """``file`` (binary, seekable) as a new upright JPEG whose longer side has at most ``long_side`` pixels.

    Only the pixels are carried over: no EXIF, place, comment, profile or thumbnail of the sender's. The number of
    pixels is judged from the head, before any is unpacked. Raises NoPicture.
    """
    _know_heif()
    try:
        with warnings.catch_warnings(), _one_at_a_time():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged in the next lines, more strictly
            image: Image.Image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS[image.format or ""]:
                raise TooManyPixels(image.width * image.height, image.format or "")
            if image.mode not in ("RGB", "L", "CMYK"):  # a JPEG's own modes shrink while they are read
                image = _on_white(image, long_side)
            image.thumbnail((long_side, long_side))
            image = ImageOps.exif_transpose(image).convert("RGB")
    except BROKEN:
        raise NoPicture from None
    return _as_jpeg(image, quality)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait until no thread of any web process of this machine unpacks a picture: each takes a second or two, and as
    many as have come at once would take the machine's memory. The kernel drops the lock with the process."""
    settings.CWR_HOME.mkdir(parents=True, exist_ok=True)
    with open(settings.CWR_HOME / "pictures.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def thumbnail(picture: Picture, *, long_side: int = 240) -> bytes:
    """A small JPEG of ``picture``."""
    image = Image.open(io.BytesIO(picture.content))
    image.thumbnail((long_side, long_side))
    return _as_jpeg(image, 75).content


def _as_jpeg(image: Image.Image, quality: int) -> Picture:
    image.info = {}  # a comment would be written again from here
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return Picture(written.getvalue(), image.width, image.height)


def _on_white(image: Image.Image, long_side: int) -> Image.Image:
    """What is transparent becomes paper, not black; small first, since each whole copy costs four bytes a pixel. The
    mark of how it was held is kept for the turning."""
    held = image.getexif().tobytes()
    clear = image if image.mode == "RGBA" else image.convert("RGBA")
    clear.thumbnail((long_side, long_side))
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    ground.info["exif"] = held
    return ground


@cache
def _know_heif() -> None:
    """Let Pillow read what iPhones take; only when the first picture comes, for a quicker start."""
    from pi_heif import register_heif_opener

    register_heif_opener()
