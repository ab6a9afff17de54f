# The image of web, worker and beat. Static files are collected here, at build time: at start it would take seconds.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# what sets the printed file as PDF: Pango, and fonts that hold the rare characters of names and the ticked boxes
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk postgresql-client \
    fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
# a throwaway key and an address that nobody asks: collectstatic needs settings, not secrets
RUN python -m compileall -q childwelfare orgs registry visits reports \
 && SECRET_KEY=build-only-and-never-at-run-time DATABASE_URL=postgres://build@nowhere/build \
    python manage.py collectstatic --noinput --verbosity 0 \
 && useradd --system --uid 10001 --home-dir /state registry \
 && install -d -o registry -g registry -m 0750 /state

# glibc would keep memory apart for each thread
ENV CWR_HOME=/state CWR_PROXIES=1 MALLOC_ARENA_MAX=2
VOLUME /state
USER registry
EXPOSE 8000

# /healthz touches no database: a database that restarts must not make the orchestrator kill the web process
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=4)"]

# the log has the path alone, without what was searched for; a connection is kept longer than the front keeps it unused
# (two minutes), or a request could meet one that is just being closed
CMD ["gunicorn", "childwelfare.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "60", \
     "--keep-alive", "150", "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-", "--access-logformat", "%(h)s %(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"]
