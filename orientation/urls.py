"""Addresses of the orientation pages."""

from django.urls import path

from orientation import inbox_views, partner_views, request_views

app_name = "orientation"
urlpatterns = [
    path("", inbox_views.inbox, name="inbox"),
    path("requests/<uuid:request_id>/", inbox_views.letter, name="letter"),
    path("requests/<uuid:request_id>/acknowledge/", inbox_views.acknowledge, name="acknowledge"),
    path("requests/<uuid:request_id>/act/", inbox_views.act, name="act"),
    path("requests/<uuid:request_id>/close/", inbox_views.close, name="close"),
    path("requests/<uuid:request_id>/decline/", inbox_views.decline, name="decline"),
    path("requests/<uuid:request_id>/note/", inbox_views.note, name="note"),
    path("requests/<uuid:request_id>/contact/", inbox_views.contact, name="contact"),
    path("requests/<uuid:request_id>/revoke/", request_views.revoke, name="revoke"),
    path("of/<uuid:respondent_id>/", request_views.of_respondent, name="of_respondent"),
    path("of/<uuid:respondent_id>/ask/", request_views.request, name="request"),
    path("partners/", partner_views.partners, name="partners"),
    path("partners/new/", partner_views.new_partner, name="new_partner"),
    path("partners/<uuid:partner_id>/", partner_views.partner, name="partner"),
    path("partners/<uuid:partner_id>/change/", partner_views.change_partner, name="change_partner"),
    path("partners/<uuid:partner_id>/services/new/", partner_views.new_service, name="new_service"),
    path("partners/<uuid:partner_id>/focal-points/", partner_views.assign, name="assign"),
    path("services/<uuid:service_id>/", partner_views.change_service, name="change_service"),
    path("services/<uuid:service_id>/verify/", partner_views.verify, name="verify"),
    path("focal-points/<uuid:focal_point_id>/remove/", partner_views.unassign, name="unassign"),
]
