"""The pages: read by all tiers, written by the city without script, nothing typed is lost."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.child.models import ChildFile
from registry.instruments.models import Instrument
from registry.instruments.services import draft_instrument, publish, save_draft, try_out
from tests.builders import a_city, a_county, a_post, a_township, a_village, an_approved_file, an_instrument, sign_in
from tests.registry.instruments.world import an_assessment, answers, counted, with_levels

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def officer(city):
    return a_post(city)


@pytest.fixture
def old(city):
    return an_instrument(city)


@pytest.fixture
def draft(officer, old):
    return draft_instrument(by=officer)


@pytest.fixture
def writer(client, officer):
    sign_in(client, officer)
    return client


def sent(page, **changes) -> dict:
    """What the page's main form would send, with some fields typed over."""
    html = page.content.decode()
    form = next(each for each in re.findall(r"<form.*?</form>", html, re.S) if "ins-save" in each)
    data: dict = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        if name and ('type="checkbox"' not in tag and 'type="radio"' not in tag or "checked" in tag):
            data.setdefault(name, []).append(value or ("on" if 'type="checkbox"' in tag else ""))
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        data[name] = [chosen.group(1) if chosen else ""]
    for name, text in re.findall(r'<textarea name="([^"]*)".*?>(.*?)</textarea>', form, re.S):
        data[name] = [text.strip()]
    return data | changes


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def indicator_page(draft, n=0, m=2):
    return reverse("instrument-indicator", args=[draft.pk, n, m])


def test_every_tier_reads_the_one_in_force_with_its_points(client, city, old):
    village = a_village(a_township(a_county(city)))
    for unit in (village, village.township, village.county, city):
        sign_in(client, a_post(unit))
        assert str(old) in client.get(reverse("instrument-list")).content.decode()
        page = client.get(reverse("instrument-detail", args=[old.pk])).content.decode()
        assert "吃住、上学、看病都管，有事找得到人" in page


def test_a_draft_is_the_city_s_alone(client, city, draft):
    sign_in(client, a_post(a_county(city)))
    assert client.get(reverse("instrument-detail", args=[draft.pk])).status_code == 404
    assert client.get(reverse("instrument-edit", args=[draft.pk])).status_code == 403


def test_a_version_is_begun_on_the_page(writer, old):
    made = writer.post(reverse("instrument-new"), {"begin_with": "last"})
    draft = Instrument.objects.get(state="draft")
    assert made.url == reverse("instrument-edit", args=[draft.pk])
    again = writer.post(reverse("instrument-new"), {"begin_with": "last"})
    assert again.status_code == 422
    assert "已有一份草稿" in again.content.decode()


@pytest.mark.parametrize(
    "name", ["screen", "levels", "rules", "dimension", "dimension of screen", "indicator", "branch", "several"]
)
def test_each_place_comes_back_as_it_was(writer, draft, name):
    """Opened and saved untouched, nothing is another."""
    addresses = {
        "dimension": reverse("instrument-dimension", args=[draft.pk, 1]),
        "dimension of screen": reverse("instrument-dimension", args=[draft.pk, 0]),
        "indicator": indicator_page(draft, 0, 0),
        "branch": indicator_page(draft, 0, 1),
        "several": indicator_page(draft, 4, 0),
    }
    url = addresses.get(name) or reverse("instrument-section", args=[draft.pk, name])
    answer = writer.post(url, sent(writer.get(url)))
    assert answer.status_code == 302, answer.content.decode()
    stored = Instrument.objects.get(pk=draft.pk)
    assert stored.version == draft.version + 1
    assert stored.content == draft.content


def test_an_answer_is_added_between_without_losing_what_was_typed(writer, draft):
    url = indicator_page(draft)
    typed = sent(writer.get(url), question="身体好不好？")
    added = writer.post(url, typed | {"do": "answers:add:0"})
    assert added.status_code == 200
    up = writer.post(url, sent(added) | {"do": "answers:up:3"})
    assert 'value="身体好不好？"' in up.content.decode()
    final = sent(up)
    final |= {"answers-2-name": "一般", "answers-2-points": "3"}
    assert writer.post(url, final).status_code == 302
    stored = Instrument.objects.get(pk=draft.pk).content.dimensions[0].indicators[2]
    assert stored.question == "身体好不好？"
    assert [(answer.key, answer.name) for answer in stored.answers] == [
        ("good", "好"), ("one", "有一人重病"), ("a1", "一般"), ("all", "都重病，或没有人"),
    ]  # fmt: skip


def test_what_is_no_number_is_told_at_its_place_and_nothing_is_saved(writer, draft):
    url = indicator_page(draft)
    answer = writer.post(url, sent(writer.get(url)) | {"answers-1-points": "两分"})
    assert answer.status_code == 422
    assert "请填写整数" in answer.content.decode()
    assert Instrument.objects.get(pk=draft.pk).version == draft.version


def test_problems_stand_on_top_and_at_their_place(writer, draft):
    url = indicator_page(draft)
    writer.post(url, sent(writer.get(url)) | {"answers-1-points": "120"})
    url = indicator_page(draft)
    assert writer.post(url, sent(writer.get(url)) | {"answers-1-name": "", "answers-1-points": "9"}).status_code == 302
    overview = writer.get(reverse("instrument-edit", args=[draft.pk])).content.decode()
    assert "还有 2 处要改" in overview
    assert "维度 监护 › 指标 照料人健康 › 答案 2" in overview
    assert "“名称”还没有填" in writer.get(url).content.decode()


