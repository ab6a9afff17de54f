"""Asking and answering by page and API: what is seen, what is refused in which words, what may be taken away."""

import csv
import io

import pytest
from openpyxl import load_workbook

from orgs.audit.models import Audit
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import sheet_of
from tests.builders import a_data_request, a_post, a_village, fresh, search_for, sign_in, the_answer
from tests.reports.requests.world import MONTH, SWIM, an_asking_county, fill

pytestmark = pytest.mark.django_db
AS_JSON = {"content_type": "application/json"}
API = "/api/v1/requests/"


@pytest.fixture
def place():
    return an_asking_county()


def due(place) -> str:
    return drafting.usual_answers(place.officer)["due_on"].isoformat()


def test_the_officer_asks_step_by_step_and_what_exists_is_never_asked_for(client, place):
    sign_in(client, place.officer)
    said = {"title": "防溺水", "purpose": "暑期安全", "period": "2026-01", "level": "4", "due_on": due(place)}
    bad = client.post("/requests/new/", said | {"title": "", "level": "1", "within": ["x"]})
    assert bad.status_code == 422 and "只能向下级要数" in bad.text and "没有这个单位" in bad.text
    answer = client.post("/requests/new/", said | {"within": [str(place.townships[0].uid)]})
    request = DataRequest.objects.get()
    assert answer.url == f"/requests/{request.pk}/columns/"
    found = search_for(client, answer.url, {"q": "逾期"})
    assert "visits_overdue" in found.text and 'value="left_behind"' not in found.text

    def version():
        return DataRequest.objects.get().version

    taken = client.post(f"/requests/{request.pk}/column/", {"column": "registered", "version": version()}, follow=True)
    assert "系统里有，直接取数" in taken.text
    wrong = client.post(f"/requests/{request.pk}/column/", {"column": "nothing", "version": version()}, follow=True)
    assert "没有“nothing”" in wrong.text
    alike = client.post(
        f"/requests/{request.pk}/question/", SWIM | {"name": "逾期走访", "version": version(), "choices": ""}
    )
    assert alike.status_code == 422 and "已有相近的" in alike.text and "仍然单独要" in alike.text
    personal = client.post(f"/requests/{request.pk}/question/", SWIM | {"name": "孩子姓名", "version": version()})
    assert personal.status_code == 422 and "导出花名册" in personal.text
    assert client.post(f"/requests/{request.pk}/question/", SWIM | {"version": version()}).status_code == 302
    question = request.questions.get()
    again = SWIM | {"name": "护水员", "version": 1}
    stale = client.post(f"/requests/{request.pk}/question/", again)
    assert stale.status_code == 409
    gone = client.post(f"/requests/{request.pk}/no-question/", {"question": "x", "version": version()})
    assert gone.status_code == 302 and request.questions.exists()
    page = client.get(f"/requests/{request.pk}/")
    assert "往下要 1 栏，2 个单位" in page.text and "待填" in page.text and ">10<" in page.text
    sent = client.post(f"/requests/{request.pk}/send/", {"version": version()}, follow=True)
    assert "已发给 2 个单位" in sent.text and "已答 0 / 2" in sent.text and "空缺" not in sent.text
    assert client.post(f"/requests/{request.pk}/send/", {"version": 1}).status_code == 409
    assert client.get(f"/requests/{request.pk}/columns/").url == f"/requests/{request.pk}/"
    reminded = client.post(f"/requests/{request.pk}/remind/", follow=True)
    assert "已催 2 个单位" in reminded.text
    assert "催一下没答的 2 个" in sent.text and "催一下" not in reminded.text and "今天都催过了" in reminded.text
    again = client.post(f"/requests/{request.pk}/again/", follow=True)
    assert "照上次的拟好了" in again.text and DataRequest.objects.filter(repeats=request).count() == 1
    assert client.post(f"/requests/{request.pk}/withdraw/", {"version": 99, "reason": ""}).status_code in (409, 422)
    assert question.name == "会游泳的"


def test_with_nothing_missing_the_sheet_is_taken_and_no_unit_is_asked(client, place):
    sign_in(client, place.officer)
    request = drafting.set_columns(place.draft(), ["registered"], by=place.officer, seen_version=1)
    page = client.get(f"/requests/{request.pk}/")
    assert "都有，不用往下要" in page.text and ">46<" in page.text and "实时数（未上报）" in page.text
    taken = client.post(f"/requests/{request.pk}/settle/", {"version": request.version}, follow=True)
    assert "没有打扰下面" in taken.text and "没有往下要" in taken.text
    counts = client.get("/requests/counts/")
    assert counts.context["months"][0].asked.at_once == 1 and not DataAnswer.objects.exists()
    draft = place.draft()
    discarded = client.post(f"/requests/{draft.pk}/discard/", {"version": draft.version}, follow=True)
    assert "这份草稿不要了" in discarded.text


