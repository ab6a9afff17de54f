"""All addresses of the project."""

from django.urls import path

from childwelfare import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