def test_who_was_second_is_told_and_keeps_what_was_typed(writer, officer, draft):
    url = indicator_page(draft)
    typed = sent(writer.get(url), question="身体好不好？")
    save_draft(draft, by=officer, seen_version=draft.version, name="别的", definition=draft.content)
    answer = writer.post(url, typed)
    assert answer.status_code == 409
    assert "被改过" in answer.content.decode()
    assert "身体好不好？" in answer.content.decode()


def test_indicators_are_moved_added_and_removed(writer, draft):
    url, first = reverse("instrument-change", args=[draft.pk]), draft.content.dimensions[0].indicators
    for do in ("down:dimensions.0.indicators.0", "remove:dimensions.0.indicators.5", "add:dimensions.0.indicators"):
        stored = Instrument.objects.get(pk=draft.pk)
        answer = writer.post(url, {"version": stored.version, "do": do})
    assert answer.url == reverse("instrument-indicator", args=[draft.pk, 0, 5])
    keys = [each.key for each in Instrument.objects.get(pk=draft.pk).content.dimensions[0].indicators]
    assert keys == [first[1].key, first[0].key, *(each.key for each in first[2:5]), "i1"]


@pytest.mark.parametrize("do", ["", "up:", "add:levels", "remove:dimensions.99", "burn:dimensions.0", "remove:name"])
def test_a_button_that_is_none_changes_nothing(writer, draft, do):
    answer = writer.post(reverse("instrument-change", args=[draft.pk]), {"version": draft.version, "do": do})
    assert answer.status_code == 302
    assert Instrument.objects.get(pk=draft.pk).content == draft.content


def test_the_difference_to_the_version_before_is_read_in_words(writer, officer, draft):
    save_draft(draft, by=officer, seen_version=draft.version, name="新的", definition=with_levels(raised=25))
    page = writer.get(reverse("instrument-differences", args=[draft.pk])).content.decode()
    assert "等级 较高 › 从几分起" in page
    assert "<s>30</s>" in page
    assert page.count("<tr>") == 2


def test_it_is_published_on_the_page_or_told_why_not(writer, draft):
    url = reverse("instrument-publish", args=[draft.pk])
    page = writer.post(url, {"version": draft.version, "since": timezone.localdate().isoformat(), "document": ""})
    assert page.status_code == 422
    assert "最早是明天" in page.content.decode()
    day = timezone.localdate() + datetime.timedelta(days=3)
    done = writer.post(url, {"version": draft.version, "since": day.isoformat(), "document": "郑民〔2031〕3号"})
    assert done.status_code == 302
    assert Instrument.objects.get(pk=draft.pk).state == "published"


@pytest.fixture
def tried(officer, city, old, draft):
    """A draft by which one child of two counties changes."""
    here, there = (a_village(a_township(a_county(city))) for _ in range(2))
    file = an_approved_file(here, name="欧阳小满")
    an_assessment(file, old, given=answers(carer="none", income="poor", conflict="violence"))
    an_assessment(an_approved_file(there, name="上官长青"), old)
    save_draft(draft, by=officer, seen_version=draft.version, name="新的", definition=with_levels(raised=18))
    try_out(draft, by=officer)
    counted(draft)
    return file


def test_the_city_sees_masked_names_of_who_changes(writer, draft, tried):
    page = writer.get(reverse("instrument-try-out", args=[draft.pk])).content.decode()
    assert "欧阳小满" not in page
    assert "欧***" in page
    assert reverse("child-file", args=[tried.pk]) not in page


def test_one_that_has_not_begun_is_named_before_it_is_replaced(writer, officer, draft):
    day = timezone.localdate() + datetime.timedelta(days=90)
    publish(draft, by=officer, seen_version=draft.version, since=day, document="郑民〔2031〕3号")
    new = draft_instrument(by=officer)
    url = reverse("instrument-publish", args=[new.pk])
    assert f"“{draft}”已发布" in writer.get(url).text
    since = (day - datetime.timedelta(days=1)).isoformat()
    page = writer.post(url, {"version": new.version, "since": since, "document": "郑民〔2031〕4号"}, follow=True)
    assert page.status_code == 200 and Instrument.objects.get(pk=new.pk).state == "published"
    assert "没有启用，由下一版代替" in writer.get(reverse("instrument-list")).text


def test_once_published_a_county_reads_its_own_by_name_and_no_other(client, officer, draft, tried):
    draft = Instrument.objects.get(pk=draft.pk)
    day = timezone.localdate() + datetime.timedelta(days=3)
    publish(draft, by=officer, seen_version=draft.version, since=day, document="郑民〔2031〕3号")
    counted(draft)
    url = reverse("instrument-try-out", args=[draft.pk])
    sign_in(client, a_post(tried.county))
    assert "欧阳小满" in client.get(url).content.decode()
    sign_in(client, a_post(a_county(officer.unit)))
    elsewhere = client.get(url).content.decode()
    assert "欧阳小满" not in elsewhere
    assert "没有孩子的等级会变" in elsewhere
    sign_in(client, a_post(ChildFile.objects.get(pk=tried.pk).village))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "do",
    [
        "remove:dimensions.0.__class__.__mro__.0", "up:dimensions.0.__class__.__mro__.1",
        "remove:dimensions.0.__match_args__.0", "remove:dimensions", "remove:", "up:dimensions.x", "no:dimensions.0",
        pytest.param("add:dimensions." + "9" * 5000, id="long"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_changes_nothing(writer, draft, do):
    page = writer.post(reverse("instrument-change", args=[draft.pk]), {"do": do, "version": draft.version})
    assert page.status_code == 302
    assert Instrument.objects.get(pk=draft.pk).content == draft.content
