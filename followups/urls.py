"""Addresses of the enumerator's pages and of plans."""

from django.urls import include, path

from followups import views, work_views

app_name = "followups"
urlpatterns = [
    path("", views.today, name="today"),
    path("next", views.next_call, name="next"),
    path("nothing", views.nothing, name="nothing"),
    path("blank", views.blank, name="blank"),
    path("<uuid:pk>/", views.call_card, name="card"),
    path("<uuid:pk>/dial", views.dial, name="dial"),
    path("<uuid:pk>/back", views.hand_back, name="hand_back"),
    path("<uuid:pk>/unsafe", views.unsafe_now, name="unsafe"),
    path("outcomes/<uuid:pk>", views.outcome, name="outcome"),
    path("outcomes/<uuid:pk>/recorded", views.recorded, name="recorded"),
    path("work/", work_views.move_work, name="move_work"),
    path("work/calls", work_views.calls_now, name="calls_now"),
    path("work/calls/<uuid:pk>/release", work_views.release, name="release"),
    path("late/<uuid:pk>", views.complete_late, name="late"),
    path("plans/", include("followups.plan_urls")),
    path("calendars/", include("followups.calendar_urls")),
]
