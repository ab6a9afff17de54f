"""The web process of the embedded mode: waitress, pure Python. Production uses gunicorn (Dockerfile)."""

import argparse

import waitress

from childwelfare.runtime.process import die_with_launcher

THREADS = 16  # waiting writers held all of 8 threads and readers waited behind them
LARGEST_BODY = 60 * 1024 * 1024  # bytes: a workbook of 50 MB and its form


def main():
    parser = argparse.ArgumentParser(prog="python -m childwelfare.runtime.serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    wanted = parser.parse_args()
    die_with_launcher()
    from childwelfare.wsgi import application

    waitress.serve(
        application,
        host=wanted.host,
        port=wanted.port,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        ident=None,
    )


if __name__ == "__main__":
    main()
