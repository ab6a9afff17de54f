from django.urls import path

from visits.views import list, offline, phones, review, today, visit

urlpatterns = [
    path("today/", today.today, name="today"),
    path("offline/", offline.shell, name="offline"),
    path("sw.js", offline.worker, name="offline-worker"),
    path("manifest.webmanifest", offline.manifest, name="offline-manifest"),
    path("visits/", list.visit_list, name="visit-list"),
    path("visits/phones/", phones.phones, name="phones"),
    path("visits/phones/<uuid:pk>/settle/", phones.settle, name="handed-over-settle"),
    path("visits/<uuid:pk>/", visit.visit_detail, name="visit-detail"),
    path("visits/<uuid:pk>/edit/", visit.visit_edit, name="visit-edit"),
    path("visits/photos/<uuid:pk>/", visit.visit_photo, name="visit-photo"),
    path("children/<uuid:pk>/visit/", visit.visit_new, name="visit-new"),
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept-many"),
    path("review/<slug:kind>/<uuid:pk>/", review.review, name="review-case"),
    path("review/<slug:kind>/<uuid:pk>/<slug:action>/", review.decide, name="review-decide"),
]
