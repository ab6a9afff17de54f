"""The same days off written down several times at once are one holiday.

On PostgreSQL alone: SQLite has one writer at a time and hides races.
"""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from orgs.holidays.models import Holiday
from orgs.holidays.services import add_holiday
from tests.builders import a_city, a_post, fresh

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def test_one_is_written_and_the_others_are_told():
    officer, start, told = a_post(a_city()), threading.Barrier(AT_ONCE), []
    first = datetime.date(2031, 1, 1)

    def write():
        post = fresh(officer)
        start.wait()
        try:
            add_holiday(by=post, name="元旦", since=first, until=first, document="国办〔2030〕1号")
        except ValidationError as error:
            told.append(error.message_dict)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Holiday.objects.count() == 1 and len(told) == AT_ONCE - 1 and all("since" in each for each in told)
