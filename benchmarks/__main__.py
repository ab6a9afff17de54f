"""python -m benchmarks [rollup excel …] [--children N] [--sqlite]: on a database of its own, PostgreSQL by default."""

import argparse
import importlib
import os
import pkgutil
from pathlib import Path

import yaml

import benchmarks
from tests import services


def main():
    known = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_")
    options = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    options.add_argument("names", nargs="*", choices=[[], *known], default=[], metavar="name", help=", ".join(known))
    options.add_argument("--children", type=int, default=100_000)
    options.add_argument("--sqlite", action="store_true", help="the embedded mode's database")
    asked = options.parse_args()
    os.environ["CWR_EMBEDDED"] = "1" if asked.sqlite else "0"
    services.FAST |= _production_settings()
    try:
        services._prepare_environment()
        _set_up()
        for name in asked.names or known:
            print(f"\n## {name}\n")
            importlib.import_module(f"benchmarks.{name}").main(children=asked.children)
    finally:
        services.pytest_unconfigure()


def _production_settings() -> dict[str, str]:
    """Of PostgreSQL, as docker-compose.yml gives them."""
    compose = yaml.safe_load((Path(__file__).parents[1] / "docker-compose.yml").read_text())
    words = compose["services"]["postgres"]["command"]
    return dict(word.split("=") for word in words if "=" in word)


def _set_up():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from childwelfare.security.keys import make_keys

    make_keys(Path(settings.CWR_KEYS))
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
