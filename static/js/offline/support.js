/* Whether this browser can work without a network. */

export function isSupported() {
  const hasCrypto = window.crypto && crypto.subtle;
  return Boolean(window.isSecureContext && navigator.serviceWorker && hasCrypto && window.indexedDB && navigator.locks);
}
