"""Photos sent with a form: few, each judged, turned upright, made small, stripped of metadata."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from childwelfare.uploads.pictures import NoPicture, Picture, made_small

MAX_BYTES = 5 * 1024 * 1024
AT_MOST = 3


def check_photos(files: list) -> list[Picture]:
    """The photo made of each upload. Raises ValidationError at ``photos`` that names the file."""
    if len(files) > AT_MOST:
        raise ValidationError({"photos": [_("最多 %(n)s 张照片。") % {"n": AT_MOST}]})
    return [_checked(file) for file in files]


def _checked(file) -> Picture:
    if file.size > MAX_BYTES:
        text = _("照片“%(name)s”有 %(mb).1f MB，超过 5 MB。请在相机设置里选小一点的尺寸，或发到微信再保存后上传。")
        raise ValidationError({"photos": [text % {"name": file.name[:40], "mb": file.size / 1024 / 1024}]})
    try:
        return made_small(file)
    except NoPicture:
        text = _("“%(name)s”不是能用的照片。请用 JPG 或 PNG；iPhone 请在“设置—相机—格式”里选“兼容性最佳”。")
        raise ValidationError({"photos": [text % {"name": file.name[:40]}]}) from None
