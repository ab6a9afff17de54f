"""What happens to a director's children and forms while the phone is away."""

from pathlib import Path

from django.utils import timezone
from PIL import Image

from registry.child.models import ChildFile
from tests.builders import a_post, a_village, a_visit, an_approved_file
from visits.schedule.models import VisitDue
from visits.visit.workflow import VISIT


def a_returned_visit(director, child, reason="请写明谁在照看"):
    visit = a_visit(child, by=director, visited_on=timezone.localdate(), mood="low")
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=1, reason=reason)
    return visit


def hand_over(*children):
    elsewhere = an_approved_file(a_village()).place_values()
    keys = [child.pk for child in children]
    ChildFile.objects.filter(pk__in=keys).update(**elsewhere)
    VisitDue.objects.filter(child__in=keys).update(**elsewhere)


def a_picture(tmp_path, name="屋顶.jpg", *, size=(3000, 2000), orientation=6) -> Path:
    """As a phone's camera makes it: large, on its side, with the place in it. Red above, once it stands upright."""
    image = Image.effect_noise(size, 20).convert("RGB")
    image.paste((220, 30, 30), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "41.40338"
    image.save(tmp_path / name, "JPEG", quality=95, exif=exif)
    image.save(tmp_path / f"bare {name}", "JPEG", quality=95)
    return tmp_path / name


def to_photos(phone):
    phone.fill_in("张子涵")
    phone.page.locator("[data-photo-input]").wait_for()
