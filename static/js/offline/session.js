/* Who is unlocked on this page, and what the last pull said. Without a key the phone is locked and nothing is
   readable. */

export const session = {
  account: "",
  label: "", // name and place, for the screen
  key: null, // the data key; it can't be exported
  lastPull: null, // without its files
  files: [],
  isOffline: false, // nobody answered the last pull
};

export function fileOf(child) {
  return session.files.find((file) => file.id === child);
}

/* The visit that the station sent back, of the last pull. */
export function returnedVisit(visit) {
  return ((session.lastPull && session.lastPull.returned) || []).find((entry) => entry.visit === visit);
}
