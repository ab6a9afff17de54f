"""The file on paper: the form's look and order, what may be hidden, rare characters, the way without a typesetter."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import segno
from PIL import ImageFile

from childwelfare.typesetting import process, services
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian
from registry.printing import pdf
from registry.printing.file import file_sheet
from registry.printing.left_behind import left_behind_sheet
from registry.printing.pieces import to_the_city
from tests.builders import a_file, a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
RARE = "王\U00021424䶮"


@pytest.fixture
def file():
    return an_approved_file(a_village())


@pytest.fixture
def reader(client, file):
    sign_in(client, a_post(file.township))
    return client


def cells(sheet) -> list[str]:
    return [cell.text for block in sheet.blocks for row in block.rows for cell in row]


def after(sheet, label: str) -> str:
    texts = cells(sheet)
    return texts[texts.index(label) + 1]


def a_relative(file, relation, **given):
    return FamilyMember.objects.create(child=file, relation=relation, **given)


# --- the page


def test_the_form_has_its_title_lines_and_signatures(reader, file):
    page = reader.get(f"/children/{file.pk}/print/").text
    assert f"{file.city.name}困境（留守）儿童档案" in page
    for words in (
        "填报单位：",
        "填报日期：",
        "单位负责人：",
        "复核人：",
        "填表人：",
        "填报单位（盖章）",
        "留守儿童",
        file.name,
    ):
        assert words in page
    assert file.id_number not in page and "13800001234" not in page
    assert Audit.objects.get(action="print_file").record == f"registry.childfile:{file.pk}"


def test_every_row_is_as_wide_as_the_form(file):
    a_relative(file, "father", name="张建国", away=True)
    for sheet in (file_sheet(file), left_behind_sheet(file)):
        assert {sum(cell.span for cell in row) for block in sheet.blocks for row in block.rows} == {12}


def test_hidden_categories_are_nowhere_on_the_page(reader, file):
    page = reader.get(f"/children/{file.pk}/print/?hide=categories").text
    sheet = page[page.index('<article class="a4"') : page.index("</article>")]
    assert file.name in sheet
    for word in ("留守", "困境", "孤儿", "事实无人抚养", "流动儿童", "儿童类别"):
        assert word not in sheet
    plain = "".join(cells(file_sheet(file, hide=frozenset({"categories"}))))
    assert "留守" not in plain


def test_full_numbers_only_where_they_may_be_revealed_and_then_recorded(reader, file, monkeypatch):
    page = reader.get(f"/children/{file.pk}/print/?numbers=full").text
    assert file.id_number in page and "13800001234" in page
    assert Audit.objects.filter(action="reveal", record=f"registry.childfile:{file.pk}").count() == 1
    from orgs.access.permissions import MATRIX

    monkeypatch.setitem(MATRIX, "township_clerk", MATRIX["township_clerk"] - {"reveal_child"})
    assert reader.get(f"/children/{file.pk}/print/?numbers=full").status_code == 403
    assert reader.get(f"/children/{file.pk}/print.pdf?numbers=full").status_code == 403
    assert "完整号码" not in reader.get(f"/children/{file.pk}/print/").text


def test_the_code_holds_the_file_number_and_nothing_else(file):
    sheet = file_sheet(file)
    expected = segno.make(file.file_number, error="m", micro=False)
    path = re.search(r' d="([^"]+)"', sheet.qr)[1]
    assert path == re.search(r' d="([^"]+)"', expected.svg_inline(scale=2, border=2))[1]
    assert file.name not in sheet.qr and "http" not in sheet.qr.replace("http://www.w3.org/2000/svg", "")


def test_a_draft_prints_without_a_code(client):
    post = a_post(a_village())
    draft = a_file(post.unit, by=post)
    sign_in(client, post)
    assert "a4-code" not in client.get(f"/children/{draft.pk}/print/").text


def test_the_form_stays_chinese_on_an_english_screen(reader, file):
    reader.cookies["django_language"] = "en"
    page = reader.get(f"/children/{file.pk}/print/").text
    assert "困境（留守）儿童档案" in page and "2017年3月15日" in page


@pytest.mark.parametrize("end", ["print/", "print.pdf", "print/left-behind/", "print/left-behind.pdf"])
def test_another_villages_child_is_not_found(client, file, end):
    sign_in(client, a_post(a_village()))
    assert client.get(f"/children/{file.pk}/{end}").status_code == 404


def test_nonsense_in_the_address_changes_nothing(reader, file):
    for query in ("hide=x", "numbers=<script>", "hide=categories&hide=\x00", "numbers="):
        assert reader.get(f"/children/{file.pk}/print/?{query}").status_code == 200


# --- the form of 2016


# annex 1 of 民发〔2016〕42号
ORDER_2016 = [
    "姓名", "性别", "民族", "出生日期", "公民身份号码", "是否登记户口", "户籍所在地", "现居住地",
    "身体情况", "残疾类别及等级", "患病类型", "是否学校寄宿", "就学情况",
    "关系", "姓名", "出生日期", "当前务工地点", "联系电话", "身份号码",
    "父母双方同时外出", "父母一方外出另一方无监护能力", "无监护能力",
    "有无委托其他监护人", "委托监护人姓名", "电话", "身份号码", "与被监护人关系", "居住地地址",
    "监护类型", "家庭经济来源", "救助帮扶",
]  # fmt: skip


def test_the_national_form_asks_field_for_field_in_its_order(file):
    sheet = left_behind_sheet(file)
    assert [cell.text for block in sheet.blocks for row in block.rows for cell in row if cell.head] == ORDER_2016
    people = [row[0].text for row in sheet.blocks[1].rows[1:]]
    assert people == ["祖父", "祖母", "外祖父", "外祖母", "父", "母"]
    assert after(sheet, "就学情况") == "□幼儿园 □未入园 ☑小学 □初中 □高中 □中职 □辍学 □不在学"


def test_a_dead_relative_is_a_dash_and_a_work_place_ends_with_the_city(file):
    a_relative(file, "paternal_grandfather", name="张老汉", life="dead")
    a_relative(file, "father", name="张建国", away=True, away_at="广东省深圳市龙华区", phone="13800009999")
    a_relative(file, "mother", name="李梅", life="dead", phone="13800008888")
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in left_behind_sheet(file).blocks[1].rows}
    assert rows["祖父"][:2] == ["—", "—"] and rows["母"] == ["—"] * 5
    assert rows["父"][0] == "张建国" and rows["父"][2:4] == ["广东省深圳市", "138****9999"]


@pytest.mark.parametrize(
    ("given", "city"),
    [("北京市朝阳区", "北京市"), ("深圳市", "深圳市"),
     ("新疆维吾尔自治区阿克苏地区库车市", "新疆维吾尔自治区阿克苏地区"),
     ("广东东莞长安镇", "广东东莞长安镇"), ("", "")],
)  # fmt: skip
def test_work_places(given, city):
    assert to_the_city(given) == city


@pytest.mark.parametrize(
    ("father", "mother", "both", "one", "unable"),
    [
        ({"away": True}, {"away": True}, "☑是 □否", "□是 □否", "□父 □母"),
        ({"away": True, "unable": False}, {"away": True, "unable": False}, "☑是 □否", "□是 ☑否", "□父 □母"),
        ({"away": True, "unable": False}, {"away": False, "unable": True}, "□是 ☑否", "☑是 □否", "□父 ☑母"),
        ({"away": False, "situation": "disabled"}, {"away": True}, "□是 ☑否", "☑是 □否", "☑父 □母"),
        ({"away": False, "unable": False}, {"away": False, "unable": False}, "□是 ☑否", "□是 ☑否", "□父 □母"),
        ({}, {}, "□是 □否", "□是 □否", "□父 □母"),
    ],
)
def test_the_boxes_of_absence_stay_empty_where_nothing_is_known(file, father, mother, both, one, unable):
    a_relative(file, "father", name="张建国", **father)
    a_relative(file, "mother", name="李梅", **mother)
    sheet = left_behind_sheet(file)
    said = [after(sheet, label) for label in ("父母双方同时外出", "父母一方外出另一方无监护能力", "无监护能力")]
    assert said == [both, one, unable]


def test_who_was_entrusted(file):
    assert after(left_behind_sheet(file), "有无委托其他监护人") == "☑有 □无"
    assert after(left_behind_sheet(file), "委托监护人姓名") == "李桂英"
    Guardian.objects.filter(child=file).update(relation="father")
    assert after(left_behind_sheet(file), "有无委托其他监护人") == "□有 ☑无"
    assert after(left_behind_sheet(file), "委托监护人姓名") == ""


# --- as PDF


def test_the_pdf_shows_rare_characters_with_a_letter_of_their_own(reader, file):
    ChildFile.objects.filter(pk=file.pk).update(name=RARE)
    answer = reader.get(f"/children/{file.pk}/print.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF-") and "no-store" in answer["Cache-Control"]
    assert reader.get(f"/children/{file.pk}/print/left-behind.pdf").content.startswith(b"%PDF-")
    assert letters_of(file, RARE)


def letters_of(file, text: str) -> bool:
    """Whether every character of ``text`` is drawn by a glyph that stands for it: not by .notdef, whose id is 0."""
    weasyprint, drawn = pytest.importorskip("weasyprint"), {}
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process: half a photo would pass then
    document = weasyprint.HTML(string=f"<p class='a4'>{text}</p>").render(
        stylesheets=[weasyprint.CSS(string=pdf.STYLE.read_text())]
    )
    document.write_pdf()
    for font in document.fonts.values():
        drawn |= {glyph: chars for glyph, chars in font.to_unicode.items() if glyph}
    return set(text) <= set("".join(drawn.values()))


def test_a_page_that_can_not_be_set_offers_the_browsers_way(reader, file, monkeypatch, caplog):
    monkeypatch.setattr(pdf, "STYLE", Path("/no/such/sheet.css"))
    page = reader.get(f"/children/{file.pk}/print.pdf?hide=categories", follow=True)
    assert page.status_code == 200 and "暂时不能生成 PDF" in page.text and "data-print" in page.text
    assert page.redirect_chain[0][0].endswith("print/?hide=categories")
    assert "/no/such/sheet.css" in caplog.text


def test_a_page_that_takes_too_long_is_given_up(reader, file, monkeypatch):
    monkeypatch.setattr(services, "LONGEST", 0.01)
    assert "暂时不能生成 PDF" in reader.get(f"/children/{file.pk}/print.pdf", follow=True).text


def test_a_machine_without_pango_is_told_apart_in_the_log_and_to_the_reader(
    reader, file, monkeypatch, tmp_path, caplog
):
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(services.NoTypesetting, match="libpango"):
        pdf.as_pdf(file_sheet(file))
    assert f"status {process.NO_LIBRARIES}" in caplog.text
    page = reader.get(f"/children/{file.pk}/print.pdf", follow=True)
    assert "请告诉系统管理员" in page.text and "过几秒" not in page.text, "it will not go better in a moment"


def test_the_web_process_never_loads_the_typesetter(file, monkeypatch):
    """It keeps the fonts of each thread: a web process grew by 150 MB a form, to 1.6 GB in a day."""
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    assert pdf.as_pdf(file_sheet(file)).startswith(b"%PDF-")
    assert "weasyprint" not in sys.modules


def test_pages_are_set_one_at_a_time(file, monkeypatch):
    at_once, most = [], []

    def slow(command, **kwargs):
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.05)
        at_once.pop()
        return subprocess.CompletedProcess(command, 0, stdout=b"%PDF-", stderr=b"")

    monkeypatch.setattr(subprocess, "run", slow)
    sheet = file_sheet(file)
    with ThreadPoolExecutor(services.WAITING) as pool:
        assert len(list(pool.map(lambda _n: pdf.as_pdf(sheet), range(4)))) == 4
    assert max(most) == 1


def test_a_form_fetches_nothing():
    with pytest.raises(ValueError):
        process._fetch_nothing("file:///etc/passwd")


def test_a_name_of_markup_is_text(reader, file):
    ChildFile.objects.filter(pk=file.pk).update(name="<img src=x>", address="</table><script>")
    page = reader.get(f"/children/{file.pk}/print/").text
    assert "<img src=x>" not in page and "<script>" not in page
    assert reader.get(f"/children/{file.pk}/print.pdf").content.startswith(b"%PDF-")


def test_the_file_offers_its_ways_out(reader, file):
    page = reader.get(f"/children/{file.pk}/").text
    for end in ("print/", "print/left-behind/", "print.pdf", "disclosure/"):
        assert f'href="/children/{file.pk}/{end}"' in page
