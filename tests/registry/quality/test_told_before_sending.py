"""Who sends a new file is told before what its category asks for and is missing, in the words of the desk's queue."""

import pytest

from registry.child.forms import ChildForm
from registry.child.review import FILES
from registry.child.typed_case import typed_case
from registry.quality import case_of, lacks_of
from tests.builders import a_file, a_post, an_id_number, sign_in

pytestmark = pytest.mark.django_db


def typed(post, **said) -> dict:
    given = {"name": "刘雨欣", "nation": "01", "id_number": an_id_number(), "village": str(post.unit.uid)}
    given |= {"guardian_name": "刘桂芳", "guardian_relation": "paternal_grandmother", "father_life": "alive"}
    return given | {"categories": ["left_behind"], "mother_life": "alive", "father_away": "true"} | said


def test_what_is_missing_is_told_with_a_way_to_each_field(client, director):
    client = sign_in(client, director)
    page = client.post("/children/lacks/", typed(director)).content.decode()
    assert "父亲务工地点" in page and 'href="#id_father_away_at"' in page and 'href="#id_grounds"' in page
    page = client.post("/children/lacks/", typed(director, father_away_at="浙江杭州")).content.decode()
    assert "父亲务工地点" not in page
    assert "缺" not in client.post("/children/lacks/", typed(director, categories=[])).content.decode()


def test_what_is_typed_lacks_what_the_saved_file_will_lack(client, director):
    form = ChildForm(typed(director, schooling="primary"), post=director)
    assert form.is_valid(), form.errors
    before = lacks_of(typed_case(form))
    client = sign_in(client, director)
    answer = client.post("/children/new/", typed(director, schooling="primary") | {"submit": "1"}, follow=True)
    file = answer.context["file"]
    assert file.state == "submitted", "it may be sent all the same"
    assert before.rules == lacks_of(case_of(file)).rules
    assert before.chip in answer.content.decode()
    card = FILES.card(next(iter(_looked_over([file]))), a_post(director.unit.township))
    assert card.chip == before.chip


def _looked_over(files):
    FILES.look_over(files, files[0].made_in)
    return files


def test_a_draft_says_so_before_it_is_sent_one_by_one_or_with_others(client, director):
    file = a_file(director.unit, by=director, schooling="")
    client = sign_in(client, director)
    chip = lacks_of(case_of(file)).chip
    page = client.get(f"/children/{file.pk}/").content.decode()
    assert chip in page and "以后再补？" in page
    page = client.post("/children/submit/", {"file": f"{file.pk}:{file.version}"}).content.decode()
    assert chip in page and "就学情况" in page


def test_of_a_child_left_behind_it_is_told_that_nobody_knows_whether_the_parents_are_away(client, director):
    client = sign_in(client, director)
    page = client.post("/children/lacks/", typed(director, father_away="")).content.decode()
    assert "父亲外出务工情况" in page and 'href="#id_father_away"' in page and "母亲外出务工情况" in page
    page = client.post("/children/lacks/", typed(director, mother_away="false")).content.decode()
    assert "外出务工情况" not in page, "no is an answer"
    page = client.post("/children/lacks/", typed(director, father_away="", father_life="dead")).content.decode()
    assert "父亲外出务工情况" not in page, "of whom is dead it is not asked"
    page = client.post("/children/lacks/", typed(director, father_away="", categories=["difficulty"])).content.decode()
    assert "外出务工情况" not in page
