"""Two clerks do one act on one file: the second reads what is so, keeps her words, and has no button that is no use."""

import datetime

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from registry.child.models import ChildFile
from registry.child.services.files import complete_file
from registry.closing.services import close_file, reopen_file
from registry.stays.services import begin_stay, end_stay
from registry.transfers.services import ask_transfer
from tests.builders import a_file, a_post, a_stay, a_village, an_approved_file, facts, fresh, sign_in

pytestmark = pytest.mark.django_db
WORDS = "奶奶说的原话"


@pytest.fixture
def file(village):
    return an_approved_file(village, on=timezone.localdate() - datetime.timedelta(days=60))


@pytest.fixture
def colleague(village):
    return a_post(village.township)


def close(file, by):
    return close_file(file, by=by, seen_version=file.version, reason="moved", on=timezone.localdate())


def transfer(file, by, there):
    return ask_transfer(file, by=by, target=there, reason="随父母迁居", seen_version=file.version)


def stay(file, by, there):
    given = {"village": there, "since": timezone.localdate(), "reason": "祖母住院"}
    return begin_stay(file, by=by, seen_version=file.version, **given)


def assert_over(page, action):
    """What came first is told, what was typed is there, nothing claims to be to mend or to be sent."""
    assert page.status_code == 409
    assert "这次没有存上" in page.text and "处要改" not in page.text and WORDS in page.text
    assert 'id="act"' not in page.text and f'btn-primary">{action}<' not in page.text


def test_who_closes_after_a_colleague_did(client, file, clerk, colleague):
    sent = {"reason": "dead", "on": str(timezone.localdate()), "note": WORDS, "version": file.version}
    close(ChildFile.objects.get(), colleague)
    page = sign_in(client, clerk).post(f"/children/{file.pk}/close/", sent)
    assert_over(page, "结案")
    assert f"{colleague.person.name}“结案”" in page.text and "档案和走访记录都保留" not in page.text


def test_who_reopens_after_a_colleague_did(client, file, clerk, colleague):
    file = close(file, clerk)
    sent = {"reason": WORDS, "categories": ["left_behind"], "version": file.version}
    reopen_file(
        ChildFile.objects.get(),
        by=colleague,
        seen_version=file.version,
        reason="回来了",
        categories={"left_behind": {}},
    )
    page = sign_in(client, clerk).post(f"/children/{file.pk}/reopen/", sent)
    assert_over(page, "重新在册")
    assert f"{colleague.person.name}“重新在册”" in page.text and "没有还能恢复的类别" not in page.text
    assert "留守儿童" in page.context["form"].typed[1][1], "what she chose is said by its name"


def test_who_hands_on_after_a_colleague_did(client, file, clerk, colleague):
    there = a_village()
    transfer(ChildFile.objects.get(), colleague, there)
    sent = {"village": str(there.uid), "reason": WORDS, "version": file.version}
    page = sign_in(client, clerk).post(f"/children/{file.pk}/transfer/", sent)
    assert_over(page, "提出转出")
    assert "已有一次转出在等对方接收" in page.text
    assert there.path_label in page.text and str(there.uid) not in page.text, "the village by its name, to be copied"


def test_who_hands_on_to_where_a_colleague_has_just_brought_the_child(client, file, clerk, colleague):
    there = a_village(file.township)
    transfer(ChildFile.objects.get(), colleague, there)
    sent = {"village": str(there.uid), "reason": WORDS, "version": file.version}
    page = sign_in(client, clerk).post(f"/children/{file.pk}/transfer/", sent)
    assert_over(page, "提出转出")
    assert f"{colleague.person.name}已把孩子转到{there.path_label}" in page.text and "孩子现在就在" not in page.text


def test_who_records_a_stay_after_a_colleague_did(client, file, clerk, colleague):
    there, today = a_village(), timezone.localdate()
    stay(ChildFile.objects.get(), colleague, there)
    sent = {"village": str(there.uid), "since": str(today), "reason": WORDS, "version": file.version}
    page = sign_in(client, clerk).post(f"/children/{file.pk}/stay/", sent)
    assert_over(page, "登记")
    assert "已登记了一次临时居住" in page.text
    assert there.path_label in page.text and str(there.uid) not in page.text


