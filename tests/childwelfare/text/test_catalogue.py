"""The English catalogue is complete and compiled, and no page holds Chinese text that it can't reach."""

import ast
import gettext
import io
import os
import re
import shutil
import subprocess
import sys

import pytest

HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE_SIGNS = re.compile("[，。；：、（）]")
PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w+\}")
ROOMS = ("childwelfare", "orgs", "registry", "visits", "reports")
# what makemessages looks for: another name for one of them would hide its texts
TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

# Chinese that no catalogue should touch
STAYS = {
    "childwelfare/pages/gallery.py": "sample pages with made-up contents",
    "childwelfare/text/characters.py": "characters that look like others",
    "childwelfare/text/cleaning.py": "how dates are typed",
    "childwelfare/text/pinyin.py": "surnames",
    "childwelfare/settings.py": "title of the API",
    "childwelfare/runtime/backup.py": "for the operator on the console",
    "childwelfare/runtime/tables.py": "for the operator on the console",
    "childwelfare/text/formats/": "how dates are written in Chinese",
    "childwelfare/text/days.py": "dates on official papers",
    "orgs/holidays/services.py": "names of the state's holidays, as its notices write them",
    "orgs/units/models.py": "parts of units' names",
    "orgs/units/divisions.py": "for the operator on the console",
    "orgs/units/integrity.py": "for the operator on the console",
    "orgs/reorganisation/files.py": "for the operator on the console",
    "orgs/units/services/load.py": "names of the pilots, and for the operator on the console",
    "registry/child/codes.py": "names of the nations",
    "registry/eligibility/places.py": "names of the provinces",
    "registry/child/field_table/": "what counties' sheets call the fields",
    "registry/child/headings.py": "what counties' sheets call the fields",
    "registry/child/models.py": "surnames",
    "registry/instruments/example.py": "content of an assessment system, stored as it stands",
    "registry/eligibility/facts.py": "names of provinces and ends of units' names",
    "visits/schedule/printing.py": "fixed words of the plan on paper",
    "reports/requests/codes.py": "words that are looked for in what people write",
    "reports/requests/excel.py": "fixed words of the sheet on paper",
    "visits/alerts/sync.py": "examples in the API's description",
    "visits/help/sync.py": "examples in the API's description",
    "visits/visit/sync.py": "examples in the API's description",
    "visits/phones/examples.py": "examples in the API's description",
    "visits/phones/items.py": "the API's description",
    "registry/disclosure/document.py": "fixed words of the document for guardians",
    "registry/assessments/paper.py": "fixed words of the report and of the letters to the family",
    "registry/instruments/api_tried_out.py": "the API's description",
    "registry/instruments/definition_body.py": "the API's description",
    "registry/plans/printing.py": "fixed words of the printed plan",
    "registry/printing/": "fixed words of the paper forms",
    "reports/docs.py": "pages of docs/",
    "reports/exports/excel/": "fixed words of the paper forms",
    "reports/exports/pdf/": "fixed words of the paper forms",
    "reports/exports/summaries/": "fixed words of the paper forms",
    "reports/figures/maps.py": "names of districts",
    "reports/snapshots/content.py": "fixed words of what is signed",
    "visits/visit/questions.py": "examples in the API's description; test_question_table.py asks for the rest",
}
# console, the API's description, made-up contents
ELSEWHERE = re.compile(r"/(migrations|management|api|demo)/|/(api|api_fields|demo|demo_\w+)\.py$")


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def catalogue(root):
    return root / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def source(root, tmp_path_factory):
    """The catalogue as makemessages writes it now: every text that the sources ask for, with what the .po holds."""
    if not shutil.which("msgfmt"):
        pytest.fail("gettext is missing: apt-get install gettext")
    copy = tmp_path_factory.mktemp("sources")
    for name in (*ROOMS, "templates", "locale", "manage.py"):
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, copy / name)
    command = ["makemessages", "-l", "en", "--no-location", "--no-wrap", "--no-obsolete", "-v", "0"]
    env = os.environ | {"CWR_EMBEDDED": "1", "CWR_HOME": str(copy / "home")}
    subprocess.run([sys.executable, "manage.py", *command], cwd=copy, env=env, check=True, capture_output=True)
    return (copy / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text()


def entries(text):
    """(flags, id, translations) of each message of a .po whose lines are not wrapped."""
    for block in text.split("\n\n")[1:]:
        quoted = re.findall(r'^(msg\w+)(?:\[\d\])? "(.*)"$', block, re.M)
        ids = [value for key, value in quoted if key == "msgid"]
        if ids:
            yield re.findall(r"^#, (.*)$", block, re.M), ids[0], [value for key, value in quoted if key == "msgstr"]


def test_every_text_is_translated(source):
    found = list(entries(source))
    assert len(found) > 500
    missing = [text for _, text, english in found if not all(english)]
    assert not missing, "translate these in locale/en/LC_MESSAGES/django.po:\n" + "\n".join(missing)
    unsure = [text for flags, text, _ in found if any("fuzzy" in each for each in flags)]
    assert not unsure, "look these translations over and drop their fuzzy mark:\n" + "\n".join(unsure)


def test_the_catalogue_holds_nothing_else(source, catalogue):
    asked = {text for _, text, _ in entries(source)}
    held = {text for _, text, _ in entries((catalogue / "django.po").read_text())}
    assert held == asked, "run manage.py makemessages -l en --no-location --no-wrap --no-obsolete, then translate"


def test_one_day_is_not_one_days(source):
    """What counts days by itself, in a chip or a cell, may have counted one: it has both forms."""
    count = re.compile(r"(%\(\w+\)s|\{n\}) days( ago| left| overdue)?$")
    assert not [text for _, text, english in entries(source) if len(english) == 1 and count.search(english[0])
                and not text.startswith(("每", "应于"))]  # fmt: skip


def test_placeholders_are_the_same(source):
    for _, text, english in entries(source):
        for each in english:
            assert sorted(PLACEHOLDER.findall(each)) == sorted(PLACEHOLDER.findall(text)), f"{text} → {each}"


def test_what_is_counted_in_one_place_is_counted_in_all(root, catalogue):
    """Debian's Python 3.11.2 finds a message with plurals by ngettext alone: asked for by gettext it is Chinese."""
    counted = set(_plural_messages((catalogue / "django.po").read_text()))
    asked = [(path, text) for path in _sources(root) for text in _asked_without_a_number(path)]
    assert counted and len(asked) > 1000
    assert not [(str(path), text) for path, text in asked if text in counted], "ask by ngettext, or count … plural"


def test_the_compiled_catalogue_is_up_to_date(catalogue, tmp_path):
    fresh = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", fresh, catalogue / "django.po"], check=True)

    def texts(path):
        return gettext.GNUTranslations(io.BytesIO(path.read_bytes()))._catalog

    assert texts(catalogue / "django.mo") == texts(fresh), "run manage.py compilemessages"


def test_no_template_holds_chinese_outside_a_translation(root):
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        if "gallery" in str(path.relative_to(root)):
            continue
        for number, line in enumerate(_untranslated(path.read_text()).split("\n"), start=1):
            if HAN.search(line) or CHINESE_SIGNS.search(line):
                found.append(f"{path.relative_to(root)}:{number} {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_no_python_file_of_a_page_holds_chinese_outside_a_translation(root):
    found = []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not ELSEWHERE.search(name) and not name.startswith(tuple(STAYS)):
                found += [f"{name}:{line} {text[:80]}" for line, text in _plain_strings(ast.parse(path.read_text()))]
    assert not found, "\n".join(found)


def _untranslated(template):
    """The template without its comments and translated texts; lines stay where they are."""

    def emptied(match):
        return "\n" * match[0].count("\n")

    template = re.sub(r"\{% comment\b.*?endcomment %\}|\{#.*?#\}", emptied, template, flags=re.S)
    blocks = re.compile(r"(\{% blocktranslate\b[^%]*%\}).*?(\{% endblocktranslate %\})", re.S)
    template = blocks.sub(lambda match: match[1] + emptied(match) + match[2], template)
    template = re.sub(r"""\{% translate ("[^"]*"|'[^']*')|_\(("[^"]*"|'[^']*')\)""", "", template)
    return template.replace("%}中文{%", "%}{%")  # each language is offered in its own name


def _plain_strings(tree):
    """(line, text) of Chinese strings that no translation function gets; docstrings don't count.

    A call within an f-string is one of them: makemessages does not look there.
    """
    reached, hidden = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in TRANSLATES:
            reached |= {id(inner) for argument in node.args for inner in ast.walk(argument)}
        elif isinstance(node, ast.Expr):
            reached.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            hidden |= {id(inner) for inner in ast.walk(node)}
    reached -= hidden
    for node in ast.walk(tree):
        written = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in reached
        if written and HAN.search(node.value):
            yield node.lineno, node.value


def _sources(root):
    for room in (*ROOMS, "templates"):
        yield from (path for path in (root / room).rglob("*") if path.suffix in (".py", ".html"))


def _plural_messages(text):
    return re.findall(r'^msgid "(.*)"\nmsgid_plural ', text, re.M)


def _asked_without_a_number(path):
    """The messages of a source that are asked for by gettext, or by a blocktranslate that counts nothing."""
    text = path.read_text()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            said = node.args[0] if isinstance(node, ast.Call) and node.args else None
            if isinstance(said, ast.Constant) and _called(node) in ("_", "gettext", "gettext_lazy"):
                yield said.value
        return
    yield from re.findall(r'{%-?\s*translate "([^"]*)"', text)
    for body in re.findall(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate", text, re.S):
        if "{% plural" not in body:
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", body).strip()


def _called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))
