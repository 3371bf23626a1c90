// The way to one other browser: WebRTC with perfect negotiation, https://www.w3.org/TR/webrtc/#perfect-negotiation-example
import { room } from "./page.js";

const PATIENCE = 20_000 * room.pace, AGAIN = 6_000 * room.pace;

export class Peer {
  state = "connecting";   // connecting, connected, broken, impossible
  media = {};             // what the other says of microphone, camera and screen
  stream = new MediaStream();
  #making = false; #ignored = false; #queue = Promise.resolve(); #senders = {}; #since = Date.now(); #was = false; #timer; #tried = Date.now();

  // send(data): to the other's Peer. changed(peer): something to see. heard(peer, text): a line of the chat. hung(): he may have left.
  constructor({ person, polite, iceServers, own, send, changed, heard, hung }) {
    Object.assign(this, { person, polite, own, send, changed, heard, hung });
    this.connection = new RTCPeerConnection({ iceServers });
    this.channel = this.connection.createDataChannel("room", { negotiated: true, id: 0 });
    this.#listen();
    this.carry();
    this.#timer = setInterval(() => this.#watch(), 1000);
  }

  // Send what one has now; tracks change without negotiating anew.
  carry() {
    for (const [kind, track] of [["audio", this.own.audio], ["video", this.own.video]]) this.#put(kind, track);
    this.#tell({ media: this.own.state });
  }

  // By the channel; as long as there is none, through Bridge.
  write(text) { if (!this.#tell({ chat: text })) this.send({ chat: text }); }

  take(data) {
    if (typeof data?.chat === "string") this.heard(this, data.chat);
    else this.#queue = this.#queue.then(() => this.#negotiated(data ?? {})).catch((error) => console.warn("signal", error));
  }

  close() { clearInterval(this.#timer); this.connection.close(); }

  #listen() {
    const { connection, channel } = this;
    connection.onnegotiationneeded = () => this.#offer();
    connection.onicecandidate = ({ candidate }) => { if (candidate) this.send({ candidate }); };
    connection.onconnectionstatechange = () => this.#see(connection.connectionState);
    connection.ontrack = ({ track }) => { this.stream.addTrack(track); this.changed(this); };
    channel.onopen = () => this.#tell({ media: this.own.state });
    channel.onclose = () => this.hung();
    channel.onmessage = ({ data }) => this.#hear(data);
  }

  #put(kind, track) {
    const sender = this.#senders[kind];
    if (sender) { if (sender.track !== track) sender.replaceTrack(track ?? null); }
    else if (track) this.#senders[kind] = this.connection.addTrack(track, this.own.stream);
  }

  // The first offer is the other's, if one is polite: browsers take back an offer with a channel in it badly.
  async #offer() {
    if (this.polite && !this.connection.remoteDescription) return;
    try {
      this.#making = true;
      await this.connection.setLocalDescription();
      this.send({ description: this.connection.localDescription });
    } catch (error) { console.warn("offer", error); }
    finally { this.#making = false; }
  }

  async #negotiated({ description, candidate }) {
    if (description) {
      const collision = description.type === "offer" && (this.#making || this.connection.signalingState !== "stable");
      this.#ignored = !this.polite && collision;
      if (this.#ignored) return;
      await this.connection.setRemoteDescription(description);
      if (description.type !== "offer") return;
      await this.connection.setLocalDescription();
      this.send({ description: this.connection.localDescription });
    } else if (candidate) {
      try { await this.connection.addIceCandidate(candidate); }
      catch (error) { if (!this.#ignored) throw error; }
    }
  }

  #hear(data) {
    let said;
    try { said = JSON.parse(data); } catch { return; }
    if (typeof said?.chat === "string") this.heard(this, said.chat);
    if (said?.media) { this.media = said.media; this.changed(this); }
  }

  #tell(what) {
    if (this.channel.readyState !== "open") return false;
    this.channel.send(JSON.stringify(what));
    return true;
  }

  #see(state) {
    if (state === "connected") { this.#was = true; this.#become("connected"); }
    else if (state === "disconnected" || state === "failed") { this.#become(this.#was ? "broken" : "connecting"); this.#tried = 0; }
  }

  #become(state) {
    if (state === this.state || (this.state === "impossible" && state !== "connected")) return;
    if (this.state === "connected") this.#since = Date.now();
    this.state = state;
    this.changed(this);
  }

  // Once a second: try another way. If there never was one, the network has none; without an answer it is not the network.
  #watch() {
    if (this.state === "connected") return;
    const { connectionState, remoteDescription, signalingState } = this.connection;
    const lost = connectionState === "failed" || connectionState === "disconnected";
    if (lost && signalingState === "stable" && Date.now() - this.#tried > AGAIN) { this.#tried = Date.now(); this.connection.restartIce(); }
    if (remoteDescription && !this.#was && Date.now() - this.#since > PATIENCE) this.#become("impossible");
  }
}
