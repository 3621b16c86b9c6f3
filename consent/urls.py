"""Addresses of the pages about wordings."""

from django.urls import path

from consent import views

app_name = "consent"
urlpatterns = [
    path("", views.wordings, name="wordings"),
    path("<uuid:pk>/approve/", views.approve, name="approve"),
    path("<slug:purpose>/<slug:language>/", views.wording, name="wording"),
]
