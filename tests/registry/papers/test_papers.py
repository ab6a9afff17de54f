"""Papers and photos: what comes in is judged by content, kept small and sealed; what goes out is checked each time."""

import base64
import io
import struct
import time
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from childwelfare.security.vault import NoRoom
from childwelfare.uploads import pdfs, pictures
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from orgs.posts.services import end_appointment
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.closing.services import close_file
from registry.papers import services as service
from registry.papers.models import Paper
from registry.papers.services import add_paper, read_paper, read_thumbnail, void_paper
from tests.builders import (
    a_file,
    a_paper,
    a_post,
    a_submitted_file,
    a_village,
    an_approved_file,
    an_upload,
    fresh,
    sign_in,
)

pytestmark = pytest.mark.django_db

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9j"
    "AAAAAERAAAEAAQAAAAABoQABAAAAAAAAABoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/Wlw"
    "cnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AA"
    "AAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAA"
    "QAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWB"
    "AgMFhAAAACJtZGF0AAAAFigBr1jm9Oq//9+K5Hlan/7FznkanfA="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n" \
      b"3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def file():
    return an_approved_file(a_village())


@pytest.fixture
def post(file):
    return a_post(file.village)


def refused(file, post, upload) -> str:
    with pytest.raises(ValidationError) as error:
        add_paper(file, by=post, upload=upload, kind="other")
    assert not Paper.objects.exists()
    return error.value.message_dict["file"][0]


def kept(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def a_portrait_from_a_phone():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = 6, "Phone", "34.78N 113.65E"
    return an_upload(size=(2400, 1800), exif=exif.tobytes(), comment=b"at home")


# --- what comes in


def test_a_portrait_held_upright_is_upright_small_and_tells_nothing_of_the_phone(file, post, settings):  # D26
    paper = add_paper(file, by=post, upload=a_portrait_from_a_phone(), kind="portrait")
    content = read_paper(paper)
    shown = Image.open(io.BytesIO(content))
    assert (shown.width, shown.height) == (paper.width, paper.height) == (1200, 1600)
    assert not shown.getexif() and "comment" not in shown.info and "icc_profile" not in shown.info
    for word in (b"Exif", b"113.65E", b"at home", b"Phone"):
        assert word not in content
    assert max(Image.open(io.BytesIO(read_thumbnail(paper))).size) == 240
    on_disk = kept(settings)
    assert len(on_disk) == 2 and not any(b"JFIF" in path.read_bytes() for path in on_disk)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_formats_come_out_as_jpeg(file, post, kind):
    paper = add_paper(file, by=post, upload=an_upload(kind=kind), kind="id_card")
    assert (paper.media_type, paper.width, paper.height) == ("image/jpeg", 1600, 800)


def test_a_picture_as_an_iphone_takes_it(file, post):
    paper = add_paper(file, by=post, upload=an_upload("IMG_0001.HEIC", HEIC), kind="id_card")
    assert (paper.width, paper.height) == (64, 48) and read_paper(paper).startswith(b"\xff\xd8")


def test_transparent_ground_becomes_white_paper():
    written = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(written, "PNG")
    made = pictures.small_picture(io.BytesIO(written.getvalue()))
    assert Image.open(io.BytesIO(made.content)).getpixel((1, 1)) == (255, 255, 255)


def as_png(image, **save):
    written = io.BytesIO()
    image.save(written, "PNG", **save)
    return io.BytesIO(written.getvalue())


def grey_values(picture):
    return Image.open(io.BytesIO(picture.content)).convert("L").tobytes()


@pytest.mark.parametrize("bits", [12, 16])
def test_a_grey_scan_of_many_bits_keeps_what_is_written_on_it(bits):
    ink, paper = (1 << bits) // 8, (1 << bits) * 7 // 8
    scan = Image.new("I", (40, 40), paper)
    scan.paste(ink, (10, 0, 30, 40))
    scan = scan.convert("I;16")
    shown = Image.open(io.BytesIO(pictures.small_picture(as_png(scan)).content)).convert("L")
    assert abs(shown.getpixel((20, 20)) - 32) < 8 and abs(shown.getpixel((2, 20)) - 224) < 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
def test_every_kind_of_grey_shows_dark_on_light(mode):
    picture = Image.new("L", (40, 40), 255)
    picture.paste(0, (10, 0, 30, 40))
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 257 + 0).convert("I;16")
    values = grey_values(pictures.small_picture(as_png(picture.convert(mode))))
    assert min(values) < 8 and max(values) > 247


