"""docker-compose.yml, Dockerfile and the front, as far as they can be judged without an engine."""

import json
import re
import shlex

import pytest
import yaml

APP = {"migrate", "web", "worker", "beat"}


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def services(root):
    return yaml.safe_load((root / "docker-compose.yml").read_text())["services"]


def test_every_part_is_there(services):
    assert set(services) == APP | {"postgres", "redis", "front"}


def test_every_lasting_service_has_a_health_check_and_starts_again(services):
    for name, service in services.items():
        if name == "migrate":
            continue
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_nothing_floats(services, root):
    images = [service["image"] for service in services.values()]
    images += re.findall(r"^FROM (\S+)", (root / "Dockerfile").read_text(), re.M)
    for image in images:
        assert re.fullmatch(r"[\w./-]+:[\w.-]*\d[\w.-]*", image), image


def test_only_the_front_is_reachable_from_outside(services):
    assert [name for name, service in services.items() if "ports" in service] == ["front"]
    for name in ("postgres", "redis", "beat", "migrate"):
        assert services[name]["networks"] == ["inner"], name


def test_the_worker_reaches_webhook_and_mail_and_nobody_reaches_it(services, root):
    networks = yaml.safe_load((root / "docker-compose.yml").read_text())["networks"]
    ways_out = {name for name, network in networks.items() if not (network or {}).get("internal")}
    assert ways_out & set(services["worker"]["networks"])
    others = [service["networks"] for name, service in services.items() if name != "worker"]
    assert not any("outside" in names for names in others)


def test_the_app_has_no_rights_to_spare(services, root):
    for name in APP:
        service = services[name]
        assert service["user"].split(":")[0] != "0" and service["read_only"] and service["cap_drop"] == ["ALL"], name
    dockerfile = (root / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)", dockerfile, re.M)[-1] == "registry"
    assert services["web"]["user"].split(":")[0] in dockerfile


def test_no_secret_stands_in_the_files(services, root):
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name or "AUTH" in name:
                assert str(value).startswith("${"), name
    assert ".env" in (root / ".dockerignore").read_text().split()
    assert ".env" in (root / ".gitignore").read_text().split()


def test_state_outlives_the_containers(services):
    compose = {"web": "/state", "postgres": "/var/lib/postgresql/data", "redis": "/data", "front": "/data"}
    for name, folder in compose.items():
        assert any(f"{volume}".split(":")[1] == folder for volume in services[name]["volumes"]), name


def test_nobody_starts_before_what_it_needs(services):
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["front"]["depends_on"]["web"]["condition"] == "service_healthy"


def test_the_front_overwrites_what_the_app_believes(services, root):
    front = (root / "deploy" / "Caddyfile").read_text()
    assert services["web"]["environment"]["CWR_PROXIES"] == "1"
    assert "header_up X-Forwarded-For {remote_host}" in front and "header_up X-Forwarded-Proto {scheme}" in front


@pytest.mark.django_db
def test_the_beat_container_is_healthy_while_it_holds_the_lease():
    from datetime import timedelta

    from django.core.management import call_command

    from childwelfare.jobs.models import BeatLease

    for taken, code in ((False, 1), (True, 0)):
        if taken:
            BeatLease.objects.take(BeatLease.BEAT, "one", timedelta(seconds=15))
        with pytest.raises(SystemExit) as ended:
            call_command("beat_alive")
        assert ended.value.code == code


def test_a_connection_is_not_closed_while_the_front_sends_a_request(root):
    """Caddy keeps one that is unused for two minutes; gunicorn's own two seconds reset what came just then."""
    kept = re.search(r'"--keep-alive", "(\d+)"', (root / "Dockerfile").read_text())
    assert kept and int(kept[1]) > 120


@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_without_containers_each_part_is_started_as_within_them(services, root, part):
    unit = (root / f"deploy/systemd/registry-{part}.service").read_text()
    (started,) = re.findall(r"^ExecStart=\S+/bin/((?:.|\\\n)*?)(?<!\\)$", unit, re.M)
    image = re.search(r"^CMD (\[(?:.|\\\n)*?\])$", (root / "Dockerfile").read_text(), re.M)
    within = services[part].get("command") or json.loads(image[1].replace("\\\n", ""))
    alone = shlex.split(started.replace("\\\n", "").replace("%%", "%"))
    assert alone == [word.replace("0.0.0.0", "127.0.0.1") for word in within]
