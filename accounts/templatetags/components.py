"""Components with a body: {% panel "Label" id="…" %}…{% endpanel %}. The others are in templates/components."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def panel(content: str, label: str, *, id: str, hint: str = "", open: bool = False) -> SafeString:
    context = {"content": content, "label": label, "id": id, "hint": hint, "open": open}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def dialog(content: str, id: str, *, title: str) -> SafeString:
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def card(content: str, *, title: str = "", text: str = "", id: str = "", kind: str = "") -> SafeString:
    context = {"content": content, "title": title, "text": text, "id": id, "kind": kind}
    return render_to_string("components/card.html", context)


@register.simple_block_tag
def alert(content: str, kind: str = "info", *, title: str = "") -> SafeString:
    return render_to_string("components/alert.html", {"content": content, "kind": kind, "title": title})
