// A form with data-passkey asks the browser for a passkey before it is sent. Without scripts, and where there are no passkeys
// (old browsers; addresses that are numbers), it stays hidden, and what stands beside it says so.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (credentials = []) => credentials.map((credential) => ({ ...credential, id: toBytes(credential.id) }));

// What the server asks: written on the page, or to be had where the form goes.
const question = async (form) => {
  const written = document.getElementById("passkey-options");
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`no question: ${answer.status}`);
  return answer.json();
};

const make = async (form, { publicKey }) => {
  const alone = form.elements.passwordless?.checked;   // it has to know whose it is, and that it is he
  const credential = await navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    },
  } });
  const { clientDataJSON, attestationObject } = credential.response;
  return answer(credential, {
    clientDataJSON: toText(clientDataJSON),
    attestationObject: toText(attestationObject),
    transports: credential.response.getTransports?.() ?? [],
  });
};

const use = async (form, { publicKey }) => {
  const credential = await navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials),
  } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return answer(credential, {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle && toText(userHandle),
  });
};

const answer = (credential, response) => ({
  type: credential.type,
  id: credential.id,
  rawId: toText(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment,
  response,
  clientExtensionResults: credential.getClientExtensionResults(),
});

const fill = async (form) => {
  const asked = await question(form);
  const found = asked.creation_options ? make(form, asked.creation_options) : use(form, asked.request_options);
  form.elements.credential.value = JSON.stringify(await found);
};

const isNumber = /^[\d.]+$|:/.test(location.hostname);

for (const form of window.PublicKeyCredential && !isNumber ? document.querySelectorAll("form[data-passkey]") : []) {
  const problem = form.querySelector("[data-passkey-problem]");
  form.hidden = false;
  document.querySelector("[data-passkey-missing]")?.remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try { await fill(form); form.submit(); }
    catch { problem.hidden = false; }   // he closed the browser's window, or it has no passkey for this site
  });
}