def test_who_records_a_stay_where_a_colleague_has_just_brought_the_child(client, file, clerk, colleague):
    there = a_village(file.township)
    transfer(ChildFile.objects.get(), colleague, there)
    sent = {"village": str(there.uid), "since": str(timezone.localdate()), "reason": WORDS, "version": file.version}
    page = sign_in(client, clerk).post(f"/children/{file.pk}/stay/", sent)
    assert_over(page, "登记")
    assert f"{colleague.person.name}已把孩子转到{there.path_label}" in page.text and "档案就在" not in page.text


def test_who_ends_a_stay_after_a_colleague_did(client, file, clerk, colleague):
    here = a_stay(file)
    version = here.version
    end_stay(here, by=colleague, reason="已回家", seen_version=version)
    page = sign_in(client, clerk).post(f"/stays/{here.pk}/end/", {"reason": WORDS, "version": version})
    assert_over(page, "结束")


def test_a_fault_in_what_can_not_be_sent_any_more_is_not_to_be_mended(client, file, clerk, colleague):
    """Each form lacks what its service demands, and was opened before a colleague did the same."""
    sign_in(client, clerk)
    version = file.version
    closed = close(ChildFile.objects.get(), colleague)
    page = client.post(f"/children/{file.pk}/close/", {"reason": "dead", "note": WORDS, "version": version})
    assert_over(page, "结案")
    assert f"{colleague.person.name}“结案”" in page.text
    version = closed.version
    again = {"by": colleague, "seen_version": version, "reason": "回来了", "categories": {"left_behind": {}}}
    here = a_stay(reopen_file(closed, **again))
    page = client.post(f"/children/{file.pk}/reopen/", {"grounds": WORDS, "version": version})
    assert_over(page, "重新在册")
    version = here.version
    end_stay(here, by=colleague, reason="已回家", seen_version=version)
    with pytest.raises(Stale, match="结束"):
        end_stay(here, by=clerk, reason="", seen_version=version)


def test_the_form_of_a_stay_is_not_opened_while_one_runs(client, file, clerk):
    here = a_stay(file, host_name="姑姑王芳")
    page = sign_in(client, clerk).get(f"/children/{file.pk}/stay/", follow=True)
    assert page.redirect_chain == [(f"/children/{file.pk}/", 302)]
    assert f"已登记在{here.village.path_label}暂住" in page.text and "与姑姑王芳同住" in page.text
    assert f"/stays/{here.pk}/end/" in page.text, "where it can be ended"
    assert f'data-draft-unsent="child-stay-{file.pk}"' in page.text, "what was written is shown to be copied"


@pytest.mark.parametrize("act", ["transfer", "close"])
def test_no_form_is_opened_that_a_waiting_transfer_would_refuse(client, file, clerk, colleague, act):
    there = a_village()
    waiting = transfer(ChildFile.objects.get(), colleague, there)
    page = sign_in(client, clerk).get(f"/children/{file.pk}/{act}/", follow=True)
    assert page.redirect_chain == [(f"/transfers/{waiting.pk}/", 302)]
    assert f"正在转到{there.path_label}（{colleague.person.name}提出）" in page.text
    assert f"/transfers/{waiting.pk}/withdraw/" in page.text, "where it can be taken back"
    assert f'data-draft-unsent="child-{act}-{file.pk}"' in page.text


def test_a_draft_that_was_written_meanwhile_is_read_before_its_faults(village):
    draft = a_file(village)
    director, version = fresh(draft.events.first().post), draft.version
    complete_file(ChildFile.objects.get(), by=director, seen_version=version, **facts(name="欧阳大满"))
    with pytest.raises(Stale, match="刚被他人改过"):
        complete_file(ChildFile.objects.get(), by=director, seen_version=version, **facts(name="欧阳小满", sex=""))


def test_a_fault_of_one_s_own_is_mended_on_the_same_page(client, file, clerk):
    page = sign_in(client, clerk).post(f"/children/{file.pk}/close/", {"note": WORDS, "version": file.version})
    assert page.status_code == 422 and "处要改" in page.text and 'id="act"' in page.text
