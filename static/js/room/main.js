// The room: device check, waiting room, call. The server decides who is inside; the browsers talk to each other.
import * as chat from "./chat.js";
import * as check from "./check.js";
import { Line } from "./line.js";
import { media, remember } from "./media.js";
import { all, memory, on, one, room, say, show, words } from "./page.js";
import { Peer } from "./peer.js";
import * as tiles from "./tiles.js";

const PACE = { waiting: 2000, alone: 2500, looking: 700, hopeless: 2500, settled: 5000 }, LONG = 600_000;   // times room.pace
const peers = new Map(), knocks = new Map();
let state = "check", name = "", own = null, since = Date.now();

const line = new Line({ hear, lost, over, pace });

// --- What Bridge says ---

function hear(said, isNew) {
  if (said.state === "gone") return comeBack();
  if (said.state === "refused") return end(words("refusedEntry"));
  if (said.state === "waiting") return wait(said);
  if (state !== "inside") enterCall();
  meet(said.people, said.ice_servers);
  knock(said.waiting);
  for (const signal of said.signals)
    if (peers.has(signal.from) && isNew(signal)) peers.get(signal.from).take(signal.data);
}

function lost(sentence) { if (sentence === "") tellHowItIs(); else say(sentence ?? words("noBridge")); }

function over(sentence) { end(sentence ?? words("closed")); }

// Who has waited for long is not asked about every moment.
function pace() { return room.pace * PACE[phase()]; }

function phase() {
  if (!peers.size && Date.now() - since > LONG) return "settled";
  if (state !== "inside") return "waiting";
  const states = [...peers.values()].map((peer) => peer.state);
  if (states.some((found) => found === "connecting" || found === "broken")) return "looking";
  if (states.includes("impossible")) return "hopeless";
  return states.length ? "settled" : "alone";
}

// --- The way in and out ---

async function join() {
  const field = one("#name"), problem = one("[data-name-error]");
  name = field.value.trim();
  all("[data-join], [data-join-without]").forEach((button) => { button.disabled = true; });
  say(words("entering"));
  const answer = await line.enter(name);
  all("[data-join], [data-join-without]").forEach((button) => { button.disabled = false; });
  problem.hidden = answer === true;
  problem.textContent = answer === true ? "" : answer ?? words("noBridge");
  field.toggleAttribute("aria-invalid", answer !== true && !name);
  if (answer === true) memory.set({ joined: true });
  else { memory.set({ joined: false }); say(problem.textContent); if (state !== "check") toCheck(); }
}

function wait(said) {
  if (state !== "waiting") { drop(); turn("waiting", "waiting"); }
  say(words(said.is_full ? "waitingFull" : said.host_is_here ? "waiting" : "waitingForHost"));
}

function enterCall() {
  turn("inside", "call");
  one("[data-share]").hidden = !media.canShare;
  drawOwn();
  say(words("alone"));
}

// Bridge had not heard of this page for long, such as when the computer slept: what was connected is no more.
async function comeBack() {
  drop();
  const answer = await line.again();
  if (answer !== true) end(answer ?? words("noBridge"));
}

function leave(sentence) { line.leave(); end(sentence); }

function end(sentence) {
  line.close();
  drop();
  media.stop();
  memory.set({ joined: false });
  one("[data-end-sentence]").textContent = sentence;
  say(sentence);
  turn("end", "end");
}

function drop() {
  for (const peer of peers.values()) peer.close();
  peers.clear();
  knocks.clear();
  one("[data-knocks]")?.replaceChildren();
  tiles.clear();
}

async function toCheck() {
  one("[data-level]").closest(".field").before(one("[data-devices]"));
  turn("check", "check");
  await check.ask();
}

function turn(next, step) {
  [state, since] = [next, Date.now()];
  show(step);
}

// --- Who is here ---

function meet(people, iceServers) {
  const here = new Set(people.map((person) => person.uid));
  for (const [uid, peer] of peers) if (!here.has(uid)) part(uid, peer);
  for (const person of people) if (!peers.has(person.uid)) greet(person, iceServers);
}

function greet(person, iceServers) {
  const send = (data) => line.send(person.uid, data);
  const peer = new Peer({ person, polite: line.uid < person.uid, iceServers, own: media, send, changed, heard, hung: () => line.hurry() });
  peers.set(person.uid, peer);
  changed(peer);
}

function part(uid, peer) {
  peer.close();
  peers.delete(uid);
  line.forget(uid);
  tiles.remove(uid);
  say(words("gone", { name: peer.person.name }));
  showAdvice();
  setTimeout(() => { if (peers.size) tellHowItIs(); }, 4000);
}

function heard(peer, text) { chat.add(peer.person.name, text); }

