// What every module of the room shares: the page's data, its words, its parts.
export const room = JSON.parse(document.getElementById("room-data").textContent);

// words("came", {name: "Ivan"}): a sentence of room_words.py with its gaps filled.
export const words = (key, gaps = {}) => room.words[key].replace(/%\((\w+)\)s/g, (_, gap) => gaps[gap] ?? "");

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const on = (selector, event, act) => all(selector).forEach((element) => element.addEventListener(event, act));

// The one line that says how things are; it is read out when it changes.
export const say = (sentence) => { if (one("[data-status]").textContent !== sentence) one("[data-status]").textContent = sentence; };

// One step is seen at a time: check, waiting, call, end.
export const show = (step) => {
  for (const section of all("[data-step]")) section.hidden = section.dataset.step !== step;
  document.body.dataset.shown = step;
  one(`[data-step="${step}"]`).focus({ preventScroll: true });
};

// What this tab remembers of its visit: it survives a reload, and ends with the tab.
const place = `room:${location.pathname}`;
export const memory = {
  get: () => { try { return JSON.parse(sessionStorage.getItem(place)) ?? {}; } catch { return {}; } },
  set: (what) => { try { sessionStorage.setItem(place, JSON.stringify({ ...memory.get(), ...what })); } catch { /* a private window: then it is forgotten */ } },
};
