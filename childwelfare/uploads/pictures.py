"""Pictures from strangers: judged by their content, turned upright, made small, stripped of all that is not picture.

A file of 200 kB may unpack to hundreds of MB. So there are a limit of pixels for each format, by which none takes more
than some 300 MB, and one unpacking at a time.
"""

import io
import warnings
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from childwelfare.runtime.file_lock import file_lock

# a JPEG shrinks while it is read; of the others all pixels lie in memory at once, of WebP four times
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "HEIF": 25_000_000, "WEBP": 12_500_000}
LONG_SIDE = 1600
SHORT_SIDE = 720  # a long screenshot keeps so many, that its letters stay legible
MAX_KEPT = 9_000_000  # pixels of what is kept, however long it is
LONGEST_THUMBNAIL = 3  # times its short side; of a longer picture the beginning is shown
FORMATS = tuple(MAX_PIXELS)
# what becomes an RGB picture without loss that anybody sees; grey of 16 bits by _eight_bits
MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK"})
SIXTEEN_BITS = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
FAINT = 32  # of 255: less between the darkest and the lightest is an empty page to the eye
WHITE, DARK = (255, 255, 255), (64, 64, 64)
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
    """``file`` (binary, seekable) as a new upright JPEG whose longer side has at most ``long_side`` pixels, or its
    shorter one SHORT_SIDE where the picture is that long.

    Only the pixels are carried over: no EXIF, place, comment, profile or thumbnail of the sender's. The number of
    pixels is judged from the head, before any is unpacked. Raises NoPicture, and Busy where several wait already.
    """
    _know_heif()
    try:
        # each takes a second or two, and as many as have come at once would take the machine's memory
        with warnings.catch_warnings(), file_lock(settings.CWR_HOME / "pictures.lock", most=3, longest=20):
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged in the next lines, more strictly
            image: Image.Image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS[image.format or ""]:
                raise TooManyPixels(image.width * image.height, image.format or "")
            if image.mode in SIXTEEN_BITS:
                image = _eight_bits(image)
            if image.mode not in MODES:
                raise NoPicture  # nobody knows what would be left of it
            box = small_size(image.width, image.height, long_side)
            if image.has_transparency_data:
                image = _on_paper(image, box)
            elif image.mode in ("1", "P"):
                image = _with_exif_of(image, image.convert("RGB"))  # these modes shrink by dropping pixels
            image.thumbnail(box)  # a JPEG's own modes shrink while they are read
            image = ImageOps.exif_transpose(image).convert("RGB")
    except BROKEN:
        raise NoPicture from None
    return _as_jpeg(image, quality)


def small_size(width: int, height: int, long_side: int = LONG_SIDE) -> tuple[int, int]:
    """The size in pixels that a picture of ``width`` × ``height`` gets. The page's and the phone's scripts do the same.

    By its longer side, unless the shorter would fall below SHORT_SIDE by it: of a screenshot of a whole talk,
    1080 × 16000, 108 pixels in width would be left, and no letter could be read.
    """
    long, short = max(width, height), min(width, height)
    scale = max(long_side / long, SHORT_SIDE / short)
    scale = min(1, scale, (MAX_KEPT / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def thumbnail(picture: Picture, *, long_side: int = 240) -> bytes:
    """A small JPEG of ``picture``, or of its beginning where it is very long."""
    image: Image.Image = Image.open(io.BytesIO(picture.content))
    most = LONGEST_THUMBNAIL * min(image.size)
    image = image.crop((0, 0, min(image.width, most), min(image.height, most)))
    image.thumbnail((long_side, long_side))
    return _as_jpeg(image, 75).content


def _as_jpeg(image: Image.Image, quality: int) -> Picture:
    image.info = {}  # a comment would be written again from here
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return Picture(written.getvalue(), image.width, image.height)


def _on_paper(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """What is transparent becomes white, not black; dark where white would hide what is drawn. Small first, since each
    whole copy costs four bytes a pixel."""
    clear = image if image.mode == "RGBA" else image.convert("RGBA")
    clear.thumbnail(box)
    made = _laid_on(WHITE, clear)
    if _is_faint(made) and len(set(_range(clear.getchannel("A")))) == 2:
        made = _laid_on(DARK, clear)  # light writing on no ground, from a screen in its dark look
    return _with_exif_of(image, made)


def _laid_on(colour: tuple[int, int, int], clear: Image.Image) -> Image.Image:
    ground = Image.new("RGB", clear.size, colour)
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def _is_faint(image: Image.Image) -> bool:
    return all(high - low < FAINT for low, high in map(_range, image.split()))


def _range(band: Image.Image) -> tuple[int, int]:
    """The lowest and the highest value of a picture of one band."""
    low, high = cast(tuple[int, int], band.getextrema())
    return low, high


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits, as scanners write it, in 8: converted by Pillow, all above 255 would be white.

    Scanners of 10 or 12 bits write their numbers into 16 as they are: the brightest pixel says how many bits there are.
    One value may stand for "transparent".
    """
    wide = image.convert("I")
    _darkest, brightest = _range(wide)
    bits = 16 if brightest >= 1 << 12 else max(8, brightest.bit_length())
    made = wide.point([min(255, value >> (bits - 8)) for value in range(1 << 16)], "L")
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        made.putalpha(wide.point([0 if value == clear else 255 for value in range(1 << 16)], "L"))
    return _with_exif_of(image, made)


def _with_exif_of(image: Image.Image, made: Image.Image) -> Image.Image:
    """``made`` with the mark of how ``image`` was held, for the turning."""
    made.info = {"exif": image.getexif().tobytes()}
    return made


@cache
def _know_heif() -> None:
    """Let Pillow read what iPhones take; only when the first picture comes, for a quicker start."""
    from pi_heif import register_heif_opener

    register_heif_opener()
