"""The people of a member's address books, found by name; those who booked with him, added to them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import MemberRequest
from integrations import contact_panels, new_contacts, people
from scheduling import acquaintances, personal_links
from scheduling.forms.contacts import ContactSearchForm

PER_PAGE, SUGGESTED, MOST_TICKED = 25, 8, 50


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    form = ContactSearchForm(request.GET)
    panel = contact_panels.panel(request.membership)
    found = people.of(request.membership) if panel.is_wanted else people.none()
    shown = Paginator(people.search(found, form.text), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "panel": panel,
        "form": form,
        "page": shown,
        "lines": personal_links.lines(request.membership, shown),
        "met": acquaintances.of(request.membership) if panel.writable else [],
        "narrowing": form.narrowing,
    }
    return render(request, "scheduling/contacts/page.html", context)


@require_POST
def save(request: MemberRequest) -> HttpResponse:
    """Somebody who booked with him, into the account that he chose, else his first."""
    books = new_contacts.books(request.membership)
    met = acquaintances.find(request.membership, request.POST.get("email", "")[:254])
    if not books or met is None:
        raise Http404
    chosen = [book for book in books if str(book.connection.uid) == request.POST.get("account", "")]
    new_contacts.save((chosen or books)[0], name=met.name, email=met.email)
    messages.success(request, _("%(name)s is being saved to your contacts.") % {"name": met.name})
    return redirect("contacts", request.organization.slug)


@require_GET
def suggestions(request: MemberRequest) -> HttpResponse:
    """While somebody is invited: boxes to tick, those that are ticked first."""
    form = ContactSearchForm(request.GET)
    ticked = request.GET.getlist("addresses")[:MOST_TICKED]
    panel = contact_panels.panel(request.membership)
    found = people.of(request.membership) if panel.is_wanted else people.none()
    some = people.search(found, form.text).exclude(emails=[])[:SUGGESTED] if form.text else []
    new = [one for one in some if one.emails[0] not in ticked]
    context = {"panel": panel, "ticked": ticked, "found": new, "text": form.text}
    return render(request, "scheduling/contacts/_suggestions.html", context)