def test_the_director_finds_one_form_filled_in_but_for_what_is_missing(client, place, django_assert_max_num_queries):
    first = place.asked()
    fill(first, place.directors[0], "7")
    request = drafting.ask_again(first, by=place.officer)
    asking.send(request, by=place.officer, seen_version=request.version)
    answer, field = the_answer(request, place.villages[0]), request.questions.get().field
    request.questions.update(meaning="<script>alert(1)</script>")  # whatever somebody wrote
    sign_in(client, place.directors[0])
    assert f"/requests/answers/{answer.pk}/" in client.get("/requests/").text
    where = f"/requests/answers/{answer.pk}/"
    assert "防溺水排查" in client.get("/today/").text
    with django_assert_max_num_queries(30):
        page = client.get(where)
    assert "上次：7" in page.text and 'value="7"' in page.text and "已有的，不用填" in page.text
    assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text
    bad = client.post(where, {field: "七个", "version": 1, "send": "1"})
    assert bad.status_code == 422 and "请填整数" in bad.text and "七个" in bad.text
    kept = client.post(where, {field: "8", "version": 1}, follow=True)
    sign_in(client, place.officer)
    assert "<dd>8</dd>" not in client.get(where).text, "what is kept and not sent is its writer's"
    assert client.get(f"/api/v1{where}").json()["values"] == {}
    sign_in(client, place.directors[0])
    assert "已存下，还没有送出" in kept.text and DataAnswer.objects.get(pk=answer.pk).state == "open"
    stale = client.post(where, {field: "9", "version": 1, "send": "1"})
    assert stale.status_code == 409 and "9" in stale.text
    sent = client.post(where, {field: "8", "version": 2, "send": "1"}, follow=True)
    assert "已送到" in sent.text and "取回修改" in sent.text
    again = client.post(where, {field: "9", "version": 3, "send": "1"})
    assert again.status_code == 409 and "这次没有存上" in again.text and "<dd>9</dd>" in again.text.replace("\n", "")
    back = client.post(f"{where}take_back/", {"version": 3}, follow=True)
    assert "已取回" in back.text
    assert client.post(f"{where}return/", {"version": 4, "reason": "x"}).status_code == 403
    assert client.get(f"/requests/{request.pk}/").status_code == 403  # a village asks nobody


