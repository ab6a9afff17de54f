from django.urls import path

from visits.views import extra, list, plan, review, rounds, rules, today, visit

urlpatterns = [
    path("today/", today.today, name="today"),
    path("visits/", list.visit_list, name="visit-list"),
    path("visits/<uuid:pk>/", visit.visit_detail, name="visit-detail"),
    path("visits/<uuid:pk>/edit/", visit.visit_edit, name="visit-edit"),
    path("visits/photos/<uuid:pk>/", visit.visit_photo, name="visit-photo"),
    path("children/<uuid:pk>/visit/", visit.visit_new, name="visit-new"),
    path("visits/rules/", rules.visit_rules, name="visit-rules"),
    path("visits/rules/new/", rules.visit_rule_new, name="visit-rule-new"),
    path("visits/rules/job/", rules.visit_rule_job, name="visit-rule-job"),
    path("visits/rules/<int:pk>/end/", rules.visit_rule_end, name="visit-rule-end"),
    path("visits/rounds/", rounds.round_list, name="visit-rounds"),
    path("visits/rounds/new/", rounds.round_new, name="visit-round-new"),
    path("visits/rounds/<uuid:pk>/", rounds.round_detail, name="visit-round"),
    path("visits/rounds/<uuid:pk>/withdraw/", rounds.round_withdraw, name="visit-round-withdraw"),
    path("visits/plan/", plan.plan, name="visit-plan"),
    path("visits/plan.pdf", plan.plan_pdf, name="visit-plan-pdf"),
    path("children/<uuid:pk>/extra-visit/", extra.extra_new, name="extra-new"),
    path("visits/extra/<uuid:pk>/withdraw/", extra.extra_withdraw, name="extra-withdraw"),
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept-many"),
    path("review/<slug:kind>/<uuid:pk>/", review.review, name="review-case"),
    path("review/<slug:kind>/<uuid:pk>/<slug:action>/", review.decide, name="review-decide"),
]
