// The device check before entering, and the choice of devices during the call.
import { all, one, words } from "./page.js";
import { media } from "./media.js";

let context, meter;

const fill = (select, kind, devices) => {
  select.disabled = !devices.length || (kind === "speaker" && !("setSinkId" in HTMLMediaElement.prototype));
  if (select.disabled) return;
  const current = media.chosen[kind] || media.tracks[kind]?.getSettings().deviceId || "";
  select.replaceChildren(...devices.map((device, at) => new Option(device.label || words(kind, { number: at + 1 }), device.deviceId)));
  if (current) select.value = current;
};

export const list = async () => {
  const found = await media.devices();
  for (const select of all("[data-choose]")) fill(select, select.dataset.choose, found[select.dataset.choose]);
};

export const ask = async () => {
  one("[data-said]").textContent = words("asking");
  one("[data-retry]").hidden = true;
  const verdict = await media.ask();
  one("[data-said]").textContent = words(verdict);
  one("[data-retry]").hidden = !["refused", "cameraRefused", "busy", "noCamera", "noMicrophone", "noDevices"].includes(verdict);
  for (const button of all("[data-join], [data-join-without]")) button.disabled = verdict === "noWebrtc";
  await list();
  return verdict;
};

// One's own picture and the level, as they are now.
export const draw = () => {
  const video = one("[data-preview]"), track = media.tracks.camera;
  if (video.srcObject?.getVideoTracks()[0] !== track) video.srcObject = track ? new MediaStream([track]) : null;
  one("[data-preview-none]").hidden = Boolean(track);
  listen();
};

const listen = () => {
  const track = media.audio;
  if (meter?.track === track) return;
  clearInterval(meter?.timer);
  meter = { track };
  one("[data-level]").value = 0;
  if (!track) return;
  context ??= new AudioContext();
  context.resume();
  const analyser = context.createAnalyser(), samples = new Float32Array(512);
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  meter.timer = setInterval(() => {
    if (one("[data-level]").closest("[hidden]")) return;
    analyser.getFloatTimeDomainData(samples);
    one("[data-level]").value = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
  }, 100);
};

// A short tone from the chosen speaker.
export const tone = async () => {
  context ??= new AudioContext();
  await context.resume();
  const source = context.createOscillator(), volume = context.createGain(), out = context.createMediaStreamDestination();
  volume.gain.value = 0.2;
  source.connect(volume).connect(out);
  const sound = Object.assign(new Audio(), { srcObject: out.stream });
  if (media.chosen.speaker) await sound.setSinkId?.(media.chosen.speaker).catch(() => {});
  await sound.play();
  source.start();
  source.stop(context.currentTime + 0.6);
};