def test_the_asker_returns_an_answer_and_takes_the_sheet_away(client, place):
    place.villages[1].__class__.objects.filter(pk=place.villages[0].pk).update(name="=1+1")
    request = place.asked(title="=要数")
    fill(request, place.directors[0], "3", note="=HYPERLINK(1)")
    fill(request, place.directors[1], "4")
    sign_in(client, place.officer)
    page = client.get(f"/requests/{request.pk}/")
    assert "未答，未计入合计" in page.text and "已答 2 / 4" in page.text and page.context["number_behind"] == 2
    lines = list(csv.reader(io.StringIO(client.get(f"/requests/{request.pk}/sheet.csv").content.decode("utf-8-sig"))))
    assert lines[-1] == ["合计", "46", "7", ""] and len(lines) == 6
    assert "'=HYPERLINK(1)" in lines[1] and lines[3][2:] == ["", "未答，未计入合计"]
    book = load_workbook(io.BytesIO(client.get(f"/requests/{request.pk}/sheet.xlsx").content))
    told = load_workbook(io.BytesIO(client.get(f"/requests/{request.pk}/sheet.xlsx").content), data_only=True).active
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4, max_row=8)]
    assert rows[-1][2:4] == ["=SUM(C4:C7)", "=SUM(D4:D7)"] and [told["C8"].value, told["D8"].value] == [46, 7]
    assert [row[3] for row in rows[:-1]] == [3, 4, "—", "—"] and "2 个单位未答" in told["A9"].value
    formulas = [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == 2
    assert Audit.objects.filter(action="export", post=place.officer).count() == 3
    answer = the_answer(request, place.villages[0])
    where = f"/requests/answers/{answer.pk}/"
    refused = client.post(f"{where}return/", {"version": answer.version, "reason": " "})
    assert refused.status_code == 422 and "请写明原因" in refused.text
    returned = client.post(f"{where}return/", {"version": answer.version, "reason": "请核对"}, follow=True)
    assert "已退回" in returned.text
    sign_in(client, place.directors[0])
    assert "请核对" in client.get(where).text


def test_what_another_county_asks_is_not_there(client, place):
    request, neighbour = place.asked(), an_asking_county()
    answer = the_answer(request, place.villages[0])
    for stranger in (neighbour.officer, a_post(neighbour.townships[0]), a_post(place.townships[0])):
        sign_in(client, stranger)
        assert client.get(f"/requests/{request.pk}/").status_code == 404
        assert client.post(f"/requests/{request.pk}/close/", {"version": request.version}).status_code == 404
        assert client.get(f"{API}{request.pk}/").status_code == 404
        assert client.post(f"{API}{request.pk}/close/", {"version": request.version}, **AS_JSON).status_code == 404
    sign_in(client, neighbour.officer)
    assert client.get(f"/requests/answers/{answer.pk}/").status_code == 404
    assert client.get(f"{API}answers/{answer.pk}/").status_code == 404
    sign_in(client, a_post(place.city))  # above, it is read and not closed
    assert client.get(f"/requests/{request.pk}/").status_code == 200
    assert client.post(f"/requests/{request.pk}/close/", {"version": request.version}).status_code == 403
    draft = place.draft()
    assert client.get(f"/requests/{draft.pk}/").status_code == 404


def test_asking_and_answering_over_the_api(client, place):
    sign_in(client, place.officer)
    question = SWIM | {"choices": []}
    body = {"title": "防溺水", "purpose": "暑期", "period": MONTH, "level": 4, "due_on": due(place)}
    body |= {"columns": ["registered"], "questions": [question], "within": [str(place.townships[0].uid)]}
    made = client.post(API, body, **AS_JSON)
    assert made.status_code == 201 and made.json()["totals"] == [21, None]
    for wrong in ({"period": "x"}, {"columns": ["x"]}, {"within": [str(an_asking_county().county.uid)]}, {"level": 9},
                  {"questions": [question | {"name": "家长电话"}]}, {"titel": "x"}):  # fmt: skip
        refused = client.post(API, body | wrong, **AS_JSON)
        assert refused.status_code == 400, refused.text
    assert DataRequest.objects.count() == 1
    key = made.json()["id"]
    sent = client.post(f"{API}{key}/send/", {"version": made.json()["version"]}, **AS_JSON).json()
    assert (sent["state"], sent["asked_units"], sent["actions"]) == ("sent", 2, ["close", "withdraw"])
    assert client.post(f"{API}{key}/send/", {"version": 1}, **AS_JSON).status_code == 409
    assert client.post(f"{API}{key}/settle/", {"version": sent["version"]}, **AS_JSON).status_code == 409
    assert client.post(f"{API}{key}/remind/", **AS_JSON).json() == {"reminded": 2}
    assert client.get(API, {"state": "sent"}).json()["results"][0]["id"] == key
    assert [each["key"] for each in client.get(f"{API}columns/", {"name": "liushou"}).json()][:1] == ["left_behind"]

    sign_in(client, place.directors[0])
    (mine,) = client.get(f"{API}answers/", {"state": "open"}).json()["results"]
    field = sent["questions"][0]["field"]
    where = f"{API}answers/{mine['id']}/"
    bad = client.post(f"{where}submit/", {"version": 1, "values": {field: "三"}}, **AS_JSON)
    assert bad.status_code == 400 and field in bad.json()
    kept = client.post(f"{where}keep/", {"version": 1, "values": {field: "3"}}, **AS_JSON)
    assert kept.json()["version"] == 2 and kept.json()["questions"][0]["name"] == "会游泳的"
    done = client.post(f"{where}submit/", {"version": 2, "values": {field: 3}}, **AS_JSON)
    assert done.json()["state"] == "answered" and done.json()["actions"] == ["take_back"]
    late = client.post(f"{where}submit/", {"version": 2, "values": {field: 4}}, **AS_JSON)
    assert late.status_code == 409 and place.directors[0].person.name in late.json()["detail"]
    assert client.get(API).status_code == 403

    sign_in(client, place.officer)
    returned = client.post(f"{where}return/", {"version": 3, "reason": "请核对"}, **AS_JSON)
    assert returned.json()["state"] == "returned"
    sign_in(client, place.directors[0])
    client.post(f"{where}submit/", {"version": 4, "values": {field: "5"}}, **AS_JSON)
    assert client.post(f"{where}take_back/", {"version": 5}, **AS_JSON).json()["state"] == "open"
    client.post(f"{where}submit/", {"version": 6, "values": {field: "5"}}, **AS_JSON)
    sign_in(client, place.officer)
    closed = client.post(f"{API}{key}/close/", {"version": sent["version"]}, **AS_JSON).json()
    assert closed["totals"] == [21, 5] and len(closed["missing"]) == 1
    again = client.post(f"{API}{key}/again/", **AS_JSON).json()
    assert again["state"] == "draft" and again["period"] == "2026-02"
    assert client.post(f"{API}{again['id']}/discard/", {"version": again["version"]}, **AS_JSON).status_code == 200
    (count,) = client.get(f"{API}counts/").json()
    assert (count["requests"], count["units"], count["answers"], count["at_once"]) == (1, 2, 2, 0)
    taken = client.post(API, body | {"questions": []}, **AS_JSON).json()
    settled = client.post(f"{API}{taken['id']}/settle/", {"version": taken["version"]}, **AS_JSON).json()
    assert settled["at_once"] and settled["rows"][0]["source"] == "live"
    other = client.post(API, body | {"questions": [question | {"though_alike": True}]}, **AS_JSON).json()
    other = client.post(f"{API}{other['id']}/send/", {"version": other["version"]}, **AS_JSON).json()
    gone = client.post(f"{API}{other['id']}/withdraw/", {"version": other["version"], "reason": "重了"}, **AS_JSON)
    assert gone.json()["state"] == "withdrawn"


def test_what_a_page_costs_does_not_grow_with_the_units(client, place, django_assert_max_num_queries):
    request = place.asked()
    for director in place.directors[:3]:
        fill(request, director)
    sign_in(client, place.officer)
    client.get(f"/requests/{request.pk}/")
    for where, most in ((f"/requests/{request.pk}/", 32), ("/requests/", 30), ("/requests/counts/", 24)):
        with django_assert_max_num_queries(most):
            assert client.get(where).status_code == 200
    for page in ("0", "99999", "x", "²"):  # of a page that is none the first, or an empty one
        assert client.get(f"/requests/{request.pk}/", {"page": page}).status_code == 200


def test_a_station_sees_what_its_villages_are_asked_for(client, place):
    clerk = a_post(place.townships[0])
    request = place.asked()
    a_data_request(place.townships[0], by=clerk, title="乡里要的")
    sign_in(client, fresh(clerk))
    assert "乡里要的" in client.get("/requests/").text
    answer = the_answer(request, place.villages[0])
    answering.submit(answer, by=place.directors[0], seen_version=1, given={request.questions.get().field: "1"})
    shown = client.get(f"/requests/answers/{answer.pk}/").text
    assert "退回，请对方改" not in shown and "取回修改" not in shown


def test_what_was_searched_stays_while_columns_are_taken_and_left(client, place):
    sign_in(client, place.officer)
    request = place.draft()
    where = f"/requests/{request.pk}/columns/"
    found = search_for(client, where, {"q": "逾期"})
    key = found.context["search_key"]
    said = {"column": "visits_overdue", "version": request.version, "s": key}
    taken = client.post(f"/requests/{request.pk}/column/", said, follow=True)
    assert 'value="逾期"' in taken.text and "已选" in taken.text and 'value="left_behind"' not in taken.text
    version = DataRequest.objects.get().version
    alike = client.post(f"/requests/{request.pk}/question/", SWIM | {"name": "", "version": version, "s": key})
    assert alike.status_code == 422 and 'value="逾期"' in alike.text
    left = client.post(f"/requests/{request.pk}/column/", said | {"leave": "1", "version": version}, follow=True)
    assert 'value="逾期"' in left.text and DataRequest.objects.get().columns == []


def test_of_yes_and_no_the_sheets_count_the_yes_and_say_so(client, place):
    request = place.draft()
    facts = {"kind": "yes_no", "name": "有警示牌", "meaning": "坑塘边都立了", "though_alike": True}
    question = drafting.add_question(request, by=place.officer, seen_version=1, **facts)
    asking.send(drafting.fresh(request), by=place.officer, seen_version=2)
    for director, said in zip(place.directors[:3], ("yes", "no", "yes"), strict=True):
        answering.submit(the_answer(request, director.unit), by=director, seen_version=1, given={question.field: said})
    sign_in(client, place.officer)
    assert "<td>是 2</td>" in client.get(f"/requests/{request.pk}/").text
    lines = list(csv.reader(io.StringIO(client.get(f"/requests/{request.pk}/sheet.csv").content.decode("utf-8-sig"))))
    assert lines[-1] == ["合计", "是 2", ""]
    content = io.BytesIO(client.get(f"/requests/{request.pk}/sheet.xlsx").content)
    total = load_workbook(content).active["C8"]
    assert (total.value, total.number_format) == ('=COUNTIF(C4:C7,"是")', '"是 "0')
    content.seek(0)
    told = load_workbook(content, data_only=True).active
    assert told["C8"].value == 2 and "为答“是”的单位数" in told["A9"].value


def test_units_stand_in_the_order_of_the_ledger_open_and_closed(place):
    new = a_village(place.townships[0])  # of those without a code, as 郑东新区, after all others of its station
    OrgUnit.objects.filter(pk=new.pk).update(code=None)
    request = place.asked()
    order = [row.unit.pk for row in sheet_of(request).rows]
    assert order.index(new.pk) == 2 and order[3:] == [each.pk for each in place.villages[2:]]
    asking.close(request, by=place.officer, seen_version=request.version)
    assert [row.unit.pk for row in sheet_of(drafting.fresh(request)).rows] == order
