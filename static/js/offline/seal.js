/* Hashes, encryption under the phone's data key, and sealing to the server's public key. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {}, subtle = self.crypto && self.crypto.subtle;
  var INFO = "registry-sync-1";

  function utf8(text) { return new TextEncoder().encode(text); }

  function random(size) { return self.crypto.getRandomValues(new Uint8Array(size)); }

  function base64(buffer) {
    var text = "";
    var all = new Uint8Array(buffer);
    for (var i = 0; i < all.length; i += 8192) text += String.fromCharCode.apply(null, all.subarray(i, i + 8192));
    return btoa(text);
  }

  function bytes(text) { return Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); }); }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (byte) { return (byte < 16 ? "0" : "") + byte.toString(16); }).join("");
  }

  async function hash(text) { return hex(await subtle.digest("SHA-256", utf8(text))); }

  function uuid() { // crypto.randomUUID needs Chrome 92
    var b = random(16);
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    var h = hex(b);
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }

  /* {iv, data} of `text`; `about` binds it to its place, so that one row's text can't stand in another. */
  async function encrypt(key, text, about) {
    var iv = random(12);
    return { iv: iv, data: await subtle.encrypt({ name: "AES-GCM", iv: iv, additionalData: utf8(about) }, key, utf8(text)) };
  }

  async function decrypt(key, box, about) {
    return new TextDecoder().decode(
      await subtle.decrypt({ name: "AES-GCM", iv: box.iv, additionalData: utf8(about) }, key, box.data)
    );
  }

  /* `text` for the server alone: an ephemeral ECDH key, HKDF-SHA-256, AES-256-GCM over id, account and hash.
     `server`: {id, public} of the last pull. Unsent work then survives a forgotten PIN. */
  async function toServer(text, id, account, digest, server) {
    var curve = { name: "ECDH", namedCurve: "P-256" };
    var pair = await subtle.generateKey(curve, false, ["deriveBits"]);
    var theirs = await subtle.importKey("raw", bytes(server.public), curve, false, []);
    var secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
    var base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    var how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(INFO) };
    var key = await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    var box = await encrypt(key, text, id + "\n" + account + "\n" + digest);
    return {
      key: server.id, epk: base64(await subtle.exportKey("raw", pair.publicKey)), iv: base64(box.iv), data: base64(box.data)
    };
  }

  offline.seal = {
    utf8: utf8, random: random, base64: base64, bytes: bytes, hash: hash, uuid: uuid, encrypt: encrypt, decrypt: decrypt, toServer: toServer
  };
})();
