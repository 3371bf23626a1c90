from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import profiles
from accounts.forms.profile import CustomUrlForm, ProfileForm
from accounts.http import MemberRequest


def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "accounts/profile/page.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def custom_url(request: MemberRequest) -> HttpResponse:
    wish = str(request.POST.get("custom_url", "")).strip()
    try:
        profiles.change_custom_url(request.user, wish)
    except profiles.CustomUrlRefused as refused:
        context = {"wish": wish[:200], "problem": str(refused)}
        return render(request, "accounts/profile/custom_url.html", context, status=422)
    messages.success(request, _("Your address is now %(url)s.") % {"url": request.build_absolute_uri(f"/{wish}")})
    return redirect("schedulers", request.organization.slug)


@require_GET
def custom_url_check(request: MemberRequest) -> HttpResponse:
    """A fragment for the live check: whether this custom URL can be had."""
    form = CustomUrlForm(request.GET)
    wish = form.cleaned_data["custom_url"] if form.is_valid() else ""
    problem = profiles.custom_url_problem(wish, user=request.user) if wish else ""
    return render(request, "accounts/profile/_custom_url_check.html", {"wish": wish, "problem": problem})