function changed(peer) {
  const { person, stream } = peer;
  const trouble = { connecting: "tileConnecting", broken: "tileBroken", impossible: "tileImpossible" }[peer.state];
  const label = person.is_host ? words("host", person) : person.name;
  tiles.draw(person.uid, { name: person.name, label, stream, media: peer.media, trouble: trouble ? words(trouble) : "" });
  if (media.chosen.speaker) tiles.soundAt(media.chosen.speaker);
  if (peer.told !== peer.state) { peer.told = peer.state; tellHowItIs(); line.hurry(); }
}

// The worst first: a connection that cannot be, one that broke, one that is being made.
function tellHowItIs() {
  showAdvice();
  if (state !== "inside") return;
  for (const trouble of ["impossible", "broken", "connecting"]) {
    const [peer] = [...peers.values()].filter((found) => found.state === trouble);
    if (peer) return say(words(trouble, peer.person));
  }
  const [peer] = peers.values();
  say(!peer ? words("alone") : peers.size === 1 ? words("connected", peer.person) : words("connectedAll", { count: peers.size }));
}

function showAdvice() { one("[data-advice]").hidden = ![...peers.values()].some((peer) => peer.state === "impossible"); }

// --- Who would like to come in: the host's ---

function knock(waiting) {
  const there = new Set(waiting.map((person) => person.uid));
  for (const [uid, item] of knocks) if (!there.has(uid)) { item.remove(); knocks.delete(uid); }
  for (const person of waiting) if (!knocks.has(person.uid)) ask(person);
}

function ask(person) {
  const item = one("[data-knock]").content.firstElementChild.cloneNode(true);
  one("p", item).textContent = words("asksToEnter", person);
  one("[data-admit]", item).addEventListener("click", () => line.admit(person.uid));
  one("[data-refuse]", item).addEventListener("click", () => line.refuse(person.uid));
  knocks.set(person.uid, item);
  one("[data-knocks]").append(item);
  say(words("asksToEnter", person));
}

// --- Camera, microphone, screen ---

function drawOwn() {
  if (state !== "inside") return;
  const track = media.video;
  if (own?.getVideoTracks()[0] !== track || !own) own = new MediaStream(track ? [track] : []);
  tiles.draw("own", { name, label: words("you", { name }), stream: own, media: media.state, own: true });
}

media.changed = () => {
  const { microphone, camera, screen } = media.state;
  for (const button of all("[data-toggle]")) button.setAttribute("aria-pressed", button.dataset.toggle === "camera" ? camera : microphone);
  one("[data-share]").setAttribute("aria-pressed", screen);
  check.draw();
  drawOwn();
  for (const peer of peers.values()) peer.carry();
  if (state === "inside" || state === "waiting") remember();
};

async function toggle({ currentTarget }) {
  const kind = currentTarget.dataset.toggle, wanted = !media.state[kind];
  const done = await media.turn(kind, wanted);
  const said = { camera: ["cameraOffNow", "cameraOnNow", "noCameraNow"], microphone: ["mutedNow", "unmutedNow", "noMicrophoneNow"] }[kind];
  say(words(said[done ? Number(wanted) : 2]));
  if (done && wanted) check.list();
}

async function share() {
  if (media.state.screen) { media.stopSharing(); return say(words("sharedNoMore")); }
  try { await media.share(); say(words("sharedNow")); } catch { say(words("shareRefused")); }
}

function settings() {
  one("[data-devices-here]").append(one("[data-devices]"));
  one("[data-dialog-devices]").showModal();
}

// --- The page ---

one("[data-door]").addEventListener("submit", (event) => { event.preventDefault(); join(); });
on("[data-join-without]", "click", async () => { await media.turn("camera", false); join(); });
on("[data-toggle]", "click", toggle);
on("[data-retry]", "click", check.ask);
on("[data-tone]", "click", check.tone);
on("[data-share]", "click", share);
on("[data-settings]", "click", settings);
on("[data-leave]", "click", () => leave(words("left")));
on("[data-again]", "click", toCheck);
on("[data-choose]", "change", async ({ target }) => {
  await media.choose(target.dataset.choose, target.value);
  if (target.dataset.choose === "speaker") tiles.soundAt(target.value);
});
navigator.mediaDevices?.addEventListener?.("devicechange", check.list);
addEventListener("pagehide", () => line.leave());
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
chat.start((text) => { chat.add(name, text, { own: true }); for (const peer of peers.values()) peer.write(text); });

// A reload in the middle of a call leads back into it, with camera and microphone as they were.
const { joined, camera, microphone, name: called } = memory.get();
if (called) one("#name").value = called;
await check.ask();
if (joined) {
  if (camera === false) await media.turn("camera", false);
  if (microphone === false) await media.turn("microphone", false);
  join();
}
