"""Photos sent with a form: few, each judged, turned upright, made small, stripped of metadata."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from childwelfare.uploads.pictures import NoPicture, Picture, TooManyPixels, small_picture

MB = 1024 * 1024
MAX_BYTES = 5 * MB
MAX_PHOTOS = 3


def check_photos(files: Collection[File]) -> list[Picture]:
    """The photo made of each upload. Raises ValidationError at ``photos`` that names the file."""
    if len(files) > MAX_PHOTOS:
        raise ValidationError({"photos": [_("最多 %(n)s 张照片。") % {"n": MAX_PHOTOS}]})
    return [_read_photo(file) for file in files]


def _read_photo(file: File) -> Picture:
    size, name = file.size or 0, (file.name or "")[:40]
    if size > MAX_BYTES:
        text = _(
            "照片“%(name)s”有 %(mb).1f MB，超过 %(most)s MB。请在相机设置里选小一点的尺寸，或发到微信再保存后上传。"
        )
        raise ValidationError({"photos": [text % {"name": name, "mb": size / MB, "most": MAX_BYTES // MB}]})
    try:
        return small_picture(file)
    except TooManyPixels as refusal:
        raise ValidationError({"photos": [too_many_pixels(refusal, name)]}) from None
    except NoPicture:
        text = _("“%(name)s”不是能用的照片。请用 JPG 或 PNG；iPhone 请在“设置—相机—格式”里选“兼容性最佳”。")
        raise ValidationError({"photos": [text % {"name": name}]}) from None


def too_many_pixels(refusal: TooManyPixels, name: str) -> str:
    text = _(
        "“%(name)s”有 %(found).0f 百万像素，%(format)s 图片最多 %(most).0f 百万。请用相机拍成 JPG，或选小一点的尺寸。"
    )
    return text % {"name": name, "found": refusal.found, "format": refusal.format, "most": refusal.most}
