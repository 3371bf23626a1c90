// What every page of the app shares: the theme, copying, dialogs, menus that fold away. All of it is an extra; pages work without.
const root = document.documentElement;

const announce = (words) => {
  const announcer = document.querySelector("[data-announcer]");
  if (announcer) announcer.textContent = words;
};

// Light, dark, or as the system has it: the cookie lets the server write the right theme, so nothing flashes.
document.addEventListener("change", ({ target }) => {
  if (!target.closest("[data-theme-switch]")) return;
  const chosen = target.value === "system" ? "" : target.value;
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? 31536000 : 0}; samesite=lax`;
});

// Pages that are not served over https have no clipboard of their own.
const copyByHand = (text) => {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
};

// <button data-copy="text" data-copied-text="Copied">
const copy = async (button) => {
  try { await navigator.clipboard.writeText(button.dataset.copy); }
  catch { if (!copyByHand(button.dataset.copy)) return; }
  button.dataset.copied = "";
  announce(button.dataset.copiedText);
  setTimeout(() => { delete button.dataset.copied; announce(""); }, 2500);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);

  // <a href="/the/page/that/asks/the/same" data-dialog="id">
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) { event.preventDefault(); dialog.showModal(); }

  if (event.target.matches("dialog.dialog")) event.target.close();   // a click on the veil

  for (const menu of document.querySelectorAll("details[data-folds-away][open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-folds-away][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A link to something inside a folded panel opens the panel.
const unfold = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let panel = target?.closest("details"); panel; panel = panel.parentElement.closest("details")) panel.open = true;
};
addEventListener("hashchange", unfold);
unfold();

// On a narrow screen a row of tabs begins where the current one is seen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = tab.closest(".tabs"), [inner, outer] = [tab, strip].map((box) => box.getBoundingClientRect());
  strip.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
