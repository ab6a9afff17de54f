"""The cursor of a page: it stands in an address, and says to nobody but us which row it names."""

import base64
import datetime

import pytest

from childwelfare.tables.keyset import is_cursor, page_of
from registry.child.models import ChildFile
from tests.builders import an_approved_file

pytestmark = pytest.mark.django_db
BY_NAME, BY_DAY = ("name_order", "id"), ("birth_date", "id")


def clear(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def test_it_names_no_child_and_no_birth_date(village):
    for _each in range(3):
        an_approved_file(village, name="袁梓睿", birth_date=datetime.date(2017, 3, 15))
    for order in (BY_NAME, BY_DAY):
        page = page_of(ChildFile.objects.all(), order, size=2)
        assert page.older and not any(word in clear(page.older) for word in (b"yuan", b"zirui", b"2017", b"8881"))


def test_it_leads_to_the_rows_beyond_it_and_back(village):
    names = ["白一", "陈二", "丁三", "高四", "黄五"]
    for name in names:
        an_approved_file(village, name=name)
    pages = lambda cursor="": page_of(ChildFile.objects.all(), BY_NAME, cursor, 2, ascending=True)  # noqa: E731
    first = pages()
    second = pages(first.older)
    third = pages(second.older)
    assert [row.name for page in (first, second, third) for row in page] == names and not third.older
    assert [row.name for row in pages(second.newer)] == names[:2]


def test_it_is_good_for_its_own_order_alone(village):
    for _each in range(3):
        an_approved_file(village)
    cursor = page_of(ChildFile.objects.all(), BY_NAME, size=2).older
    assert is_cursor(ChildFile, BY_NAME, cursor)
    assert not is_cursor(ChildFile, BY_DAY, cursor) and not is_cursor(ChildFile, BY_NAME, cursor[:-4] + "AAAA")
