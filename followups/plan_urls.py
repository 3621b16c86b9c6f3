"""Addresses of the pages about plans, under those of the follow-ups."""

from django.urls import path

from followups import plan_views, what_if_views

urlpatterns = [
    path("<uuid:study_pk>/", plan_views.plan, name="plan"),
    path("<uuid:study_pk>/edit/", plan_views.plan_edit, name="plan_edit"),
    path("<uuid:study_pk>/what-if/", what_if_views.plan_what_if, name="plan_what_if"),
    path("<uuid:study_pk>/status/", plan_views.plan_status, name="plan_status"),
    path("<uuid:study_pk>/<int:version>/", plan_views.plan, name="plan_version"),
    path("<uuid:study_pk>/<int:version>/apply/", plan_views.plan_apply, name="plan_apply"),
]
