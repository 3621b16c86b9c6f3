"""Addresses of the pages about respondents."""

from django.urls import path

from casework import joining_views, number_views, person_views, received_views, revealing_views, slip_views

app_name = "casework"
urlpatterns = [
    path("", person_views.respondents, name="respondents"),
    path("enrol/", joining_views.enrol, name="enrol"),
    path("import/", joining_views.import_list, name="import"),
    path("import/example-mapping.toml", joining_views.example_mapping, name="example_mapping"),
    path("stop/", person_views.stop, name="stop"),
    path("contacted/", received_views.contacted_by, name="contacted_by"),
    path("<uuid:pk>/", person_views.respondent, name="respondent"),
    path("<uuid:pk>/contacted/", received_views.contacted, name="contacted"),
    path("<uuid:pk>/search/", received_views.look_for, name="look_for"),
    path("<uuid:pk>/move/", person_views.move, name="move"),
    path("<uuid:pk>/number/", number_views.add_number, name="add_number"),
    path("<uuid:pk>/numbers/<uuid:point_pk>/safe/", number_views.safe_contact, name="safe_contact"),
    path("<uuid:pk>/numbers/<uuid:point_pk>/aside/", number_views.set_aside, name="set_aside"),
    path("<uuid:pk>/numbers/<uuid:point_pk>/back/", number_views.take_back, name="take_back"),
    path("<uuid:pk>/numbers/<uuid:point_pk>/show/", revealing_views.show_number, name="show_number"),
    path("<uuid:pk>/withdraw/", person_views.withdraw, name="withdraw"),
    path("<uuid:pk>/slip/", slip_views.slip, name="slip"),
    path("<uuid:pk>/requests/<uuid:request_pk>/slip/", slip_views.reference_slip, name="reference_slip"),
    path("<uuid:pk>/bar/", person_views.bar, name="bar"),
    path("<uuid:pk>/best-time/", person_views.best_time, name="best_time"),
    path("<uuid:pk>/pause/", person_views.pause, name="pause"),
    path("<uuid:pk>/holds/<uuid:hold_pk>/lift/", person_views.lift, name="lift"),
]
