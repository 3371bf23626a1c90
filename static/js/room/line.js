// The line to Bridge: plain HTTP, asked quickly while browsers look for each other, and every few seconds afterwards.
import { memory, room } from "./page.js";

const SOON = 150, AT_ONCE = 50, LONGEST_BREAK = 10_000;

// The cookie is newer than the page if somebody signed in meanwhile, in another tab.
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? room.token;

const post = (verb, said, more = {}) => fetch(room.addresses[verb], {
  method: "POST", body: JSON.stringify(said), referrerPolicy: "same-origin",
  headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, ...more,
});

const read = async (answer) => { try { return await answer.json(); } catch { return {}; } };

export class Line {
  #key = ""; #name = ""; #outbox = []; #number = 0; #got = new Map(); #timer; #asking = false; #open = false; #failures = 0;

  // hear(answer): what Bridge says; lost(): it does not answer; over(sentence): it does not want to; pace(): ms until the next time.
  constructor({ hear, lost, over, pace }) { Object.assign(this, { hear, lost, over, pace }); }

  // true, or the sentence of the refusal.
  async enter(name) {
    this.close();
    let answer;
    try { answer = await post("enter", { name, before: memory.get().key ?? "" }); } catch { return null; }
    const said = await read(answer);
    if (!answer.ok) return said.sentence ?? null;
    Object.assign(this, { uid: said.uid });
    this.#key = said.key; this.#name = name; this.#outbox = []; this.#got.clear(); this.#number = 0; this.#open = true;
    memory.set({ key: said.key, name });
    this.hurry();
    return true;
  }

  again() { return this.enter(this.#name); }

  send(to, data) {
    this.#outbox.push({ to, number: ++this.#number, data });
    this.hurry();
  }

  // Nothing more is heard of somebody who went.
  forget(uid) { this.#got.delete(uid); this.#outbox = this.#outbox.filter((signal) => signal.to !== uid); }

  hurry() { if (this.#open && !this.#failures) this.#next(SOON); }

  async admit(uid) { await this.#decide("admit", uid); }
  async refuse(uid) { await this.#decide("refuse", uid); }

  // keepalive: it goes out although the page goes.
  leave() { if (this.#open) post("leave", { key: this.#key }, { keepalive: true }).catch(() => {}); this.close(); }

  close() { this.#open = false; clearTimeout(this.#timer); }

  async #decide(verb, uid) {
    try {
      const answer = await post(verb, { key: this.#key, uid });
      if (!answer.ok) this.lost((await read(answer)).sentence);
    } catch { this.lost(); }
    this.hurry();
  }

  #next(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), milliseconds);
  }

  async #ask() {
    if (this.#asking || !this.#open) return;
    this.#asking = true;
    let said;
    try { said = await this.#exchange(); } catch { this.#fail(); }
    this.#asking = false;
    try { if (said) this.hear(said, (signal) => this.#isNew(signal)); }
    finally { if (this.#open) this.#next(this.#wait()); }
  }

  #wait() {
    if (this.#failures) return Math.min(LONGEST_BREAK, 1000 * 2 ** this.#failures);
    return this.#outbox.length ? SOON : this.pace();
  }

  async #exchange() {
    const key = this.#key, signals = this.#outbox.slice(0, AT_ONCE);
    const answer = await post("exchange", { key, signals, got: Object.fromEntries(this.#got) });
    const said = await read(answer);
    if (key !== this.#key || !this.#open || answer.status === 429) return undefined;
    if (answer.status >= 500) throw new Error(answer.status);
    if (answer.status === 409) { this.#outbox = []; this.lost(said.sentence); return undefined; }
    if (!answer.ok) { this.close(); this.over(said.sentence); return undefined; }
    this.#outbox.splice(0, signals.length);
    if (this.#failures) { this.#failures = 0; this.lost(""); }
    return said;
  }

  // What was sent again because an answer got lost is heard once.
  #isNew({ from, number }) {
    if (number <= (this.#got.get(from) ?? 0)) return false;
    this.#got.set(from, number);
    return true;
  }

  #fail() { this.#failures += 1; if (this.#failures > 1) this.lost(); }
}
