"""Two uploads at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from registry.papers.models import Paper
from registry.papers.services import add_paper
from tests.builders import a_post, a_village, an_approved_file, an_upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("same_sending", [True, False])
def test_the_same_picture_sent_twice_at_once_is_one_paper(settings, tmp_path, same_sending):
    settings.MEDIA_ROOT = tmp_path
    file = an_approved_file(a_village())
    posts, pk = [a_post(file.village), a_post(file.village)], uuid.uuid4()
    if same_sending:
        posts[1] = posts[0]

    def send(post):
        upload = an_upload(size=(60, 40))
        try:
            add_paper(file, by=post, upload=upload, kind="id_card", pk=pk if same_sending else uuid.uuid4())
            return "kept"
        except ValidationError as error:
            return error.message_dict["file"][0][:9]

    outcomes = at_once(*(partial(send, post) for post in posts))
    assert Paper.objects.count() == 1
    assert sorted(outcomes) == sorted(["kept", "kept" if same_sending else "这份文件已经在档案"])
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
