"""Papers and photos come to a file, are read, and are declared void. Nothing is ever deleted."""

import hashlib
import io
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.security import vault
from childwelfare.text.cleaning import clean_text
from childwelfare.uploads import pdfs
from childwelfare.uploads.photos import too_many_pixels
from childwelfare.uploads.pictures import NoPicture, TooManyPixels, small_picture, thumbnail
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import count_version, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.models import ChildFile, FileState
from registry.child.services.files import note_writer
from registry.child.services.locking import lock_file_of, lock_whole_file
from registry.papers.models import JPEG, PDF, Paper

MB = 1024 * 1024
MAX_PICTURE, MAX_PDF = 8 * MB, 10 * MB  # bytes as sent
MAX_PAPERS = 60  # papers that stand, of one file
REASON_LIMIT = 200  # characters


@dataclass(frozen=True)
class JudgedUpload:
    """What will be kept of an upload."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    small: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def add_paper(
    file: ChildFile,
    *,
    by: Appointment,
    upload: UploadedFile,
    kind: str,
    of: str = "",
    note: str = "",
    pk: uuid.UUID | None = None,
) -> Paper:
    """Keep ``upload`` (a file as Django hands it over) with ``file``: an addition, so an approved file takes it too.
    Before approval it is a part of what is decided: who adds it does not decide.

    ``pk`` comes from the sender: sent twice, the paper of the first sending is returned. Raises PermissionDenied,
    Refused (closed file), or ValidationError at ``file``; then nothing is kept.
    """
    if not by.may("add_paper", file):
        raise PermissionDenied
    pk = pk or uuid.uuid4()
    earlier = Paper.objects.filter(pk=pk, made_by=by.person)
    if not earlier.exists():
        _refuse_closed(file)
    judged = judge(upload)
    says = has_values(child_id=file.pk, kind=kind, of=of, note=clean_text(note), sha256=judged.sha256)
    if same := first_sending(earlier, says=says):
        return same
    paper = Paper(pk=pk, child=file, kind=kind, of=of, note=clean_text(note), made_by=by.person, made_in=by)
    _keep(paper, judged)
    try:
        with transaction.atomic():
            # closed since it was read; and two uploads at once count one after the other
            here = lock_whole_file(file.pk)
            _refuse_closed(here)
            _refuse_more(here, judged)
            paper.save(force_insert=True)
            # Before approval it is a part of what is decided: by somebody else, who has seen it. To declare one void is
            # the reviewer's own work and writes nothing.
            if here.state in (FileState.DRAFT, FileState.RETURNED, FileState.SUBMITTED):
                note_writer(here, by)
            if here.state == FileState.SUBMITTED:
                count_version(here)
            record_act(by, "add_paper", here, kind=kind, paper=paper.pk)
    except Exception as error:
        vault.drop(paper.file, paper.thumbnail)
        if same := first_sending(earlier, says=says):  # the same sending came in beside us
            return same
        if isinstance(error, IntegrityError):
            raise Stale(_("这次上传的编号已经用过，请刷新页面后再传一次。")) from None
        raise
    return paper


def void_paper(paper: Paper, *, by: Appointment, reason: str) -> Paper:
    """Declare ``paper`` void: by who uploaded it, or by the station. It stays, with the reason beside it."""
    mine = paper.made_by_id == by.person_id and by.may("add_paper", paper.child)
    if not mine and not by.may("void_paper", paper.child):
        raise PermissionDenied
    reason = clean_text(reason)
    if not reason:
        raise ValidationError({"reason": [_("请写明为什么作废。")]})
    if len(reason) > REASON_LIMIT:
        text = _("原因最多 %(most)s 字，现在有 %(n)s 字。")
        raise ValidationError({"reason": [text % {"most": REASON_LIMIT, "n": len(reason)}]})
    with transaction.atomic():
        here = lock_file_of(paper)
        standing = Paper.objects.filter(pk=paper.pk, removed_at=None)
        if not standing.update(removed_at=timezone.now(), removed_by=by.person, removed_reason=reason):
            raise Stale(_("这份材料刚刚已经作废了。"))
        if here.state == FileState.SUBMITTED:  # who reads it on the desk decides only what she has seen
            count_version(here)
        record_act(by, "void_paper", here, kind=paper.kind, paper=paper.pk)
    paper.refresh_from_db()
    return paper


def read_paper(paper: Paper) -> bytes:
    """The JPEG or PDF in clear. Raises OSError or Unsealable where the file on disk is lost or was changed."""
    return vault.fetch(paper.file, _context(paper, "file"))


def read_thumbnail(paper: Paper) -> bytes:
    """The small JPEG of a picture."""
    return vault.fetch(paper.thumbnail, _context(paper, "thumbnail"))


def judge(upload: UploadedFile) -> JudgedUpload:
    """What ``upload`` is, by its content alone, and what is kept of it. Raises ValidationError that names the file."""
    name = clean_text(upload.name or "")[-40:]
    if not upload.size:
        raise _at_file(_("“%(name)s”是空的，请重新选择。") % {"name": name})
    head = upload.read(pdfs.HEAD_WITHIN)
    upload.seek(0)
    is_pdf = pdfs.looks_like_pdf(head)
    most = MAX_PDF if is_pdf else MAX_PICTURE
    if upload.size > most:
        text = _("“%(name)s”有 %(mb).1f MB，超过 %(most)s MB。请用手机相机选小一点的尺寸重拍，或把 PDF 拆开再传。")
        raise _at_file(text % {"name": name, "mb": upload.size / MB, "most": most // MB})
    return _judged_pdf(upload, name) if is_pdf else _judged_picture(upload, name)


def _judged_picture(upload: UploadedFile, name: str) -> JudgedUpload:
    try:
        picture = small_picture(io.BytesIO(upload.read()))
    except TooManyPixels as refusal:
        raise _at_file(too_many_pixels(refusal, name)) from None
    except NoPicture:
        text = _("“%(name)s”不是能用的图片或 PDF。请用 JPG、PNG 或 HEIC 照片，每张不超过 5000 万像素；打不开的请重拍。")
        raise _at_file(text % {"name": name}) from None
    return JudgedUpload(picture.content, JPEG, picture.width, picture.height, small=thumbnail(picture))


NO_PDF = {
    "broken": lambda: _("“%(name)s”这个 PDF 不完整，请重新导出或重新下载后再传。"),
    "encrypted": lambda: _("“%(name)s”这个 PDF 有密码或加密，请去掉密码后再传，或改传照片。"),
    "active": lambda: _("“%(name)s”这个 PDF 里有脚本或附件，不能收。请打印成不带脚本的 PDF，或改传照片。"),
    "odd": lambda: _("“%(name)s”这个 PDF 的内部写法很不寻常，不能收。请重新打印成 PDF，或改传照片。"),
}


def _judged_pdf(upload: UploadedFile, name: str) -> JudgedUpload:
    try:
        pdf = pdfs.check_pdf(upload.read())
    except pdfs.NoPdf as refusal:
        raise _at_file(NO_PDF[str(refusal)]() % {"name": name}) from None
    return JudgedUpload(pdf.content, PDF, pages=pdf.pages)


def _keep(paper: Paper, judged: JudgedUpload) -> None:
    """Write the files before the row, so that no row lacks its file."""
    paper.media_type, paper.size, paper.sha256 = judged.media_type, len(judged.content), judged.sha256
    paper.width, paper.height, paper.pages = judged.width, judged.height, judged.pages
    paper.file = vault.keep("papers", judged.content, _context(paper, "file"))
    if judged.small:
        paper.thumbnail = vault.keep("papers", judged.small, _context(paper, "thumbnail"))


def _refuse_closed(file: ChildFile) -> None:
    if file.state == FileState.CLOSED:
        raise Refused(_("档案已结案，不能再添加材料。"))


def _refuse_more(file: ChildFile, judged: JudgedUpload) -> None:
    standing = file.papers.valid()
    if same := standing.filter(sha256=judged.sha256).first():
        text = _("这份文件已经在档案里：%(what)s，%(day)s上传。不用再传。")
        day = date_format(timezone.localtime(same.made_at), "DATE_FORMAT")
        raise _at_file(text % {"what": same, "day": day})
    if standing.count() >= MAX_PAPERS:
        raise _at_file(_("一份档案最多 %(n)s 份材料。请先把不用的作废。") % {"n": MAX_PAPERS})


def _context(paper: Paper, column: str) -> str:
    return f"registry.paper.{column}:{paper.pk}"


def _at_file(text: str) -> ValidationError:
    return ValidationError({"file": [text]})
