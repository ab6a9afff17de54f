"""Photos of a visit: judged, turned upright, made small, stripped of metadata, sealed on disk."""

import io
import uuid
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from childwelfare.sealing import seal_bytes, unseal_bytes
from visits.models import Visit, VisitPhoto

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONG_SIDE = 1600
AT_MOST = 3


def check_photos(files: list) -> list[tuple[bytes, int, int]]:
    """(JPEG bytes, width, height) of each upload. Raises ValidationError at ``photos`` that names the file."""
    if len(files) > AT_MOST:
        raise ValidationError({"photos": [_("最多 %(n)s 张照片。") % {"n": AT_MOST}]})
    return [_made_small(file) for file in files]


def add_photos(visit: Visit, photos: list[tuple[bytes, int, int]]) -> None:
    """Keep checked photos with ``visit``; the files are written before the rows, so that no row lacks its file."""
    for clear, width, height in photos:
        photo = VisitPhoto(id=uuid.uuid4(), visit=visit, width=width, height=height)
        photo.file = f"photos/{photo.id.hex[:2]}/{photo.id}.sealed"
        _write(_path(photo), seal_bytes(clear, _context(photo)))
        photo.save()


def read_photo(photo: VisitPhoto) -> bytes:
    """The JPEG of ``photo``."""
    return unseal_bytes(_path(photo).read_bytes(), _context(photo))


def _made_small(file) -> tuple[bytes, int, int]:
    if file.size > MAX_BYTES:
        text = _("照片“%(name)s”有 %(mb).1f MB，超过 5 MB。请在相机设置里选小一点的尺寸，或发到微信再保存后上传。")
        raise ValidationError({"photos": [text % {"name": file.name[:40], "mb": file.size / 1024 / 1024}]})
    try:
        image = Image.open(file)
        if image.format not in ("JPEG", "PNG", "WEBP") or image.width * image.height > MAX_PIXELS:
            raise UnidentifiedImageError
        image = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        text = _("“%(name)s”不是能用的照片。请用 JPG 或 PNG；iPhone 请在“设置—相机—格式”里选“兼容性最佳”。")
        raise ValidationError({"photos": [text % {"name": file.name[:40]}]}) from None
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    small = io.BytesIO()
    image.save(small, "JPEG", quality=80)
    return small.getvalue(), image.width, image.height


def _context(photo: VisitPhoto) -> str:
    return f"visits.visitphoto:{photo.id}"


def _path(photo: VisitPhoto) -> Path:
    return Path(settings.MEDIA_ROOT) / photo.file


def _write(path: Path, content: bytes) -> None:
    """Aside and renamed: a full disk leaves no half file under the real name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    try:
        aside.write_bytes(content)
        aside.chmod(0o600)
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
