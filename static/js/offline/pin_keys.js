/* The PIN. A random data key encrypts what lies here; it is wrapped under PBKDF2(PIN) mixed with a key that never
   leaves this browser. Eight wrong tries, counted before each try, and the account's data are wiped.
   docs/offline.md tells the limits. */

import { seal, store } from "./shared_with_worker.js";

const ROUNDS = 600000;
const MOST_TRIES = 8;
const AES = { name: "AES-GCM", length: 256 };
const subtle = window.crypto && window.crypto.subtle;

/* The key that wraps the data key: from the PIN, which can be guessed, and the device's key, which can't be taken
   along. */
async function deriveWrappingKey(pin, lock) {
  const typed = await subtle.importKey("raw", seal.utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: lock.salt, iterations: lock.rounds };
  const stretched = await subtle.deriveBits(how, typed, 256);
  const mixed = await subtle.sign("HMAC", lock.device, stretched);
  return subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
}

/* The data key; not extractable. Fails under a wrong key: AES-GCM tells. */
function unwrapDataKey(lock, wrappingKey) {
  const how = { name: "AES-GCM", iv: lock.iv };
  return subtle.unwrapKey("raw", lock.wrapped, wrappingKey, how, AES, false, ["encrypt", "decrypt"]);
}

/* A new lock for `account`; `label` is whom the phone names when it asks for the PIN. Gives the data key. */
export async function createLock(account, label, pin) {
  const lock = {
    account, label, v: 1, rounds: ROUNDS, tries: 0, salt: seal.randomBytes(16), iv: seal.randomBytes(12),
  };
  lock.device = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const wrappingKey = await deriveWrappingKey(pin, lock);
  const extractable = await subtle.generateKey(AES, true, ["encrypt", "decrypt"]); // only such a key can be wrapped
  lock.wrapped = await subtle.wrapKey("raw", extractable, wrappingKey, { name: "AES-GCM", iv: lock.iv });
  await store.put("locks", lock);
  return unwrapDataKey(lock, wrappingKey);
}

/* The lock with one more try in it, or null. Counted before the try: who kills the page at "wrong" wins no try back. */
function countTry(account) {
  return store.transact(["locks"], async (tx) => {
    const lock = await tx.store.get(account);
    if (!lock || lock.tries >= MOST_TRIES) return null;
    lock.tries += 1;
    await tx.store.put(lock);
    return lock;
  });
}

function resetTries(account) {
  return store.transact(["locks"], async (tx) => {
    const lock = await tx.store.get(account);
    if (lock) await tx.store.put(Object.assign(lock, { tries: 0 }));
  });
}

async function tryPin(pin, lock) {
  try {
    return await unwrapDataKey(lock, await deriveWrappingKey(pin, lock));
  } catch (wrong) {
    return null;
  }
}

/* {key, left: tries that remain}; none left: all of the account is wiped. */
export async function unlock(account, pin) {
  const lock = await countTry(account);
  const key = lock ? await tryPin(pin, lock) : null;
  if (key) {
    await resetTries(account);
    return { key, left: MOST_TRIES };
  }
  const left = lock ? MOST_TRIES - lock.tries : 0;
  if (left <= 0) await store.wipeAccount(account);
  return { key: null, left };
}
