"""Addresses of the pages about studies."""

from django.urls import path

from tracker import views

app_name = "tracker"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.study_new, name="study_new"),
    path("<uuid:pk>/", views.study, name="study"),
    path("<uuid:pk>/change/", views.study_change, name="study_change"),
    path("<uuid:pk>/close/", views.study_close, name="study_close"),
    path("<uuid:pk>/reopen/", views.study_reopen, name="study_reopen"),
    path("<uuid:pk>/rounds/", views.rounds, name="rounds"),
]
