/* The service worker can't import modules in Chrome 80. What worker and pages share are therefore classic scripts
   that add to one global; pages take it from here alone. */

export const { outboxRules, seal, store, remoteWipe, sender } = self.offline;