def test_one_value_that_means_transparent_becomes_paper_in_sixteen_bits_too():
    scan = Image.new("I", (40, 40), 7)
    scan.paste(30_000, (10, 0, 30, 40))
    written = bytearray(as_png(scan.convert("I;16")).getvalue())
    body = b"tRNS" + struct.pack(">H", 7)
    at = written.index(b"IDAT") - 4
    written[at:at] = struct.pack(">I", 2) + body + struct.pack(">I", zlib.crc32(body))
    values = grey_values(pictures.small_picture(io.BytesIO(bytes(written))))
    assert max(values) > 247 and abs(min(values) - 117) < 8


def test_white_writing_on_no_ground_can_be_read():
    drawn = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    drawn.paste((255, 255, 255, 255), (10, 0, 30, 40))
    values = grey_values(pictures.small_picture(as_png(drawn)))
    assert min(values) < 100 and max(values) > 240


@pytest.mark.parametrize("size", [(1080, 16000), (16000, 1080)])
def test_a_long_screenshot_stays_legible(size):
    made = pictures.small_picture(an_upload(size=size))
    assert min(made.width, made.height) == 720 and (made.width > made.height) == (size[0] > size[1])
    small = Image.open(io.BytesIO(pictures.thumbnail(made)))
    assert max(small.size) == 240 and min(small.size) == 80


def test_whatever_its_form_a_picture_keeps_no_more_pixels_than_a_limit():
    for size in ((2400, 1200), (65_000, 700), (65_000, 60), (60, 60), (1, 30_000)):
        width, height = pictures.small_size(*size)
        assert width * height <= pictures.MAX_KEPT * 1.001 and width <= size[0] and height <= size[1]


def test_what_hides_behind_a_picture_is_gone(file, post):
    polyglot = an_upload(size=(60, 40)).read() + b"PK\x03\x04 MZ <script>alert(1)</script>"
    paper = add_paper(file, by=post, upload=an_upload("a.jpg", polyglot), kind="other")
    assert b"script" not in read_paper(paper) and b"PK\x03\x04" not in read_paper(paper)


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00" + b"\0" * 400, b"not a picture", b"GIF89a\x01\x00\x01\x00", b"<svg onload=alert(1)>",
     b"\xff\xd8\xff", b"II*\x00" + b"\0" * 60, b"8BPS" + b"\0" * 60, b"%!PS-Adobe", b"\x89PNG\r\n\x1a\n"],
)  # fmt: skip
def test_a_renamed_program_and_other_kinds_are_refused_by_content(file, post, content, settings):
    assert "不是能用的图片" in refused(file, post, an_upload("身份证.jpg", content))
    assert not kept(settings)


def test_a_broken_picture_and_an_empty_file(file, post):
    whole = an_upload(size=(800, 600)).read()
    assert "不是能用的图片" in refused(file, post, an_upload("a.jpg", whole[: len(whole) // 2]))
    assert "空的" in refused(file, post, an_upload("a.jpg", b""))


def test_a_bomb_is_refused_from_its_head(file, post, monkeypatch):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 20000, 10000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("was unpacked"))
    assert "5000 万像素" in refused(file, post, an_upload("a.png", bomb))


@pytest.mark.parametrize(("kind", "most"), [("PNG", 25), ("WEBP", 12)])
def test_a_small_file_of_very_many_pixels_is_refused_before_it_takes_memory(kind, most):
    """As it is unpacked whole, unlike a JPEG of a good camera."""
    written = io.BytesIO()
    Image.new("L", (5100, 5100)).save(written, kind)
    with pytest.raises(pictures.TooManyPixels) as refusal:
        pictures.small_picture(written)
    assert int(refusal.value.most) == most and pictures.MAX_PIXELS["JPEG"] > 48e6


def test_pictures_are_unpacked_one_at_a_time(monkeypatch):
    at_once, most, shrink = [], [], Image.Image.thumbnail

    def slow(image, size):
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.05)
        at_once.pop()
        shrink(image, size)

    monkeypatch.setattr(Image.Image, "thumbnail", slow)
    written = an_upload(size=(60, 40)).read()
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _n: pictures.small_picture(io.BytesIO(written)), range(3)))
    assert len(made) == 3 and max(most) == 1


def test_too_many_bytes_are_told_with_their_number(file, post):
    assert "9.5 MB" in refused(file, post, an_upload("a.jpg", b"\xff\xd8" + b"0" * 10_000_000))
    assert "超过 10 MB" in refused(file, post, an_upload("a.pdf", PDF + b"0" * 11_000_000))


