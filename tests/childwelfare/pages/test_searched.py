"""What is searched for stands in no address, no link and no log, wherever the house searches."""

import logging
import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import django_filters
import pytest
import time_machine
from django.utils import timezone

from childwelfare.pages.searched import AT_MOST, SEARCH_FIELDS
from orgs.access.api.search import SearchByWords
from orgs.access.permissions import MATRIX
from reports.requests.services import drafting
from tests.builders import a_post, an_approved_file, fresh, search_for, sign_in
from tests.routes import routes

pytestmark = pytest.mark.django_db

WORD = "欧阳0019"
SEARCHES = [(path, name, view) for path, name, view in routes() if getattr(view, SEARCH_FIELDS, ())]
# parameters of the API that take any text and are no words of a search; what FILTERS declares is chosen, not typed
CODES = {"code": "an official code of a division", "period": "2026-11", "key": "of a reporting period, 2026-11"}


class Addresses(HTMLParser):
    """Every address that stands in a page."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found += [value or "" for name, value in attributes if name in ("href", "src", "action", "formaction")]
        self.found += [
            value or "" for name, value in attributes if name.startswith("hx-") and (value or "")[:1] in "/?"
        ]


def a_draft_of_a_request(post):
    facts = {"title": "防溺水排查", "purpose": "暑期安全", "document": "", "period": "2026-01", "level": 4}
    return drafting.save_request(by=fresh(post), due_on=drafting.usual_answers(fresh(post))["due_on"], **facts)


def holds(text: str) -> bool:
    return WORD in text or WORD in unquote(text) or quote(WORD) in text


@pytest.fixture
def people(village):
    posts = [a_post(village.township), a_post(village.county), a_post(village.city, "city_admin")]
    return [*posts, a_post(village.city, "auditor")]


def test_no_search_puts_its_words_into_an_address_or_a_line_of_the_log(client, village, people, caplog):
    file = an_approved_file(village, name="欧阳子涵")
    caplog.set_level(logging.DEBUG)
    assert len(SEARCHES) >= 6
    for path, name, view in SEARCHES:
        post = next(each for each in people if set(view.permissions) & MATRIX[each.role])
        sign_in(client, post)
        record = a_draft_of_a_request(post) if path.startswith("requests/") else file
        where = "/" + path.replace("<uuid:pk>", str(record.pk))
        for field in view.search_fields:
            page = search_for(client, where, {field: WORD})
            assert page.status_code == 200 and len(page.redirect_chain) == 1, name
            assert page.wsgi_request.searched.get(field) == WORD, name
            answered = [address for address, _status in page.redirect_chain]
            if page["Content-Type"].startswith("text/html"):
                assert WORD in page.text, f"{name}: what was typed stands in its field"
                answered += Addresses(page.text).found
            assert [address for address in answered if holds(address)] == [], name
    assert [line for line in caplog.messages if holds(line)] == []


def test_the_results_while_one_types_have_no_address_either(client, clerk, village):
    file = an_approved_file(village, name="欧阳子涵")
    sign_in(client, clerk)
    box = client.post("/search/", {"q": "欧阳", "find": "1"}, headers={"HX-Request": "true"})
    assert box.status_code == 200 and str(file.pk) in box.text and "<html" not in box.text
    assert "searched" not in client.session


FORM = re.compile(r"<form[^>]*method=\"get\".*?</form>", re.S)
TYPED = re.compile(r"<input(?![^>]*type=\"(?:hidden|checkbox|radio|date|month|number)\")[^>]*>|<textarea")


def test_no_form_that_is_sent_by_its_address_has_a_field_to_type_into(pytestconfig):
    """Those that have: method="post", components/_find.html, and searched_by on the view."""
    gallery = "components/gallery.html"  # the look alone: its page reads nothing
    wrong, forms = [], 0
    folder = pytestconfig.rootpath / "templates"
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        forms += len(FORM.findall(text))
        typed = [field for form in FORM.findall(text) for field in TYPED.findall(form)]
        typed += re.findall(r"<(?:input|textarea)[^>]*hx-get[^>]*>", text, re.S)
        wrong += [f"{path.relative_to(folder)}: {field}" for field in typed if not str(path).endswith(gallery)]
    assert forms > 3 and not wrong, "\n".join(wrong)


def test_no_parameter_of_the_api_takes_words():
    """Those that do: into the serializer ``words`` of SearchByWords, which reads them from the body."""
    wrong, seen = [], 0
    for path, _name, view in routes():
        filters = getattr(getattr(view, "cls", None), "filterset_class", None)
        for name, each in (filters.get_filters() if filters else {}).items():
            seen += 1
            is_text = type(each) is django_filters.CharFilter and each.method != "by_declared"
            if is_text and name not in CODES:
                wrong.append(f"{path}: {name}")
    assert seen > 20 and not wrong, wrong


def test_the_api_refuses_words_in_an_address_and_takes_them_in_the_body(client, clerk, village, caplog):
    an_approved_file(village, name="欧阳子涵")
    sign_in(client, clerk)
    found = 0
    for path, _name, view in routes():
        viewset = getattr(view, "cls", None)
        if "format" in path or not (viewset and issubclass(viewset, SearchByWords)):
            continue
        if "search" not in view.actions.values():
            continue
        where, (field,) = "/" + path.replace("^", "").replace("$", ""), viewset.words().fields
        refused = client.get(where.removesuffix("search/"), {field: WORD})
        assert refused.status_code == 400 and where in refused.json()[field][0]
        assert client.post(f"{where}?{field}={WORD}", {field: "x"}).status_code == 400
        answer = client.post(where + "?page_size=1", {field: WORD})
        assert answer.status_code == 200 and not holds(str(answer.json()["next"])), where
        assert client.post(where, {}).status_code == 400
        for other in ("q", "search", "id_number"):  # unread they would lie in every log on the way
            assert client.get(where.removesuffix("search/"), {other: WORD}).status_code == 400, other
        found += 1
    assert found == 2
    assert [line for line in caplog.messages if holds(line)] == []


def test_paging_order_and_filters_keep_what_was_searched_for(client, clerk, village):
    for _n in range(60):
        an_approved_file(village, name="欧阳子涵")
    an_approved_file(village, name="赵小红")
    sign_in(client, clerk)
    page = search_for(client, "/children/", {"q": "欧阳", "sex": "", "sort": "name"})
    key = page.wsgi_request.GET["s"]
    assert list(page.wsgi_request.GET) == ["s", "sort"]
    older = client.get("/children/", {"s": key, "sort": "name", "page": page.context["page"].older})
    assert "欧阳子涵" in older.text and "赵小红" not in older.text
    again = client.post(f"/children/?s={key}&sort=name", {"q": "赵", "find": "1"})  # from the same page
    assert again.url.startswith("/children/?s=") and key not in again.url


def test_the_key_opens_nothing_in_another_account_and_nothing_once_it_has_run_out(client, clerk, village):
    an_approved_file(village, name="欧阳子涵")
    an_approved_file(village, name="赵小红")
    sign_in(client, clerk)
    found = search_for(client, "/children/", {"q": "欧阳"})
    address = found.redirect_chain[-1][0]
    assert "赵小红" not in client.get(address).text
    kept, minute = client.session["searched"], timedelta(minutes=1)
    with time_machine.travel(timezone.now() + timedelta(hours=2) - minute):
        assert "赵小红" not in client.get(address).text, "for two hours one comes back to what was found"
    with time_machine.travel(timezone.now() + timedelta(hours=2) + minute):
        page = client.get(address)
        assert "查找的内容已经过期" in page.text and "赵小红" in page.text and "欧阳子涵" in page.text
    sign_in(client, a_post(village.township))
    session = client.session
    session["searched"] = kept  # even so
    session.save()
    page = client.get(address)
    assert "查找的内容已经过期" in page.text and page.wsgi_request.searched.get("q") == ""


def test_words_in_an_address_made_by_hand_are_not_taken_from_it(client, clerk, village):
    an_approved_file(village, name="赵小红")
    sign_in(client, clerk)
    answer = client.get("/children/", {"q": "欧阳", "sort": "name"})
    assert (answer.status_code, answer.url) == (302, "/children/?sort=name")
    assert "查找的内容不能写在网址里" in client.get(answer.url).text
    client.logout()
    answer = client.get("/children/", {"q": "欧阳", "sort": "name"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/children/%3Fsort%3Dname"), "signed out"


def test_a_session_keeps_the_newest_searches_and_no_word_in_clear(client, clerk):
    sign_in(client, clerk)
    for n in range(AT_MOST + 3):
        last = client.post("/children/", {"q": f"{WORD}{n}", "find": "1"}).url
    kept = client.session["searched"]
    assert len(kept) == AT_MOST and last.partition("s=")[2] in kept and WORD not in str(kept)


def test_a_table_is_not_taken_out_unnarrowed_where_its_search_has_run_out(client, village):
    sign_in(client, a_post(village.city, "auditor"))
    assert client.get("/audit/table.csv?s=gone").url == "/audit/"
