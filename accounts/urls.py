"""Addresses of the pages about staff."""

from django.urls import path

from accounts import break_glass_views, factor_views, session_views, tour_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session_views.sign_in, name="sign_in"),
    path("sign-out/", session_views.sign_out, name="sign_out"),
    path("sign-in/second-factor/", session_views.second_factor, name="second_factor"),
    path("sign-in/passkey/", session_views.passkey, name="passkey"),
    path("password/", session_views.own_password, name="own_password"),
    path("sessions/", session_views.own_sessions, name="sessions"),
    path("sessions/end-others/", session_views.other_sessions_end, name="other_sessions_end"),
    path("second-factors/", factor_views.own_factors, name="factors"),
    path("second-factors/first/", factor_views.factor_setup, name="factor_setup"),
    path("second-factors/app/", factor_views.app, name="factor_app"),
    path("second-factors/passkey/", factor_views.passkey_new, name="factor_passkey"),
    path("second-factors/codes/", factor_views.codes_new, name="codes_new"),
    path("second-factors/<int:pk>/remove/", factor_views.factor_remove, name="factor_remove"),
    path("tour/", tour_views.tour, name="tour"),
    path("tour/finish/", tour_views.finish_tour, name="finish_tour"),
    path("staff/", views.staff, name="staff"),
    path("staff/new/", views.person_new, name="person_new"),
    path("staff/<uuid:pk>/", views.person, name="person"),
    path("staff/<uuid:pk>/close/", views.person_close, name="person_close"),
    path("staff/<uuid:pk>/open/", views.person_open, name="person_open"),
    path("staff/<uuid:pk>/password/", views.person_password, name="person_password"),
    path("staff/<uuid:pk>/factors/reset/", session_views.person_factors_reset, name="person_factors_reset"),
    path("staff/<uuid:pk>/sessions/end/", session_views.person_sessions_end, name="person_sessions_end"),
    path("staff/<uuid:pk>/shifts/", views.person_shifts, name="shifts"),
    path("staff/<uuid:pk>/shifts/<uuid:shift_pk>/remove/", views.shift_remove, name="shift_remove"),
    path("break-glass/", break_glass_views.break_glass, name="break_glass"),
    path("break-glass/<uuid:pk>/approve/", break_glass_views.approve, name="approve_break_glass"),
    path("break-glass/<uuid:pk>/refuse/", break_glass_views.refuse, name="refuse_break_glass"),
    path("break-glass/<uuid:pk>/end/", break_glass_views.end, name="end_break_glass"),
    path("teams/", views.team_list, name="teams"),
    path("teams/new/", views.team_new, name="team_new"),
    path("teams/<uuid:pk>/", views.team, name="team"),
]
