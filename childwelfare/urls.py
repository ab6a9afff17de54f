"""All addresses of the project."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from childwelfare.pages.errors import favicon
from childwelfare.pages.gallery import gallery
from childwelfare.runtime import health
from orgs.access.api.schema import Docs, Schema
from orgs.access.declarations import public
from orgs.accounts.api import TokenView
from orgs.urls import register as register_orgs
from registry.urls import register as register_registry
from reports.urls import register as register_reports
from visits.urls import register as register_visits

handler400 = "orgs.access.views.interrupted"
handler403 = "orgs.access.views.denied"
handler404 = "childwelfare.pages.errors.not_found"
handler500 = "childwelfare.pages.errors.server_error"

router = SimpleRouter()  # the other one adds to each address a twin that ends in a format
for register in (register_orgs, register_registry, register_visits, register_reports):
    register(router)

urlpatterns = [
    path("healthz", public(health.healthz), name="healthz"),
    path("readyz", public(health.readyz), name="readyz"),
    path("favicon.ico", public(favicon), name="favicon"),
    path("design/", public(gallery), name="design"),
    path("design/<slug:page>/", public(gallery), name="design-page"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("orgs.urls")),
    path("", include("registry.urls")),
    path("", include("visits.urls")),
    path("", include("reports.urls")),
    path("api/v1/auth/token/", TokenView.as_view(), name="api-token"),
    path("api/v1/", include(router.urls)),
    path("api/schema/", Schema.as_view(), name="api-schema"),
    path("api/docs/", Docs.as_view(url_name="api-schema"), name="api-docs"),
]
