"""Papers of one file at the demo's station, added by the service itself."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from childwelfare.demo.makers import MAKERS, Demo
from registry.child.demo import FILES, demo_station
from registry.papers.services import add_paper


def make_papers(demo: Demo) -> None:
    station = demo_station()
    files = station.files(FILES) if station else []
    if len(files) < FILES:
        return
    add_paper(files[0], by=station.director, upload=_picture((600, 800)), kind="portrait")
    add_paper(files[0], by=station.director, upload=_picture((800, 520)), kind="household_register", note="首页")


def _picture(size: tuple[int, int]) -> SimpleUploadedFile:
    """A picture that nobody takes for a real paper."""
    image = Image.new("RGB", size, "#f3efe6")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((24, 24, width - 24, height - 24), outline="#b7a98a", width=4)
    for y in range(150, height - 60, 70):
        draw.line((80, y, width - 80, y), fill="#d5cbb5", width=3)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile("demo.jpg", out.getvalue(), content_type="image/jpeg")


MAKERS.add(make_papers, order=60)
