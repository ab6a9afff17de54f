"""The rest of a file's life at the demo's station, made by the services themselves: papers, children handed on, two
files of one child made one, and what the rules found about the files."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from orgs.posts.models import Appointment, Role
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from registry.findings.models import Finding, FindingDecision
from registry.findings.services import decide_finding, recount_findings
from registry.merging.services.merge import merge_files
from registry.papers.services import add_paper
from registry.transfers.services import ask_transfer


def make_moves() -> None:
    """Around the demo's station, if its director and clerks and a neighbour are there."""
    posts = {post.person.username: post for post in Appointment.objects.with_unit().filter(
        person__username__in=("demo_director", "demo_clerk", "demo_clerk2"))}  # fmt: skip
    if len(posts) < 3:
        return
    director, clerk, second = (posts[name] for name in ("demo_director", "demo_clerk", "demo_clerk2"))
    files = list(ChildFile.objects.visible_to(director, "view_child").in_care().order_by("-file_number")[:3])
    if len(files) < 3:
        return
    with_papers, leaving, twice = files
    add_paper(with_papers, by=director, upload=_picture((600, 800)), kind="portrait")
    add_paper(with_papers, by=director, upload=_picture((800, 520)), kind="household_register", note="首页")
    _transfers(leaving, clerk)
    _merge(twice, director, clerk)
    recount_findings(clerk.unit.county)
    found = Finding.objects.visible_to(clerk, "decide_category").open().order_by("-kind", "pk").first()
    if found:
        decide_finding(found, by=second, seen_version=found.version, decision=FindingDecision.KEEP,
                       reason="已上门核实，材料正在补办")  # fmt: skip


def _transfers(leaving: ChildFile, clerk: Appointment) -> None:
    """One that waits for a neighbour's answer, and one of a neighbour's that waits here."""
    stations = Appointment.objects.with_unit().filter(role=Role.TOWNSHIP_CLERK, unit__county=clerk.unit.county)
    neighbour = stations.exclude(unit=clerk.unit).order_by("pk").first()
    if neighbour is None:
        return
    theirs = ChildFile.objects.visible_to(neighbour, "transfer_child").in_care().order_by("file_number").first()
    ours = ChildFile.objects.visible_to(clerk, "view_child").in_care().order_by("file_number").first()
    if theirs is None:
        return
    words = "随父母搬到新房，已在新学校报到"
    ask_transfer(theirs, by=neighbour, target=ours.village, reason=words, seen_version=theirs.version)
    words = "由外婆照看，住到外婆家"
    ask_transfer(leaving, by=clerk, target=theirs.village, reason=words, seen_version=leaving.version)


def _merge(file: ChildFile, director: Appointment, clerk: Appointment) -> None:
    """The same child registered again without its number, and found out."""
    day = file.approved_on
    again = make_file(
        by=director, village=file.village, pk=uuid.uuid5(file.pk, "again"),
        child={"name": file.name, "sex": file.sex, "birth_date": file.birth_date, "id_number": "",
               "no_id_reason": "not_yet", "phone": "",
               "nation": file.nation, "address": file.address},
        categories={code: {"since": day, "difficulty": "own"} for code in file.category_codes.split(",")[:1] if code},
        family=[], guardian={"name": "待核实", "relation": "other"},
    )  # fmt: skip
    FILE.apply("submit", again, by=director, seen_version=again.version)
    FILE.apply("approve", again, by=clerk, seen_version=again.version)
    file.refresh_from_db()
    merge_files(file, again, by=clerk, seen_versions=(file.version, again.version), note="同一个孩子登记了两次")


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
