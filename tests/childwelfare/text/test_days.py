"""A day is written with its year where that is not this one."""

import ast
import datetime
import re

from django.utils import timezone, translation

from childwelfare.text.days import short_day

IN_MESSAGES = {"day", "date", "since", "until", "on"}  # what messages call the days that they name
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


def test_a_day_in_a_message_is_written_as_its_language_writes_it(pytestconfig):
    """A date that is put into words as it is reads 2026-11-29, in every language."""
    root = pytestconfig.rootpath
    paths = [path for room in ROOMS for path in (root / room).rglob("*.py")]
    found = [f"{path.relative_to(root)}:{line}" for path in paths for line in _bare_days(ast.parse(path.read_text()))]
    assert not sorted(found)


def _bare_days(module: ast.Module) -> list[int]:
    """Lines of ``words % {"day": day}`` whose day is not written by ``short_day``, ``date_format`` or a function of
    the module that gives a text."""
    nodes = list(ast.walk(module))
    writers = {"short_day", "date_format"}
    writers |= {n.name for n in nodes if isinstance(n, ast.FunctionDef) and _is_named(n.returns, {"str"})}
    written = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _is_call_of(node.value, writers)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    written |= {node.arg for node in nodes if isinstance(node, ast.arg) and _is_named(node.annotation, {"str"})}
    dicts = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    lines = []
    for node in nodes:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod):
            continue
        said = dicts.get(node.right.id, node.right) if isinstance(node.right, ast.Name) else node.right
        if _is_call_of(said, {"vars"}):
            lines.append(node.lineno)
        if isinstance(said, ast.Dict):
            days = [v for k, v in zip(said.keys, said.values, strict=True) if getattr(k, "value", None) in IN_MESSAGES]
            lines += [day.lineno for day in days if not _is_call_of(day, writers) and not _is_named(day, written)]
    return lines


def _is_named(node: ast.AST | None, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _is_call_of(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and _is_named(node.func, names)
