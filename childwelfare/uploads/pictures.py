"""Pictures from strangers: judged by their content, turned upright, made small, stripped of all that is not picture."""

import io
import warnings
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
LONG_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError,
          Image.DecompressionBombError)  # fmt: skip


class NoPicture(Exception):
    """The bytes are no picture that can be taken: another format, broken, or more pixels than any camera makes."""


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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged in the next line, more strictly
            image: Image.Image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise NoPicture
            if image.mode not in ("RGB", "L", "CMYK"):  # a JPEG's own modes shrink while they are read
                image = _on_white(image)
            image.thumbnail((long_side, long_side))
            image = ImageOps.exif_transpose(image).convert("RGB")
    except BROKEN:
        raise NoPicture from None
    return _as_jpeg(image, quality)


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


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent becomes paper, not black; the mark of how it was held is kept for the turning."""
    clear = image.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    ground.info["exif"] = image.getexif().tobytes()
    return ground


@cache
def _know_heif() -> None:
    """Let Pillow read what iPhones take; only when the first picture comes, for a quicker start."""
    from pi_heif import register_heif_opener

    register_heif_opener()
