"""Addresses of the reports pages."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("board", views.board, name="board"),
    path("owed", views.owed, name="owed"),
    path("trail", views.trail, name="trail"),
]
