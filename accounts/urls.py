"""Addresses of the pages about staff."""

from django.urls import path

from accounts import session_views, tour_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session_views.sign_in, name="sign_in"),
    path("sign-out/", session_views.sign_out, name="sign_out"),
    path("password/", session_views.own_password, name="own_password"),
    path("tour/", tour_views.tour, name="tour"),
    path("tour/finish/", tour_views.finish_tour, name="finish_tour"),
    path("staff/", views.staff, name="staff"),
    path("staff/new/", views.person_new, name="person_new"),
    path("staff/<uuid:pk>/", views.person, name="person"),
    path("staff/<uuid:pk>/close/", views.person_close, name="person_close"),
    path("staff/<uuid:pk>/open/", views.person_open, name="person_open"),
    path("staff/<uuid:pk>/password/", views.person_password, name="person_password"),
    path("staff/<uuid:pk>/shifts/", views.person_shifts, name="shifts"),
    path("staff/<uuid:pk>/shifts/<uuid:shift_pk>/remove/", views.shift_remove, name="shift_remove"),
    path("teams/", views.team_list, name="teams"),
    path("teams/new/", views.team_new, name="team_new"),
    path("teams/<uuid:pk>/", views.team, name="team"),
]
