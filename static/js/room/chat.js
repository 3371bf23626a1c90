// The chat line: it goes to those in the room, and is kept nowhere.
import { on, one, say, words } from "./page.js";

const panel = one("[data-chat]"), opener = one("[data-chat-open]"), lines = one("[data-chat-lines]");
const LONGEST = 1000;

const open = (wanted) => {
  panel.hidden = !wanted;
  opener.setAttribute("aria-expanded", wanted);
  if (wanted) { one("[data-chat-news]").hidden = true; one("[data-chat-form] input").focus(); } else opener.focus();
};

export const add = (name, text, { own = false } = {}) => {
  const line = document.createElement("p"), who = document.createElement("strong");
  who.textContent = words("says", { name });
  line.append(who, ` ${text.slice(0, LONGEST)}`);
  line.classList.toggle("chat__own", own);
  lines.append(line);
  lines.scrollTop = lines.scrollHeight;
  one("[data-chat-empty]").hidden = true;
  if (!own && panel.hidden) { one("[data-chat-news]").hidden = false; say(words("newMessage", { name })); }
};

// send(text): to everybody else.
export const start = (send) => {
  opener.addEventListener("click", () => open(panel.hidden));
  on("[data-chat-close]", "click", () => open(false));
  panel.addEventListener("keydown", ({ key }) => { if (key === "Escape") open(false); });
  one("[data-chat-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.line, text = field.value.trim();
    if (text) send(text);
    field.value = "";
  });
};
