"""The pages about staff, teams and shifts."""

from uuid import UUID
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts import shifts, staffing, teams
from accounts.access import requires
from accounts.forms import PersonForm, ShiftForm, TeamForm
from accounts.keeping import form_page
from accounts.listing import people_in_rows, teams_in_rows
from accounts.models import Shift, Team, User
from accounts.permissions import Permission
from accounts.requests import StaffRequest
from accounts.stepping_up import with_fresh_factor
from accounts.waiting import Lack, lacking, staff_waits

ADMINISTER, PLAN_SHIFTS = Permission.ADMINISTER_STAFF, Permission.EDIT_SHIFTS
TO_MAKE = _("You are about to make an account.")
TO_CHANGE = _("You are about to change an account: what somebody may do and whom they may know of.")
TO_CLOSE = _("You are about to close an account.")
TO_OPEN = _("You are about to open an account again.")
TO_RENEW = _("You are about to make a new password for somebody.")
TO_MOVE_TEAM = _("You are about to change a team, and with it who may know of its people.")


@requires(PLAN_SHIFTS)
def staff(request: StaffRequest) -> HttpResponse:
    """Everyone the reader may know of, or those of them who lack one thing; to an administrator, who lacks what."""
    everyone = User.objects.visible_to(request.user)
    lack = Lack(asked) if (asked := request.GET.get("lack")) in Lack.values else None
    context = {
        "people": people_in_rows(lacking(everyone, lack) if lack else everyone, get_language() or "en"),
        "lack": lack,
        "may_administer": request.user.may(ADMINISTER),
        "waits": staff_waits(everyone) if request.user.may(ADMINISTER) and not lack else (),
    }
    return render(request, "accounts/staff.html", context)


@requires(ADMINISTER)
@with_fresh_factor(to=TO_MAKE)
@sensitive_variables("form")
def person_new(request: StaffRequest) -> HttpResponse:
    """Make an account; the answer shows its first password, this once."""
    form = PersonForm(request.POST or None, by=request.user)
    if form.is_valid() and form.attempt(
        staffing.create_person,
        username=form.cleaned_data["username"],
        details=form.details,
        by=request.user,
        now=request.now,
    ):
        return render(request, "accounts/first_password.html", {"account": form.outcome, "is_new": True})
    return form_page(request, "accounts/person_new.html", form, zones=sorted(available_timezones()))


@requires(ADMINISTER)
@with_fresh_factor(to=TO_CHANGE)
def person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One member of staff, to change."""
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = PersonForm(request.POST or None, by=request.user, person=somebody)
    if form.is_valid() and form.attempt(
        staffing.change_person, person=somebody, details=form.details, by=request.user, now=request.now
    ):
        return redirect("accounts:staff")
    context = {
        "person": somebody,
        "is_self": somebody == request.user,
        "zones": sorted(available_timezones()),
    }
    return form_page(request, "accounts/person.html", form, **context)


@requires(ADMINISTER)
@require_POST
@with_fresh_factor(to=TO_CLOSE)
def person_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    staffing.close_account(person=somebody, by=request.user, now=request.now)
    return redirect("accounts:person", pk=pk)


@requires(ADMINISTER)
@require_POST
@with_fresh_factor(to=TO_OPEN)
def person_open(request: StaffRequest, pk: UUID) -> HttpResponse:
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    staffing.open_account(person=somebody, by=request.user, now=request.now)
    return redirect("accounts:person", pk=pk)


@requires(ADMINISTER)
@require_POST
@with_fresh_factor(to=TO_RENEW)
@sensitive_variables("account")
def person_password(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A new first password, shown this once."""
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    account = staffing.renew_password(person=somebody, by=request.user, now=request.now)
    return render(request, "accounts/first_password.html", {"account": account, "is_new": False})


@requires(PLAN_SHIFTS)
def person_shifts(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Somebody's working week, on their own clock."""
    somebody = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = ShiftForm(request.POST or None)
    if form.is_valid() and form.attempt(
        shifts.add_shift, person=somebody, by=request.user, now=request.now, **form.cleaned_data
    ):
        return redirect("accounts:shifts", pk=pk)
    return form_page(request, "accounts/shifts.html", form, person=somebody, shifts=somebody.shifts.all())


@requires(PLAN_SHIFTS)
@require_POST
def shift_remove(request: StaffRequest, pk: UUID, shift_pk: UUID) -> HttpResponse:
    visible = Shift.objects.filter(user__in=User.objects.visible_to(request.user), user_id=pk)
    shifts.remove_shift(shift=get_object_or_404(visible, pk=shift_pk), by=request.user, now=request.now)
    return redirect("accounts:shifts", pk=pk)


@requires(ADMINISTER)
def team_list(request: StaffRequest) -> HttpResponse:
    rows = teams_in_rows(Team.objects.visible_to(request.user), get_language() or "en")
    return render(request, "accounts/teams.html", {"teams": rows})


@requires(ADMINISTER)
def team_new(request: StaffRequest) -> HttpResponse:
    form = TeamForm(request.POST or None, by=request.user)
    if form.is_valid() and form.attempt(
        teams.create_team, details=form.details, by=request.user, now=request.now
    ):
        return redirect("accounts:teams")
    return form_page(request, "accounts/team.html", form, team=None)


@requires(ADMINISTER)
@with_fresh_factor(to=TO_MOVE_TEAM)
def team(request: StaffRequest, pk: UUID) -> HttpResponse:
    one = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    form = TeamForm(request.POST or None, by=request.user, team=one)
    if form.is_valid() and form.attempt(
        teams.change_team, team=one, details=form.details, by=request.user, now=request.now
    ):
        return redirect("accounts:teams")
    return form_page(request, "accounts/team.html", form, team=one)
