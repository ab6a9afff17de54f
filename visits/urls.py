from django.urls import path

from visits.views import alerts, guidance, list, publicity, review, today, visit

urlpatterns = [
    path("today/", today.today, name="today"),
    path("visits/", list.visit_list, name="visit-list"),
    path("visits/<uuid:pk>/", visit.visit_detail, name="visit-detail"),
    path("visits/<uuid:pk>/edit/", visit.visit_edit, name="visit-edit"),
    path("visits/photos/<uuid:pk>/", visit.visit_photo, name="visit-photo"),
    path("children/<uuid:pk>/visit/", visit.visit_new, name="visit-new"),
    path("alerts/", alerts.alert_list, name="alert-list"),
    path("alerts/new/", alerts.alert_new, name="alert-new"),
    path("alerts/<uuid:pk>/", alerts.alert_detail, name="alert-detail"),
    path("alerts/<uuid:pk>/acknowledge/", alerts.alert_acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:pk>/call/", alerts.alert_call, name="alert-call"),
    path("alerts/<uuid:pk>/step/", alerts.alert_step, name="alert-step"),
    path("alerts/<uuid:pk>/close/", alerts.alert_close, name="alert-close"),
    path("alerts/<uuid:pk>/reopen/", alerts.alert_reopen, name="alert-reopen"),
    path("children/<uuid:pk>/guidance/", guidance.guidance, name="guidance"),
    path("children/<uuid:pk>/entrust/", guidance.entrust_new, name="entrust"),
    path("entrustments/<uuid:pk>/notify/", guidance.entrustment_notify, name="entrustment-notify"),
    path("entrustments/<uuid:pk>/end/", guidance.entrustment_end, name="entrustment-end"),
    path("publicity/", publicity.publicity_list, name="publicity-list"),
    path("publicity/new/", publicity.publicity_new, name="publicity-new"),
    path("publicity/photos/<uuid:pk>/", publicity.publicity_photo, name="publicity-photo"),
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept-many"),
    path("review/<slug:kind>/<uuid:pk>/", review.review, name="review-case"),
    path("review/<slug:kind>/<uuid:pk>/<slug:action>/", review.decide, name="review-decide"),
]
