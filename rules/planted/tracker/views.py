# Planted: what a page must not do.
def study(request, pk):
    # ruleid: house-view-reads-without-scope
    return render(request, "study.html", {"study": Study.objects.get(pk=pk)})


def scoped_study(request, pk):
    one = Study.objects.visible_to(request.user).get(pk=pk)
    return render(request, "study.html", {"study": one, "rounds": Round.objects.filter(study=one)})


# ruleid: house-fresh-factor-without-permission
@with_fresh_factor
def erase(request, pk):
    return done(request)


# ruleid: house-fresh-factor-without-permission
@with_fresh_factor(to=_("You are about to erase."))
def erase_and_say_so(request, pk):
    return done(request)


@requires(Permission.ERASE)
@require_POST
@with_fresh_factor(to=_("You are about to erase."))
def permitted_erase(request, pk):
    return done(request)


@requires(Permission.ERASE)
@require_GET
def close(request, pk):
    study = seen(request, pk)
    # ruleid: house-get-writes
    study.save(update_fields=["closed_at"])
    # ruleid: house-get-writes
    if form.attempt(studies.close_study, study=study):
        return done(request)


@require_POST
def close_by_form(request, pk):
    form.attempt(studies.close_study, study=seen(request, pk))


# ruleid: house-csrf-exempt
@csrf_exempt
def callback(request):
    return done(request)


def onwards(request):
    # ruleid: house-open-redirect
    return redirect(request.GET["next"])


def home(request):
    return redirect("home")
