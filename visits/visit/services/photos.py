"""Photos of a visit: judged, turned upright, made small, stripped of metadata, sealed on disk."""

import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.security import vault
from childwelfare.uploads.photos import MAX_PHOTOS, check_photos
from childwelfare.uploads.pictures import Picture
from childwelfare.workflow.writing import count_version, created_once
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from visits.visit.models import Visit, VisitPhoto, VisitState


def photos_left(visit: Visit) -> int:
    """How many photos ``visit`` still takes: whoever sends them, a visit has MAX_PHOTOS at most."""
    return max(0, MAX_PHOTOS - visit.photos.count())


def add_photos(visit: Visit, photos: Collection[Picture]) -> None:
    """Keep checked photos with ``visit``, beside those that it has; call it in the transaction that wrote ``visit``.

    The files are written before the rows, so that no row lacks its file. Raises ValidationError at ``photos`` where
    there are more than it still takes; then none is kept.
    """
    if not photos:
        return  # most visits: a phone's photos follow by themselves
    new, left = _not_kept(visit, photos), photos_left(visit)
    if len(new) > left:
        text = _("最多 %(most)s 张照片，这次走访已有 %(kept)s 张，还能加 %(left)s 张。请少选几张再提交。")
        raise ValidationError({"photos": [text % {"most": MAX_PHOTOS, "kept": MAX_PHOTOS - left, "left": left}]})
    for picture in new:
        _keep_photo(visit, picture, uuid.uuid4())


def _not_kept(visit: Visit, photos: Collection[Picture]) -> list[Picture]:
    """Those of ``photos`` that ``visit`` lacks, each once: the same file chosen twice is one photo. What was taken at a
    door and lies with the visit to a brother or sister is there already, from whose form ever it came."""
    at_the_door = VisitPhoto.objects.filter(visit__family=visit.family) if visit.family else visit.photos.all()
    kept, new = {read_photo(photo) for photo in at_the_door}, []
    for picture in photos:
        if picture.content not in kept:
            kept.add(picture.content)
            new.append(picture)
    return new


def join_photos(visit: Visit, photos: Collection[Picture], *, by: Appointment) -> bool:
    """Keep with ``visit``, which was sent before, those of ``photos`` that it lacks; whether it has them all then.

    Where it lacks some it takes them only while it waits for review, from who made or completed it, wherever the
    child is by now, and only all of them; otherwise none is kept.
    """
    if not photos:
        return True
    with transaction.atomic():
        # locked, so that nobody accepts it meanwhile, and of two sendings at once neither is one photo too many
        here = Visit.objects.select_for_update(of=("self",)).select_related("child").get(pk=visit.pk)
        missing = _not_kept(here, photos)
        if not missing:
            return True
        if here.state != VisitState.SUBMITTED or not _wrote(here, by):
            return False
        if len(missing) > photos_left(here):
            return False
        for picture in missing:
            _keep_photo(here, picture, uuid.uuid4())
        count_version(here)
        visit.version = here.version  # who reads it on the desk decides only what she has seen
        record_act(by, "add_visit_photo", here)
    return True


def _wrote(visit: Visit, by: Appointment) -> bool:
    """Whether ``by`` made ``visit`` or completed it."""
    return visit.events.filter(person=by.person, action__in=("log", "resubmit")).exists()


def _keep_photo(visit: Visit, picture: Picture, pk: uuid.UUID) -> VisitPhoto:
    photo = VisitPhoto(id=pk, visit=visit, width=picture.width, height=picture.height)
    photo.file = vault.keep("photos", picture.content, _context(photo))
    try:
        photo.save(force_insert=True)
    except Exception:
        vault.drop(photo.file)  # no file without its row either
        raise
    return photo


def add_late_photo(visit: Visit, *, by: Appointment, pk: uuid.UUID, content: bytes) -> VisitPhoto:
    """A photo that was taken at ``visit`` and arrives after it, from the phone of who made or completed it.

    ``pk`` comes from there: a second sending gives the photo of the first. Raises PermissionDenied, Refused, or
    ValidationError at ``photos``.
    """
    if not _wrote(visit, by):
        raise PermissionDenied
    (picture,) = check_photos([ContentFile(content, name=_("手机拍的照片"))])
    earlier = visit.photos.filter(pk=pk)
    with created_once(earlier, refusal=_("这张照片没有收下，请重新拍一张再发送。")) as sending:
        here = Visit.objects.select_for_update().get(pk=visit.pk)  # of two at once the fourth is refused
        if same := earlier.first():  # its other sending was first at the lock: it is not one more
            return same
        if not _not_kept(here, [picture]):  # sent from the page as well, or chosen twice
            return next(photo for photo in here.photos.all() if read_photo(photo) == picture.content)
        if photos_left(visit) == 0:
            raise ValidationError({"photos": [_("最多 %(n)s 张照片。") % {"n": MAX_PHOTOS}]})
        photo = _keep_photo(visit, picture, pk)
        if here.state == VisitState.SUBMITTED:
            count_version(here)  # who reads it on the desk decides only what she has seen
            visit.version = here.version
        record_act(by, "add_visit_photo", visit)
    return sending.first or photo


def read_photo(photo: VisitPhoto) -> bytes:
    """The JPEG of ``photo``."""
    return vault.fetch(photo.file, _context(photo))


def _context(photo: VisitPhoto) -> str:
    return f"visits.visitphoto:{photo.id}"
