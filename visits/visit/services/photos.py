"""Photos of a visit: judged, turned upright, made small, stripped of metadata, sealed on disk."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.security import vault
from childwelfare.uploads.photos import MAX_PHOTOS, check_photos
from childwelfare.uploads.pictures import Picture
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from visits.visit.models import Visit, VisitPhoto


def add_photos(visit: Visit, photos: list[Picture]) -> None:
    """Keep checked photos with ``visit``; the files are written before the rows, so that no row lacks its file."""
    for picture in photos:
        _kept(visit, picture, uuid.uuid4())


def _kept(visit: Visit, picture: Picture, pk: uuid.UUID) -> VisitPhoto:
    photo = VisitPhoto(id=pk, visit=visit, width=picture.width, height=picture.height)
    photo.file = vault.keep("photos", picture.content, _context(photo))
    photo.save(force_insert=True)
    return photo


def add_late_photo(visit: Visit, *, by: Appointment, pk: uuid.UUID, content: bytes) -> VisitPhoto:
    """A photo that was taken at ``visit`` and arrives after it, from the phone of who made or completed it.

    ``pk`` comes from there.

    Raises PermissionDenied, or ValidationError at ``photos``.
    """
    if not visit.events.filter(person=by.person, action__in=("log", "resubmit")).exists():
        raise PermissionDenied
    (picture,) = check_photos([ContentFile(content, name=_("手机拍的照片"))])
    with transaction.atomic():
        Visit.objects.select_for_update().get(pk=visit.pk)  # of two at once the fourth is refused
        if visit.photos.count() >= MAX_PHOTOS:
            raise ValidationError({"photos": [_("最多 %(n)s 张照片。") % {"n": MAX_PHOTOS}]})
        photo = _kept(visit, picture, pk)
        record_act(by, "add_visit_photo", visit)
    return photo


def read_photo(photo: VisitPhoto) -> bytes:
    """The JPEG of ``photo``."""
    return vault.fetch(photo.file, _context(photo))


def _context(photo: VisitPhoto) -> str:
    return f"visits.visitphoto:{photo.id}"
