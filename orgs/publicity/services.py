"""Recording a publicity activity of one's own village or station (notice, part 4: 宣传)."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security import vault
from childwelfare.text.cleaning import clean_text
from childwelfare.uploads.photos import check_photos
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.publicity import codes
from orgs.publicity.models import Publicity, PublicityPhoto
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import Level

LIMITS = {"where": 100, "topic": 100, "note": 500}
MOST_PEOPLE = 100_000


def log_publicity(
    *, by: Appointment, answers: dict, photos: Iterable[UploadedFile] = (), pk: uuid.UUID | None = None
) -> Publicity:
    """Keep an activity of the unit of ``by``. ``photos``: uploads. Raises PermissionDenied, Refused, or
    ValidationError by field; then nothing is saved."""
    problems: dict[str, list] = {}
    facts, uploads = _facts(answers, problems), list(photos)

    def says(first: Publicity) -> bool:
        return has_values(**facts)(first) and _has_photos(first, uploads)

    pk = pk or uuid.uuid4()
    earlier = Publicity.objects.filter(pk=pk, made_by=by.person)
    if same := first_sending(earlier, says=says):
        return same
    if not by.may("log_publicity", by.unit):
        raise PermissionDenied
    if problems:
        raise ValidationError(problems)
    pictures = check_photos(uploads)
    activity = Publicity(pk=pk, unit=by.unit, made_by=by.person, made_in=by, **facts)
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")) as sending:
        activity.save(force_insert=True)
        for picture in pictures:
            photo = PublicityPhoto(publicity=activity, width=picture.width, height=picture.height)
            photo.file = vault.keep("photos", picture.content, _context(photo))
            photo.save()
        if by.unit.level == Level.VILLAGE and by.unit.county_id:
            mark_figures_stale(by.unit.county_id, activity.held_on, villages=[by.unit_id])
        record_act(by, "log_publicity", activity, unit=by.unit)
    return sending.first or activity


def read_photo(photo: PublicityPhoto) -> bytes:
    """The JPEG of ``photo``."""
    return vault.fetch(photo.file, _context(photo))


def _has_photos(activity: Publicity, uploads: list[UploadedFile]) -> bool:
    """Whether every one of ``uploads`` is kept with ``activity``."""
    if not uploads:
        return True
    kept = {read_photo(photo) for photo in activity.photos.all()}
    for upload in uploads:
        upload.seek(0)
    return all(picture.content in kept for picture in check_photos(uploads))


def _facts(answers: dict, problems: dict) -> dict:
    facts: dict[str, Any] = {name: clean_text(answers.get(name) or "") for name in LIMITS}
    facts |= {name: answers.get(name) for name in ("held_on", "people")}
    facts["audience"] = [code for code in codes.Audience.values if code in (answers.get("audience") or [])]
    for name, most in LIMITS.items():
        if len(facts[name]) > most:
            problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": most, "n": len(facts[name])}]
    if not facts["where"]:
        problems["where"] = [_("请填写地点。")]
    if not facts["topic"]:
        problems["topic"] = [_("请填写主题。")]
    if not facts["audience"]:
        problems["audience"] = [_("请选择面向谁。")]
    if facts["held_on"] is None:
        problems["held_on"] = [_("请填写日期。")]
    elif facts["held_on"] > timezone.localdate():
        problems["held_on"] = [_("日期在今天之后，请核对。")]
    if not isinstance(facts["people"], int) or not 0 < facts["people"] <= MOST_PEOPLE:
        problems["people"] = [_("请填写人数（1 至 %(most)s）。") % {"most": MOST_PEOPLE}]
    return facts


def _context(photo: PublicityPhoto) -> str:
    """What its file is sealed for. Publicity lay in visits once: under another name the first photos would not open."""
    return f"visits.publicityphoto:{photo.id}"
