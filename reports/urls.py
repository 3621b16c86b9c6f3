"""Addresses of the reports pages."""

from django.urls import path

from reports import list_views, views

app_name = "reports"
urlpatterns = [
    path("board", views.board, name="board"),
    path("owed", list_views.owed, name="owed"),
    path("lost", list_views.lost, name="lost"),
    path("holds", list_views.held, name="held"),
    path("trail", views.trail, name="trail"),
]
