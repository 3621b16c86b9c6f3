"""The pages about the calendars of countries."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.keeping import KeepingForm, form_page
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from followups import calendar_keeping
from followups.calendar_forms import CountryForm, HolidayForm, RestDaysForm, SeasonForm
from followups.models import CalendarEntry
from followups.models.calendars import EntryKind
from kernel import countries

EDIT = Permission.EDIT_PLANS


@requires(EDIT)
def calendars(request: StaffRequest) -> HttpResponse:
    """The countries whose calendar somebody has written in, and a way to any other."""
    form = CountryForm(request.GET or None)
    if form.is_valid():
        return redirect("followups:calendar", country=form.cleaned_data["country"])
    kept = CalendarEntry.objects.visible_to(request.user).not_over(request.now).order_by()
    rows = [(code, _name(code)) for code in kept.values_list("country", flat=True).distinct()]
    return form_page(request, "followups/calendars.html", form, rows=sorted(rows, key=lambda row: row[1]))


@requires(EDIT)
def calendar(request: StaffRequest, country: str) -> HttpResponse:
    """One country: its days of rest, and what is still to come of holidays and seasons."""
    entries = _entries(request, country)
    written = next((one for one in entries if one.kind == EntryKind.REST_DAYS), None)
    days = sorted(written.rest_days if written else countries.weekend_of(country))
    context = {
        "country": country,
        "name": _name(country),
        "written": written,
        "rest_days": ", ".join(str(WEEKDAYS[day]) for day in days),
        "holidays": [one for one in entries if one.kind == EntryKind.HOLIDAY],
        "seasons": [one for one in entries if one.kind == EntryKind.SEASON],
    }
    return render(request, "followups/calendar.html", context)


@requires(EDIT)
def calendar_rest_days(request: StaffRequest, country: str) -> HttpResponse:
    written = next((one for one in _entries(request, country) if one.kind == EntryKind.REST_DAYS), None)
    days = written.rest_days if written else countries.weekend_of(country)
    form = RestDaysForm(request.POST or None, initial={"days": sorted(days)})
    who = {"country": country, "by": request.user, "now": request.now}
    if form.is_valid() and form.attempt(calendar_keeping.set_rest_days, **form.cleaned_data, **who):
        return redirect("followups:calendar", country=country)
    return _form(request, country, form, "rest_days")


@requires(EDIT)
def calendar_holiday(request: StaffRequest, country: str) -> HttpResponse:
    form = HolidayForm(request.POST or None)
    who = {"country": _known(country), "by": request.user, "now": request.now}
    if form.is_valid() and form.attempt(calendar_keeping.add_holiday, **form.arguments, **who):
        return redirect("followups:calendar", country=country)
    return _form(request, country, form, "holiday")


@requires(EDIT)
def calendar_season(request: StaffRequest, country: str) -> HttpResponse:
    form = SeasonForm(request.POST or None)
    who = {"country": _known(country), "by": request.user, "now": request.now}
    if form.is_valid() and form.attempt(calendar_keeping.add_season, **form.arguments, **who):
        return redirect("followups:calendar", country=country)
    return _form(request, country, form, "season")


@requires(EDIT)
@require_POST
def calendar_remove(request: StaffRequest, entry_pk: UUID) -> HttpResponse:
    entry = CalendarEntry.objects.all().seen_by(request.user, pk=entry_pk)
    calendar_keeping.remove(entry=entry, by=request.user, now=request.now)
    return redirect("followups:calendar", country=entry.country)


def _form(request: StaffRequest, country: str, form: KeepingForm, what: str) -> HttpResponse:
    context = {"country": country, "name": _name(country), "what": what}
    return form_page(request, "followups/calendar_form.html", form, **context)


def _entries(request: StaffRequest, country: str) -> list[CalendarEntry]:
    kept = CalendarEntry.objects.visible_to(request.user).not_over(request.now)
    return list(kept.filter(country=_known(country)).by_day())


def _known(country: str) -> str:
    if not countries.is_country(country):
        raise Http404
    return country


def _name(country: str) -> str:
    return countries.country_name(country, get_language() or "en")