def test_a_pdf_is_kept_as_it_is(file, post):
    paper = add_paper(file, by=post, upload=an_upload("证明.pdf", PDF), kind="parent_situation", of="father")
    assert read_paper(paper) == PDF and (paper.media_type, paper.pages) == ("application/pdf", 1)
    assert str(paper) == "父亲父母情况证明" and not paper.thumbnail


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n", b"\r\n"])
@pytest.mark.parametrize("after", [b"", b"\0" * 4096, b"\r\n<!-- " + b"sent by a mail server " * 200 + b"-->"])
def test_a_pdf_with_bytes_before_its_head_or_after_its_end_is_a_pdf(file, post, before, after):
    content = before + PDF + after
    assert read_paper(add_paper(file, by=post, upload=an_upload("证明.pdf", content), kind="other")) == content


def test_a_picture_that_mentions_a_pdf_is_a_picture_and_a_program_is_none(file, post):
    picture = an_upload(comment=b"%PDF-1.4 %%EOF")
    assert add_paper(file, by=post, upload=picture, kind="other").media_type == "image/jpeg"
    with pytest.raises(ValidationError, match="不是能用的图片"):
        add_paper(file, by=post, upload=an_upload("a.pdf", b"MZ\x90\0" + PDF), kind="other")


def test_a_pdf_made_for_the_web_that_was_cut_off_is_told_as_incomplete(file, post):
    linear = PDF + b"4 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" + b"5 0 obj<</Leng"
    assert "不完整" in refused(file, post, an_upload("a.pdf", linear))


def test_what_follows_the_end_of_a_pdf_is_judged_too(file, post):
    assert "附件" in refused(file, post, an_upload("a.pdf", PDF + b"\0" * 4096 + b"PK\x03\x04 an archive"))


def packed(inner: bytes) -> bytes:
    body = zlib.compress(inner)
    return b"5 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + body + b"\nendstream endobj\n"


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (b"4 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n", "脚本"),
        (b"4 0 obj<</S/J#61vaScript>>endobj\n", "脚本"),
        (b"4 0 obj<</Names<</EmbeddedFiles 5 0 R>>>>endobj\n", "附件"),
        (b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj\n", "脚本"),
        (packed(b"4 0 <</S/JavaScript/JS(app.alert(1))>>"), "脚本"),
        (b"trailer<</Encrypt 9 0 R>>\n", "密码"),
        (b"PK\x03\x04", "附件"),
    ],
)
def test_a_pdf_with_scripts_attachments_or_a_password_is_refused(file, post, inside, says):
    content = PDF.replace(b"trailer", inside + b"trailer", 1)
    assert says in refused(file, post, an_upload("a.pdf", content))


def test_half_a_pdf_is_refused_and_nonsense_is_judged_in_one_pass(file, post):
    assert "不完整" in refused(file, post, an_upload("a.pdf", PDF[:60]))
    many = b"%PDF-1.4\n" + b"stream\n" * 300_000 + b"%%EOF"
    assert pdfs.check_pdf(many).pages is None
    bomb = PDF.replace(b"trailer", packed(b"\0" * 64 * 1024 * 1024) + b"trailer", 1)
    assert pdfs.check_pdf(bomb).pages == 1
    escapes = PDF.replace(b"trailer", packed(b"#41" * 5_000_000) + b"trailer", 1)
    before = time.process_time()
    assert "很不寻常" in refused(file, post, an_upload("a.pdf", escapes))
    assert time.process_time() - before < 2


def test_letters_inside_a_pictures_stream_do_not_count():
    content = PDF.replace(b"trailer", b"6 0 obj<</Length 4>>stream\n/JS endstream endobj\ntrailer", 1)
    assert pdfs.check_pdf(content).pages == 1


# --- once, and not without end


@pytest.mark.both
def test_the_same_sending_twice_is_one_paper(file, post, settings):
    pk = uuid.uuid4()
    one, two = (add_paper(file, by=post, upload=an_upload(), kind="id_card", pk=pk) for _ in range(2))
    assert one == two and Paper.objects.count() == 1 and len(kept(settings)) == 2
    assert Audit.objects.filter(action="add_paper").count() == 1


