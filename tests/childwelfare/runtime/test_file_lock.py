"""What takes much memory goes one after another, and nobody who waits for it holds the pages up."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from childwelfare.runtime.file_lock import Busy, file_lock
from childwelfare.typesetting import services
from childwelfare.uploads import pictures
from registry.papers.models import Paper
from tests.builders import a_post, a_village, an_approved_file, an_upload, sign_in


@pytest.fixture
def held(tmp_path):
    """``held(path)`` holds the lock of a path, as a thread that is at it, until the test ends."""
    ends, threads = threading.Event(), []

    def hold(path, **limits):
        begun = threading.Event()

        def hold_it():
            with file_lock(path, **limits):
                begun.set()
                ends.wait(20)

        threads.append(threading.Thread(target=hold_it))
        threads[-1].start()
        assert begun.wait(5)

    yield hold
    ends.set()
    for thread in threads:
        thread.join()


def test_who_comes_when_enough_are_waiting_is_sent_away_at_once(tmp_path, held):
    held(tmp_path / "lock", most=1)
    with pytest.raises(Busy), file_lock(tmp_path / "lock", most=1, longest=60):
        pass


def test_all_such_locks_together_leave_a_thread_for_pages(tmp_path, held):
    for name in ("a", "b", "c"):
        held(tmp_path / name, most=2)
    with pytest.raises(Busy), file_lock(tmp_path / "d", most=2, longest=60):
        pass


def test_nobody_waits_for_longer_than_said(tmp_path, held):
    held(tmp_path / "lock", most=2)
    with pytest.raises(Busy), file_lock(tmp_path / "lock", most=2, longest=0.1):
        pass


def test_who_was_sent_away_comes_in_later(tmp_path):
    for _turn in range(3):
        with pytest.raises(Busy), file_lock(tmp_path / "lock", most=1), file_lock(tmp_path / "lock", most=1):
            pass
    with file_lock(tmp_path / "lock", most=1):
        pass


@pytest.mark.django_db
def test_forty_who_want_a_pdf_at_once_hold_two_threads(client, settings, tmp_path, held, monkeypatch):
    settings.CWR_HOME = tmp_path
    file = an_approved_file(a_village())
    sign_in(client, a_post(file.township))
    for _two in range(services.WAITING - 1):
        held(tmp_path / "typesetting.lock", most=services.WAITING)
    monkeypatch.setattr(services, "LONGEST_WAIT", 0.1)
    answer = client.get(f"/children/{file.pk}/print.pdf", follow=True)
    assert answer.status_code == 200 and "请过几秒再试" in answer.text
    with ThreadPoolExecutor(40) as pool:
        waits = [pool.submit(_waits, tmp_path / "typesetting.lock") for _each in range(40)]
    assert sum(each.result() == "sent away" for each in waits) >= 38


def _waits(path) -> str:
    try:
        with file_lock(path, most=services.WAITING, longest=0.5):
            return "in"
    except Busy as busy:
        return "sent away" if "await" in str(busy) else "waited"


@pytest.mark.django_db
def test_a_picture_that_comes_when_enough_are_judged_is_asked_for_again(client, monkeypatch):
    file = an_approved_file(a_village())
    sign_in(client, a_post(file.township))

    def busy(path, **limits):
        raise Busy

    monkeypatch.setattr(pictures, "file_lock", busy)
    form = {"kind": "id_card", "file": an_upload("a.jpg"), "pk": uuid.uuid4()}
    page = client.post(f"/children/{file.pk}/papers/", form)
    assert page.status_code == 422 and "现在正忙，这次没有存上，填的内容都还在" in page.text
    assert not Paper.objects.exists()
