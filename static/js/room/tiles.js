// One picture for each who is here, with his name and what is to be known of him.
import { one, words } from "./page.js";

const tiles = new Map();

const tileOf = (uid) => {
  if (!tiles.has(uid)) {
    const tile = one("[data-tile]").content.firstElementChild.cloneNode(true);
    one("[data-tiles]").append(tile);
    tiles.set(uid, tile);
    count();
  }
  return tiles.get(uid);
};

const count = () => { one("[data-tiles]").dataset.count = tiles.size; };

const notesOf = ({ microphone = true, camera = true, screen = false }) =>
  [screen && "shares", !microphone && "muted", !camera && !screen && "cameraOff"].filter(Boolean).map((key) => words(key));

// A browser that lets nothing sound before a touch is asked again at the next one.
const play = (video) => video.play().catch(() => document.addEventListener("pointerdown", () => video.play().catch(() => {}), { once: true }));

export const draw = (uid, { name, label, stream, media, own = false, trouble = "" }) => {
  const tile = tileOf(uid), video = one("video", tile);
  const seen = Boolean(stream?.getVideoTracks().length) && !trouble && (media.camera !== false || media.screen === true);
  tile.classList.toggle("tile--own", own);
  tile.classList.toggle("tile--screen", Boolean(media.screen));
  tile.classList.toggle("tile--dark", !seen);
  video.muted = own;
  video.setAttribute("aria-label", label);
  if (video.srcObject !== stream) { video.srcObject = stream; if (stream) play(video); }
  one(".tile__face", tile).textContent = [...name][0] ?? "";
  one(".tile__name", tile).textContent = label;
  one(".tile__notes", tile).textContent = [trouble, ...notesOf(media)].filter(Boolean).join(" · ");
};

export const remove = (uid) => { const tile = tiles.get(uid); if (tile) { one("video", tile).srcObject = null; tile.remove(); tiles.delete(uid); count(); } };
export const clear = () => [...tiles.keys()].forEach(remove);

export const soundAt = (speaker) => {
  for (const tile of tiles.values()) one("video", tile).setSinkId?.(speaker).catch(() => {});
};