@pytest.mark.both
def test_the_same_picture_again_is_recognised_until_the_first_is_void(file, post, settings):
    first = a_paper(file, by=post)
    with pytest.raises(ValidationError) as error:
        a_paper(file, by=post, kind="household_register")
    assert "身份证" in error.value.message_dict["file"][0] and len(kept(settings)) == 2
    void_paper(first, by=post, reason="拍得不清楚")
    assert a_paper(file, by=post, kind="household_register")
    assert a_paper(an_approved_file(file.village))  # another child's file takes it


def test_an_id_of_another_childs_paper_is_refused_and_tells_nothing(file, post, settings):
    other = a_paper(an_approved_file(a_village()))
    with pytest.raises(Stale) as error:
        a_paper(file, by=post, pk=other.pk)
    assert other.child.name not in str(error.value) and Paper.objects.count() == 1 and len(kept(settings)) == 2


def test_a_file_holds_60(file, post, monkeypatch):
    monkeypatch.setattr(service, "MAX_PAPERS", 1)
    a_paper(file, by=post)
    with pytest.raises(ValidationError, match="最多 1 份"):
        a_paper(file, by=post, upload=an_upload(colour="red"))


def test_a_full_disk_keeps_nothing(file, post, settings, monkeypatch):
    from pathlib import Path

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NoRoom, match="存储满了"):
        a_paper(file, by=post)
    assert not Paper.objects.exists() and not kept(settings)


def test_a_draft_takes_papers_and_a_closed_file_does_not(post):
    assert a_paper(a_file(post.unit, by=post), by=post)
    closed = an_approved_file(post.unit)
    ChildFile.objects.filter(pk=closed.pk).update(state="closed")
    closed.refresh_from_db()
    with pytest.raises(Refused, match="结案"):
        a_paper(closed, by=post)


# --- who


def test_county_looks_and_does_not_add(file):
    county = a_post(file.county)
    with pytest.raises(PermissionDenied):
        a_paper(file, by=county)
    assert Paper.objects.visible_to(county, "add_paper").count() == 0


def test_void_by_its_maker_or_the_station_with_a_reason(file, post):
    paper = a_paper(file, by=post)
    with pytest.raises(PermissionDenied):
        void_paper(paper, by=a_post(file.village), reason="x")
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(ValidationError):
            void_paper(paper, by=post, reason=reason)
    done = void_paper(paper, by=a_post(file.township), reason="传错了孩子")
    assert done.removed_reason == "传错了孩子" and read_paper(done)
    with pytest.raises(Stale):
        void_paper(paper, by=post, reason="x")
    assert Audit.objects.filter(action="void_paper", record=f"registry.childfile:{file.pk}").exists()


def test_who_uploaded_a_paper_voids_it_no_more_when_her_post_is_over(file, post):
    paper, elsewhere = a_paper(file, by=post), a_post(a_village(), person=post.person)
    end_appointment(post)
    for now in (fresh(post), elsewhere):
        with pytest.raises(PermissionDenied):
            void_paper(paper, by=now, reason="传错了孩子")
    assert Paper.objects.valid().get() == paper


@pytest.mark.both
def test_papers_go_where_their_child_goes(file):
    paper, there = a_paper(file), a_village()
    other = an_approved_file(there)
    Paper.objects.filter(pk=paper.pk).update(child=other)
    assert Paper.objects.visible_to(a_post(there), "view_child").get() == paper and read_paper(paper)
    assert not Paper.objects.visible_to(a_post(file.village), "view_child").exists()


# --- through the pages


def urls(paper):
    here = f"/children/{paper.child_id}/papers/{paper.pk}/"
    return here, f"{here}thumb/", f"/api/v1/papers/{paper.pk}/content/", f"/api/v1/papers/{paper.pk}/thumbnail/"


def test_a_paper_and_its_small_picture_are_not_found_from_another_village(client, file):
    paper = a_paper(file)
    sign_in(client, a_post(a_village()))
    for url in (*urls(paper), f"/children/{file.pk}/papers/", f"/api/v1/papers/{paper.pk}/"):
        assert client.get(url).status_code == 404
    mine = an_approved_file(a_village())
    sign_in(client, a_post(mine.village))
    assert client.get(f"/children/{mine.pk}/papers/{paper.pk}/").status_code == 404


def test_the_picture_is_shown_once_kept_nowhere_and_recorded(client, file, post):
    paper = a_paper(file, by=post)
    sign_in(client, post)
    full, small, *_api = urls(paper)
    client.get(small)
    assert not Audit.objects.filter(action="view_paper").exists()
    answer = client.get(full)
    assert answer["Content-Type"] == "image/jpeg" and answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    assert Audit.objects.get(action="view_paper").record == f"registry.childfile:{file.pk}"


