/* Hashes, encryption under the phone's data key, and sealing to the server's public key. A classic script: the worker
   imports it too. */
(function () {
  "use strict";

  const offline = self.offline = self.offline || {};
  const subtle = self.crypto && self.crypto.subtle;
  const PURPOSE = "registry-sync-1"; // HKDF's info; the server derives with the same
  const CHUNK = 8192; // bytes: more arguments at once overflow the stack

  function utf8(text) {
    return new TextEncoder().encode(text);
  }

  function randomBytes(size) {
    return self.crypto.getRandomValues(new Uint8Array(size));
  }

  function toBase64(buffer) {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += CHUNK) {
      text += String.fromCharCode.apply(null, bytes.subarray(i, i + CHUNK));
    }
    return btoa(text);
  }

  function fromBase64(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }

  function toHex(buffer) {
    return Array.from(new Uint8Array(buffer), (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
  }

  async function sha256(text) {
    return toHex(await subtle.digest("SHA-256", utf8(text)));
  }

  function randomUuid() { // crypto.randomUUID needs Chrome 92
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 15) | 64; // version 4
    bytes[8] = (bytes[8] & 63) | 128; // variant of RFC 4122
    const hex = toHex(bytes);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* {iv, data} of `text`; `binding` ties it to its place, so that one row's text can't stand in another. */
  async function encrypt(key, text, binding) {
    const iv = randomBytes(12); // a new one each time: AES-GCM breaks when one comes twice under a key
    const how = { name: "AES-GCM", iv: iv, additionalData: utf8(binding) };
    return { iv: iv, data: await subtle.encrypt(how, key, utf8(text)) };
  }

  async function decrypt(key, box, binding) {
    const how = { name: "AES-GCM", iv: box.iv, additionalData: utf8(binding) };
    return new TextDecoder().decode(await subtle.decrypt(how, key, box.data));
  }

  /* `text` for the server alone: an ephemeral ECDH key, HKDF-SHA-256, AES-256-GCM over id, account and hash.
     `serverKey`: {id, public} of the last pull. Unsent work then survives a forgotten PIN. */
  async function sealForServer(text, id, account, hash, serverKey) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const pair = await subtle.generateKey(curve, false, ["deriveBits"]); // of this item alone, then forgotten
    const theirs = await subtle.importKey("raw", fromBase64(serverKey.public), curve, false, []);
    const secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
    const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(PURPOSE) };
    const key = await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const box = await encrypt(key, text, id + "\n" + account + "\n" + hash);
    const publicKey = await subtle.exportKey("raw", pair.publicKey);
    return { key: serverKey.id, epk: toBase64(publicKey), iv: toBase64(box.iv), data: toBase64(box.data) };
  }

  offline.seal = {
    utf8, randomBytes, toBase64, fromBase64, sha256, randomUuid, encrypt, decrypt, sealForServer
  };
})();
