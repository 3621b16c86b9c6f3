"""Addresses of the reports pages."""

from django.urls import path

from reports import break_glass_views, list_views, reached_views, register_views, review_views, views

app_name = "reports"
urlpatterns = [
    path("board", views.board, name="board"),
    path("owed", list_views.owed, name="owed"),
    path("shortages", list_views.coming_days, name="shortages"),
    path("lost", list_views.lost, name="lost"),
    path("when-reached", reached_views.when_reached, name="when_reached"),
    path("holds", list_views.held, name="held"),
    path("sought", list_views.sought, name="sought"),
    path("trail", views.trail, name="trail"),
    path("trail/export", review_views.export, name="trail_export"),
    path("review", review_views.review, name="review"),
    path("canaries", review_views.canary_list, name="canaries"),
    path("register", register_views.register, name="register"),
    path("break-glass/<uuid:pk>", break_glass_views.break_glass_review, name="break_glass_review"),
]