def test_a_pdf_goes_out_as_a_download_that_can_do_nothing(client, file, post):
    paper = a_paper(file, by=post, upload=an_upload("../../etc/x.pdf", PDF))
    sign_in(client, post)
    for url in (urls(paper)[0], urls(paper)[2]):
        answer = client.get(url)
        assert answer["Content-Disposition"].startswith("attachment") and "etc" not in answer["Content-Disposition"]
        assert answer["Content-Security-Policy"].startswith("sandbox") and answer.content == PDF
    assert client.get(urls(paper)[1]).status_code == 404


def test_a_lost_file_is_told_as_not_found(client, file, post, settings):
    paper = a_paper(file, by=post)
    (settings.MEDIA_ROOT / paper.file).write_bytes(b"\x01\x00\x01" + b"x" * 60)
    (settings.MEDIA_ROOT / paper.thumbnail).unlink()
    sign_in(client, post)
    assert [client.get(url).status_code for url in urls(paper)] == [404] * 4


def test_the_senders_name_is_nowhere_in_the_path(file, post, settings):
    paper = a_paper(file, by=post, upload=an_upload("../../../tmp/身份证\x00.jpg", size=(20, 20)))
    assert paper.file.startswith("papers/") and ".." not in paper.file and "身份证" not in paper.file
    assert (settings.MEDIA_ROOT / paper.file).exists()


def test_several_at_once_by_the_plain_form_each_judged_for_itself(client, file, post):
    sign_in(client, post)
    form = {"pk": str(uuid.uuid4()), "kind": "id_card", "note": "正反面",
            "file": [an_upload(colour="red"), an_upload("坏.jpg", b"x"), an_upload(colour="blue")]}  # fmt: skip
    page = client.post(f"/children/{file.pk}/papers/", form)
    assert page.status_code == 422 and "坏.jpg" in page.text and "已上传 2 份" in page.text
    assert Paper.objects.filter(note="正反面").count() == 2


@pytest.mark.parametrize(
    "given", [{"kind": ""}, {"kind": "x"}, {"of": "x" * 3000}, {"note": "长" * 101}, {"pk": "x"}, {"file": []}]
)
def test_nonsense_is_told_and_nothing_kept(client, file, post, given):
    sign_in(client, post)
    form = {"kind": "id_card", "file": [an_upload()]} | given
    assert client.post(f"/children/{file.pk}/papers/", form).status_code == 422
    assert not Paper.objects.exists()


def test_the_files_page_shows_portrait_papers_and_what_happened(client, file, post):
    portrait = a_paper(file, by=post, kind="portrait")
    sign_in(client, post)
    page = client.get(f"/children/{file.pk}/").text
    assert f'class="portrait" src="/children/{file.pk}/papers/{portrait.pk}/thumb/"' in page
    assert "上传照片" in page and "1 份" in page
    assert f"PDF 每份 {service.MAX_PDF // service.MB} MB 以内" in page
    client.post(f"/children/{file.pk}/papers/{portrait.pk}/void/", {"reason": "传错了孩子"})
    page = client.get(f"/children/{file.pk}/").text
    assert 'class="portrait"' not in page and "作废照片" in page
    assert "传错了孩子" in client.get(f"/children/{file.pk}/papers/").text


def test_a_reason_that_was_not_taken_is_shown_again(client, file, post):
    paper = a_paper(file, by=post)
    sign_in(client, post)
    void = f"/children/{file.pk}/papers/{paper.pk}/void/"
    long = client.post(void, {"reason": "传错了" * 80})
    assert long.status_code == 422 and "传错了" * 80 in long.text and "原因最多" in long.text
    assert client.post(void, {"reason": "传错了孩子"}).status_code == 302
    late = client.post(void, {"reason": "拍得不清楚"})
    assert late.status_code == 409 and "拍得不清楚" in late.text.partition("没有存上，可以从这里复制")[2]


def test_what_was_typed_about_a_paper_of_a_closed_file_is_shown(client, file, post):
    clerk, today = a_post(file.township), timezone.localdate()
    close_file(file, by=clerk, reason="other", on=today, note="搬走", seen_version=file.version)
    sign_in(client, post)
    page = client.post(f"/children/{file.pk}/papers/", {"kind": "id_card", "note": "新换的证", "file": [an_upload()]})
    assert page.status_code in (409, 422) and "新换的证" in page.text


# --- over the API


