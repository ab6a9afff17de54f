"""The shell, its worker and its manifest: the same for everybody, of one version, and switched off by a setting."""

import json
import re

import pytest
from django.templatetags.static import static

from childwelfare.uploads.photos import MAX_PHOTOS
from tests.builders import a_post, a_village, an_approved_file, sign_in
from tests.visits.offline.scripts import SCRIPTS, imports_of
from visits.offline import words as offline_words
from visits.offline.views import SHORTEST_PIN

pytestmark = pytest.mark.django_db


def worker_says(client) -> dict:
    return json.loads(re.search(r"self\.SHELL = (.*);", client.get("/sw.js").text)[1])


def test_the_shell_holds_nothing_of_who_asks(client):
    before = client.get("/offline/").text
    director = a_post(a_village())
    file = an_approved_file(director.unit, by=director)
    sign_in(client, director)
    after = client.get("/offline/").text
    assert before == after
    assert file.name not in after and director.person.name not in after and "csrf" not in after


def test_no_day_stands_in_the_form(client):
    assert not re.search(r"20\d\d-\d\d-\d\d", client.get("/offline/").text)


def test_the_page_and_its_scripts_are_told_the_same_limits(client):
    page = client.get("/offline/").text
    assert f"口令（至少 {SHORTEST_PIN} 位数字）" in page and f'data-pin-shortest="{SHORTEST_PIN}"' in page
    assert f"最多 {MAX_PHOTOS} 张" in page and f'data-photos-most="{MAX_PHOTOS}"' in page


def test_page_and_worker_name_one_version_that_changes_with_the_words(client, monkeypatch):
    version = worker_says(client)["version"]
    assert f'content="{version}"' in client.get("/offline/").text
    monkeypatch.setitem(offline_words.OFFLINE_WORDS, "offline.login", "登录吧")
    assert worker_says(client)["version"] != version


def test_the_worker_keeps_every_file_that_the_page_asks_for(client):
    page, held = client.get("/offline/").text, worker_says(client)["files"]
    asked = {address.split("#")[0] for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page)}
    assert asked == set(held) and any(name.endswith("offline/app.js") for name in held)
    assert all(client.get("/sw.js").text.count(f"js/offline/{name}.js") for name in ("outbox_rules", "store", "worker"))


def test_the_worker_keeps_every_module_that_is_only_imported(client):
    held = {name.removeprefix(static("js/")) for name in worker_says(client)["files"] if "/js/" in name}
    for name in held:
        needed = {str(script.relative_to(SCRIPTS)) for script in imports_of(SCRIPTS / name)}
        assert needed <= held, f"{name} imports what the phone would lack: {needed - held}"
    assert "offline/pin_keys.js" in held, "no page names it"


def test_the_page_can_be_installed(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/offline/" and manifest["display"] == "standalone"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}


def test_switched_off_the_worker_takes_itself_away_and_pages_register_none(client, settings):
    settings.CWR_OFFLINE = False
    assert "uninstall_worker.js" in client.get("/sw.js").text
    assert 'data-worker=""' in client.get("/offline/").text


def test_every_word_that_the_scripts_say_is_there(pytestconfig):
    from childwelfare.text.script_words import WORDS

    said = set()
    for script in (pytestconfig.rootpath / "static/js/offline").glob("*.js"):
        said |= set(re.findall(r'"(offline\.[a-z_.]*[a-z_])"', script.read_text()))
    assert said <= {*WORDS, *offline_words.OFFLINE_WORDS}
