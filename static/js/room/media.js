// One's own camera, microphone and screen.
import { memory } from "./page.js";

const KINDS = { camera: "video", microphone: "audio" };
const INPUTS = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" };
const WISHES = { camera: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" }, microphone: { echoCancellation: true, noiseSuppression: true } };

const granted = async (kind) => {
  try { return (await navigator.permissions.query({ name: kind })).state === "granted"; } catch { return false; }
};

// The word for what was missing, by the names of the errors.
const verdict = ({ camera, microphone }) => {
  const missing = (error) => error === "NotFoundError" || error === "OverconstrainedError";
  if (!camera && !microphone) return "ready";
  if ([camera, microphone].some((error) => error === "NotReadableError" || error === "AbortError")) return "busy";
  if (missing(camera) && missing(microphone)) return "noDevices";
  if (missing(camera) && !microphone) return "noCamera";
  if (missing(microphone) && !camera) return "noMicrophone";
  return microphone ? "refused" : "cameraRefused";
};

class Media {
  tracks = { camera: null, microphone: null, screen: null };
  chosen = { camera: "", microphone: "", speaker: "" };
  stream = "MediaStream" in window ? new MediaStream() : null;   // what the tracks belong together by
  changed = () => {};

  get video() { return this.tracks.screen ?? this.tracks.camera; }
  get audio() { return this.tracks.microphone; }
  get state() { return { microphone: Boolean(this.audio?.enabled), camera: Boolean(this.tracks.camera), screen: Boolean(this.tracks.screen) }; }
  get canShare() { return Boolean(navigator.mediaDevices?.getDisplayMedia); }

  // Ask for both; if that fails, for each. The answer is a word.
  async ask() {
    if (!("RTCPeerConnection" in window)) return "noWebrtc";
    if (!navigator.mediaDevices?.getUserMedia) return window.isSecureContext ? "noWebrtc" : "insecure";
    try { this.#take(await navigator.mediaDevices.getUserMedia({ video: this.#wish("camera"), audio: this.#wish("microphone") })); return "ready"; }
    catch (error) { return verdict(await this.#askEach(error.name)); }
  }

  // Off: the camera goes dark, the microphone deaf. The answer is whether it is as wanted.
  async turn(kind, wanted) {
    const track = this.tracks[kind];
    if (kind === "microphone" && track) track.enabled = wanted;
    else if (!wanted) this.#drop(kind);
    else if (!track && !(await this.#open(kind))) return false;
    this.changed();
    return true;
  }

  async choose(kind, id) {
    this.chosen[kind] = id;
    if (kind === "speaker" || !this.tracks[kind]) return this.changed();
    const deaf = kind === "microphone" && !this.tracks[kind].enabled;
    this.#drop(kind);
    await this.#open(kind);
    if (deaf && this.audio) this.audio.enabled = false;
    return this.changed();
  }

  async share() {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    [this.tracks.screen] = stream.getVideoTracks();
    this.tracks.screen.addEventListener("ended", () => this.stopSharing());
    this.changed();
  }

  stopSharing() { this.#drop("screen"); this.changed(); }

  stop() { for (const kind of Object.keys(this.tracks)) this.#drop(kind); this.changed(); }

  async devices() {
    const found = await navigator.mediaDevices?.enumerateDevices?.() ?? [];
    return Object.fromEntries(Object.entries(INPUTS).map(([kind, input]) => [kind, found.filter((device) => device.kind === input && device.deviceId)]));
  }

  async #askEach(first) {
    const failed = {};
    for (const kind of Object.keys(KINDS))
      if (first === "NotAllowedError" && !(await granted(kind))) failed[kind] = first;
      else failed[kind] = await this.#open(kind) ? undefined : this.error;
    return failed;
  }

  async #open(kind) {
    try { this.#take(await navigator.mediaDevices.getUserMedia({ [KINDS[kind]]: this.#wish(kind) })); return true; }
    catch (error) { this.error = error.name; return false; }
  }

  #wish(kind) { return { ...WISHES[kind], ...(this.chosen[kind] ? { deviceId: { exact: this.chosen[kind] } } : {}) }; }

  #take(stream) {
    for (const [kind, type] of Object.entries(KINDS)) {
      const [track] = stream.getTracks().filter((found) => found.kind === type);
      if (!track) continue;
      this.#drop(kind);
      this.tracks[kind] = track;
      track.addEventListener("ended", () => { if (this.tracks[kind] === track) { this.tracks[kind] = null; this.changed(); } });
    }
    this.changed();
  }

  #drop(kind) { const track = this.tracks[kind]; this.tracks[kind] = null; track?.stop(); }
}

export const media = new Media();
export const remember = () => memory.set({ camera: media.state.camera, microphone: media.state.microphone });
