"""A new field costs its code list, column, entry and translation: everything else follows from the table.

The program is started anew with four fields more (tests/added_field), on a database of its own.
"""

import json

import pytest

from tests.started_anew import what_it_saw

pytestmark = pytest.mark.exhaustive

CLEAR = "G410199201703150028"


@pytest.fixture(scope="module")
def seen(pytestconfig, tmp_path_factory):
    home = tmp_path_factory.mktemp("added")
    return what_it_saw("tests.added_field", root=pytestconfig.rootpath, home=home)


def test_the_forms_ask_for_it(seen):
    for form in ("form", "change form"):
        assert 'name="way_to_school"' in seen[form] and "孩子怎样上学" in seen[form] and "坐校车" in seen[form]
        assert 'name="guardian_work"' in seen[form] and "职业" in seen[form]
        assert 'name="student_number"' in seen[form]
    assert 'name="changes-way_to_school"' in seen["visit form"]


def test_a_file_without_it_lacks_it(seen):
    assert "上学的方式" in seen["page before"] and "上学的方式" not in seen["page"]
    assert seen["rule"] == "校车安全管理条例"


def test_what_others_need_stands_there_only_where_it_is_filled(seen):
    for page in ("page", "paper"):
        assert "上学方式" in seen[f"{page} before"] and "夏令营" not in seen[f"{page} before"]
        assert "夏令营" in seen[page] and "黄河边" in seen[page]


def test_the_api_takes_it_and_tells_it(seen):
    status, said = seen["api refused"]
    assert status == 400 and "way_to_school" in json.dumps(said)
    assert seen["api stored"] == ["walk", CLEAR, "裁缝"]
    content = seen["api content"]
    assert (content["way_to_school"], content["guardian_work"]) == ("walk", "裁缝")
    assert content["student_number"] and CLEAR not in json.dumps(content)
    assert "content" not in seen["api list"]


def test_a_change_shows_it_and_writes_it(seen):
    for page in ("review", "history", "page", "paper"):
        assert "上学方式" in seen[page] and "坐校车" in seen[page], page
        assert "职业" in seen[page] and "养蜂人" in seen[page], page
        assert "学籍号" in seen[page] and CLEAR not in seen[page], page
    assert CLEAR in seen["revealed"]


def test_the_list_shows_it_and_is_narrowed_by_it(seen):
    # the filter offers it once in either
    assert seen["list"].count("坐校车") == seen["list without"].count("坐校车") + 1
    assert seen["address"] in seen["list of bus"] and seen["address"] not in seen["list of walk"]


def test_docs_headings_and_demo_know_it(seen):
    assert "way_to_school" in seen["docs"] and "交通方式" in seen["docs"] and "guardian_work" in seen["docs"]
    assert seen["heading"] == "way_to_school"
    assert set(seen["demo"]) == {"walk", "bus"}
