"""A day is written with its year where that is not this one."""

import datetime
import re

from django.utils import timezone, translation

from childwelfare.text.days import short_day

ROOMS = ("childwelfare", "orgs", "registry", "reports", "visits", "templates")


def test_days_of_other_years_have_their_year():
    today = timezone.localdate()
    assert short_day(today) == f"{today.month}月{today.day}日"
    for year in (today.year - 1, today.year + 1):
        assert short_day(datetime.date(year, 11, 19)) == f"{year}年11月19日"
    with translation.override("en"):
        assert short_day(datetime.date(2019, 11, 19)) == "19 Nov 2019"


def test_the_year_of_a_moment_is_that_of_its_day_here():
    """Half past midnight of New Year's Day in Zhengzhou is still the old year in Greenwich."""
    moment = datetime.datetime(2019, 12, 31, 16, 30, tzinfo=datetime.UTC)
    assert short_day(moment) == "2020年1月1日"


def test_month_and_day_alone_are_written_in_one_place(pytestconfig):
    root = pytestconfig.rootpath
    paths = [path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in (".py", ".html")]
    alone = re.compile(r"MONTH_DAY_FORMAT|date:.[nm]月|date:.(j [MF]|[nm]-[jd])[\"']")
    found = {path.relative_to(root).as_posix() for path in paths if alone.search(path.read_text())}
    formats = {f"childwelfare/text/formats/{language}/formats.py" for language in ("en", "zh_Hans")}
    assert found == {"childwelfare/text/days.py", *formats}
    scripts = [path for path in (root / "static/js").rglob("*.js") if '"offline.date"' in path.read_text()]
    assert [path.name for path in scripts] == ["dates.js"]
