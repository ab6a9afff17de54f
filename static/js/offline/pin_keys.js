/* The PIN. A random data key encrypts what lies here; it is wrapped under PBKDF2(PIN) mixed with a key that never leaves this
   browser. Eight wrong tries, counted before each try, and the account's data are wiped. docs/offline.md tells the limits. */
(function () {
  "use strict";

  var offline = self.offline = self.offline || {}, subtle = self.crypto && self.crypto.subtle;
  var ROUNDS = 600000, TRIES = 8, SHORTEST = 6;
  var AES = { name: "AES-GCM", length: 256 };

  async function wrapping(pin, lock) {
    var typed = await subtle.importKey("raw", offline.seal.utf8(pin), "PBKDF2", false, ["deriveBits"]);
    var how = { name: "PBKDF2", hash: "SHA-256", salt: lock.salt, iterations: lock.rounds };
    var mixed = await subtle.sign("HMAC", lock.device, await subtle.deriveBits(how, typed, 256));
    return subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
  }

  function unwrap(lock, wrapper) {
    var how = { name: "AES-GCM", iv: lock.iv };
    return subtle.unwrapKey("raw", lock.wrapped, wrapper, how, AES, false, ["encrypt", "decrypt"]);
  }

  /* A new lock for `account`; `label` is whom the phone names when it asks for the PIN. Gives the data key. */
  async function make(account, label, pin) {
    var lock = { account: account, label: label, v: 1, rounds: ROUNDS, tries: 0, salt: offline.seal.random(16), iv: offline.seal.random(12) };
    lock.device = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    var wrapper = await wrapping(pin, lock), key = await subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
    lock.wrapped = await subtle.wrapKey("raw", key, wrapper, { name: "AES-GCM", iv: lock.iv });
    await offline.store.put("locks", lock);
    return unwrap(lock, wrapper);
  }

  function counted(account) {
    return offline.store.strictly(["locks"], async function (tx) {
      var lock = await tx.store.get(account);
      if (!lock || lock.tries >= TRIES) return null;
      lock.tries += 1;
      await tx.store.put(lock);
      return lock;
    });
  }

  /* {key}, or {left: tries that remain}; none left: all of the account is wiped. */
  async function open(account, pin) {
    var lock = await counted(account), key = null;
    if (lock) {
      try { key = await unwrap(lock, await wrapping(pin, lock)); } catch (wrong) { key = null; }
    }
    if (key) {
      await offline.store.strictly(["locks"], async function (tx) {
        var now = await tx.store.get(account);
        if (now) await tx.store.put(Object.assign(now, { tries: 0 }));
      });
      return { key: key, left: TRIES };
    }
    var left = lock ? TRIES - lock.tries : 0;
    if (left <= 0) await offline.store.wipe(account);
    return { key: null, left: left };
  }

  offline.keys = { make: make, open: open, SHORTEST: SHORTEST };
})();
