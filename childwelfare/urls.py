"""All addresses of the project."""

from django.urls import path

from childwelfare import health
from orgs.access import public

urlpatterns = [
    path("healthz", public(health.healthz), name="healthz"),
    path("readyz", public(health.readyz), name="readyz"),
]
