"""Addresses of the pages about calendars, under those of the follow-ups."""

from django.urls import path

from followups import calendar_views

urlpatterns = [
    path("", calendar_views.calendars, name="calendars"),
    path("<str:country>/", calendar_views.calendar, name="calendar"),
    path("<str:country>/rest-days/", calendar_views.calendar_rest_days, name="calendar_rest_days"),
    path("<str:country>/holiday/", calendar_views.calendar_holiday, name="calendar_holiday"),
    path("<str:country>/season/", calendar_views.calendar_season, name="calendar_season"),
    path("entries/<uuid:entry_pk>/remove", calendar_views.calendar_remove, name="calendar_remove"),
]
