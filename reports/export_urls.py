from django.urls import path

from reports.views import exports

urlpatterns = [
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:pk>/", exports.export_job, name="export-job"),
    path("exports/<uuid:pk>/download/", exports.export_download, name="export-download"),
]
