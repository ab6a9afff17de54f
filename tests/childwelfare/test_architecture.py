"""docs/architecture.md names the packages and tasks that are there; the modules are as it says: none needs itself."""

import ast
import fnmatch
import os
import re
from functools import cache

import grimp
import pytest
from celery.schedules import crontab

from childwelfare.jobs.schedule import SCHEDULE

APPS = ("childwelfare", "orgs", "registry", "visits", "reports")
DJANGOS_OWN = {"management", "migrations", "templatetags"}
PAGE, DRAWING = "docs/architecture.md", "docs/architecture.svg"
LOOSE = 12  # modules beside the packages of an app
TICKED = re.compile(r"`([^`\n]+)`")
ROW = re.compile(rf"^\| `((?:{'|'.join(APPS)})\.\w+)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
MODULE = re.compile(rf"(?:{'|'.join(APPS)})(?:\.\w+)+")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
ENDINGS = (".py", ".js", ".css", ".html", ".md", ".csv", ".yml", ".toml", ".txt", ".svg")
NOT_OURS = {"var", "node_modules"}  # and what begins with a dot
MADE_LATER = re.compile(r"^(CWR_HOME/|keys/secret\.key$)")  # in the folder of all state


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "architecture.md").read_text()


@pytest.fixture(scope="module")
def documents(root):
    """{name: text} of the documents people write and read."""
    found = [*(root / "docs").rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]
    return {path.relative_to(root).as_posix(): path.read_text() for path in found}


@pytest.fixture(scope="module")
def files(root):
    found = set()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        found |= {os.path.relpath(os.path.join(folder, name), root) for name in names}
    return found


@pytest.fixture(scope="module")
def imports():
    """{module: modules it imports}, also inside functions."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def packages(root) -> set[str]:
    return {
        f"{app}.{init.parent.name}"
        for app in APPS
        for init in (root / app).glob("*/__init__.py")
        if init.parent.name not in DJANGOS_OWN
    }


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that need each other (strongly connected components of more than one)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path, found = [], []

    def visit(module):
        order[module] = lowest[module] = len(order)
        path.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in path:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            group = path[path.index(module) :]
            del path[path.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(edges):
        if module not in order:
            visit(module)
    return found


@cache
def names_in(path) -> frozenset[str]:
    """What a module defines or imports at its top, and the columns and methods of its classes."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for inner in node.body for name in _bound(inner)}
        names |= _bound(node)
    return frozenset(names)


def _bound(node) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return set()