def test_the_api_lists_takes_and_voids(client, file, post):
    sign_in(client, post)
    pk = str(uuid.uuid4())
    here = f"/api/v1/children/{file.pk}/papers/"
    sent = [client.post(here, {"id": pk, "kind": "id_card", "file": an_upload()}) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201] and sent[0].json()["id"] == sent[1].json()["id"] == pk
    assert [paper["id"] for paper in client.get(here).json()["results"]] == [pk]
    assert client.get(sent[0].json()["content_url"])["Content-Type"] == "image/jpeg"
    void = f"/api/v1/papers/{pk}/void/"
    assert "reason" in client.post(void, {}).json()
    assert client.post(void, {"reason": "重复"}).json()["removed_reason"] == "重复"
    assert client.post(void, {"reason": "重复"}).status_code == 409


@pytest.mark.parametrize("given", [{}, {"kind": "id_card"}, {"kind": "x", "file": 1}, {"kind": "id_card", "id": "x"}])
def test_the_api_says_what_is_wrong(client, file, post, given):
    sign_in(client, post)
    if "file" in given or "id" in given:
        given = given | {"file": an_upload()}
    answer = client.post(f"/api/v1/children/{file.pk}/papers/", given)
    assert answer.status_code == 400 and answer.json() and not Paper.objects.exists()
    empty = client.post(f"/api/v1/children/{file.pk}/papers/", {"kind": "id_card", "file": an_upload("a.jpg", b"")})
    assert "空的" in empty.json()["file"][0]
    assert client.get("/api/v1/children/nonsense/papers/").status_code == 404
    assert client.get("/api/v1/papers/nonsense/").status_code == 404


def test_one_bad_file_among_several_does_not_stop_the_better_one_sent_after_it(client, file):
    """The form is shown again with its key: another file under it is another paper, the same one is the same."""
    sign_in(client, a_post(file.village))
    address, key = f"/children/{file.pk}/papers/", str(uuid.uuid4())
    said = {"pk": key, "kind": "id_card", "of": "", "note": ""}
    page = client.post(address, said | {"file": [an_upload("good.jpg"), SimpleUploadedFile("bad.jpg", b"nothing")]})
    assert page.status_code == 422 and file.papers.count() == 1
    assert client.post(address, said | {"file": an_upload("better.jpg", size=(90, 70))}).status_code == 302
    assert file.papers.count() == 2
    assert client.post(address, said | {"file": an_upload("better.jpg", size=(90, 70))}).status_code == 302
    assert file.papers.count() == 2


def test_who_adds_a_paper_to_a_file_that_waits_does_not_decide_it(client):
    """The paper is a part of what is decided (S1); and who has the file on her desk reads it anew first."""
    file = a_submitted_file(a_village())
    clerk, colleague, seen = a_post(file.township), a_post(file.township), file.version
    a_paper(file, by=clerk)
    file = ChildFile.objects.get()
    with pytest.raises(Refused):
        FILE.apply("approve", file, by=clerk, seen_version=file.version)
    with pytest.raises(Stale):
        FILE.apply("approve", file, by=colleague, seen_version=seen)
    file = ChildFile.objects.get()
    FILE.apply("approve", file, by=colleague, seen_version=file.version)
    a_paper(file, by=clerk, upload=an_upload("other.jpg", size=(90, 70)))
    assert ChildFile.objects.get().version == file.version, "an addition to an approved file changes nothing of it"


def test_an_approval_is_not_taken_back_once_a_paper_was_added_to_the_file():
    """Else who added it would decide a file that holds it."""
    file = a_submitted_file(a_village())
    clerk = a_post(file.township)
    FILE.apply("approve", file, by=clerk, seen_version=file.version)
    a_paper(file, by=clerk)
    file = ChildFile.objects.get()
    with pytest.raises(Refused, match="证件"):
        FILE.undo(file, by=clerk, seen_version=file.version)


def test_a_paper_that_is_declared_void_while_the_file_is_read_is_seen_before_it_is_decided():
    file = a_submitted_file(a_village())
    paper = a_paper(file)
    seen = ChildFile.objects.get().version
    void_paper(paper, by=a_post(file.township), reason="传错了")
    with pytest.raises(Stale):
        FILE.apply("approve", ChildFile.objects.get(), by=a_post(file.township), seen_version=seen)


def test_a_reviewer_who_declares_a_paper_void_still_decides():
    file = a_submitted_file(a_village())
    paper, clerk = a_paper(file), a_post(file.township)
    void_paper(paper, by=clerk, reason="传错了")
    file = ChildFile.objects.get()
    assert FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请重传户口本")