def exists(root, dotted: str) -> bool:
    """Whether ``registry.stays.models.may_open`` is a module, a package, or a name in one."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        place, rest = root.joinpath(*parts[:count]), ".".join(parts[count:])
        if place.with_suffix(".py").is_file():
            return not rest or rest in names_in(place.with_suffix(".py"))
        if place.is_dir():
            init = place / "__init__.py"
            return not rest or (init.is_file() and rest in names_in(init))
    return False


def line_of(text: str, wanted: str) -> int:
    """The line, from 1, on which ``wanted`` stands first; 1 where it does not."""
    return text[: max(text.find(wanted), 0)].count("\n") + 1


def fail_with(problems: list[str]):
    """One problem a line: file and line, what is wrong, what to do."""
    assert not problems, "\n" + "\n".join(problems)


def test_every_package_has_its_row_and_every_row_its_package(root, page):
    rows, there = {name for name, _begins in ROW.findall(page)}, packages(root)
    problems = [
        f"{PAGE}:{line_of(page, f'| `{name}`')}: there is no package {name}: take its row out, or mend its name"
        for name in sorted(rows - there)
    ]
    for name in sorted(there - rows):
        heading = line_of(page, f"### {name.partition('.')[0]}")
        problems.append(f"{PAGE}:{heading}: no row for the package {name}: add one, with the question it answers")
    fail_with(problems)


def test_the_drawing_shows_every_package(root):
    drawn = set(re.findall(r">(\w+)</text>", (root / DRAWING).read_text()))
    fail_with([
        f"{DRAWING}:1: the package {name} is not drawn: add its name to the box of its app"
        for name in sorted(packages(root)) if name.partition(".")[2] not in drawn
    ])  # fmt: skip


def test_each_package_begins_where_it_is_said_to(root, page):
    begins = [(name, word) for name, cell in ROW.findall(page) for word in TICKED.findall(cell)]
    assert len(begins) >= len(packages(root)), f"{PAGE}:1: fewer beginnings than packages: are the tables still read?"
    fail_with([
        f"{PAGE}:{line_of(page, f'| `{name}`')}: {name}.{word} does not exist: name where the package begins today"
        for name, word in begins if not exists(root, f"{name}.{word}")
    ])  # fmt: skip


def test_each_package_says_what_it_is_about(root):
    inits = [root.joinpath(*name.split("."), "__init__.py") for name in sorted(packages(root))]
    fail_with([
        f"{init.relative_to(root)}:1: no docstring: say in one line what the package is about"
        for init in inits if not ast.get_docstring(ast.parse(init.read_text()))
    ])  # fmt: skip


def test_few_modules_lie_loose(root):
    problems = []
    for app in APPS:
        loose = sorted(path.name for path in (root / app).glob("*.py") if path.name != "__init__.py")
        if len(loose) > LOOSE:
            problems.append(
                f"{app}/{loose[-1]}:1: {len(loose)} modules lie beside the packages of {app}, {LOOSE} at most: "
                f"put one into the package of its concept ({', '.join(loose)})"
            )
    fail_with(problems)


def test_no_module_needs_itself(root, imports):
    assert len(imports) > 300, "the graph of imports is nearly empty: does grimp still find the apps?"
    problems = []
    for group in circles(imports):
        module = root.joinpath(*group[0].split("."))
        path = module.with_suffix(".py") if module.with_suffix(".py").is_file() else module / "__init__.py"
        needed = next(other for other in group if other in imports[group[0]])
        line = line_of(path.read_text(), f"from {needed} import")
        problems.append(
            f"{path.relative_to(root)}:{line}: needs itself by way of {' → '.join([*group[1:], group[0]])}: "
            "let the lower one say it by a signal or a registry, or move what both need below"
        )
    fail_with(problems)


def test_what_runs_by_itself_stands_in_its_table(page):
    rows = {name: (when, page[:place].count("\n") + 1) for name, when, place in _schedule_rows(page)}
    problems = []
    for each in SCHEDULE.values():
        when = _written(each.when)
        if each.name not in rows:
            heading = line_of(page, "## What runs by itself")
            problems.append(
                f"{PAGE}:{heading}: no row for the scheduled task {each.name} ({when}): "
                "say what it does, and what happens if it is lost or runs twice"
            )
        elif rows[each.name][0] != when:
            written, line = rows[each.name]
            problems.append(f"{PAGE}:{line}: {each.name} runs {when}, not {written}: mend the row")
    for name in sorted(rows.keys() - SCHEDULE.keys()):
        problems.append(f"{PAGE}:{rows[name][1]}: no task is scheduled as {name}: take its row out, or mend its name")
    fail_with(problems)


def _schedule_rows(page: str) -> list[tuple[str, str, int]]:
    """(name, when, place in the page) of each row; every row says all that its columns ask for."""
    begin = page.index("## What runs by itself")
    section = page[begin : page.index("\n## ", begin + 1)]
    rows = re.finditer(r"^\| `([\w-]+)` \| ([^|]+?) \| [^|]{10,} \| [^|]{10,} \|$", section, re.MULTILINE)
    return [(row[1], row[2], begin + row.start()) for row in rows]


def _written(when: float | crontab) -> str:
    """As the table writes it: ``every 15 s``, ``02:30``."""
    if isinstance(when, crontab):
        return ", ".join(f"{hour:02}:{minute:02}" for hour in sorted(when.hour) for minute in sorted(when.minute))
    return f"every {when:g} s"


def test_what_the_documents_name_exists(root, documents, files):
    names = {os.path.basename(name) for name in files}
    missing = []
    for document, text in documents.items():
        for word in TICKED.findall(text):
            path, _colons, item = word.partition("::")
            if MODULE.fullmatch(word) and not word.endswith(ENDINGS):
                found = exists(root, word)
            elif not PATH.fullmatch(path) or not (path.endswith(ENDINGS) or path.rstrip("/").count("/")):
                continue
            elif "/" not in path:
                found = bool(fnmatch.filter(names, path))
            else:
                found = bool(fnmatch.filter(files, path) or fnmatch.filter(files, f"{path.rstrip('/')}/*"))
            if found and item:
                found = any(f"def {item}(" in (root / file).read_text() for file in files if file.endswith(path))
            if not found and not MADE_LATER.match(word):
                line = line_of(text, f"`{word}`")
                missing.append(f"{document}:{line}: `{word}` does not exist: name what there is today, or take it out")
    fail_with(missing)


def test_no_row_of_a_table_stands_twice(documents):
    problems = []
    for document, text in documents.items():
        for first, again in rows_twice(text.splitlines()):
            problems.append(f"{document}:{again}: the row of line {first} again: make one of both")
    fail_with(problems)


def test_a_row_that_stands_twice_is_found():
    table = ["| name | where |", "|---|---|", "| Scope | here |", "| Grants | here |", "| Scope | there |"]
    assert rows_twice(table) == [(3, 5)]
    assert rows_twice([*table[:3], "", *table[:3]]) == [], "another table"


def rows_twice(lines: list[str]) -> list[tuple[int, int]]:
    """(line, line) of rows of one table that begin with the same cell."""
    found: list[tuple[int, int]] = []
    held: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.startswith("|"):
            held = {}
            continue
        name = line.split("|")[1].strip()
        if name and name in held:
            found.append((held[name], number))
        held.setdefault(name, number)
    return found
