/* Several drafts of one form, from several devices and tabs: which is whose past, which stand beside it (draft.js). */

export const MOST_OTHERS = 3;
const MOST_PAGES = 50;

/* `drafts` without `one`, in whichever copy. */
export function without(drafts, one) {
  return drafts.filter((draft) => !(isIn(draft, one) && isIn(one, draft)));
}

/* Whether all that `draft` has is in `other` too. */
export function isIn(draft, other) {
  return Object.entries(draft.seen).every(([page, count]) => (other.seen[page] || 0) >= count);
}

/* `drafts` without those that are in another of them, the latest first. */
export function newestOf(drafts) {
  const apart = drafts.filter((draft, index) => {
    return !drafts.some((other, at) => at !== index && isIn(draft, other) && !(isIn(other, draft) && at > index));
  });
  return apart.sort((one, other) => other.at - one.at);
}

/* What there is of a form: {latest, or null, others}, each {at, values, given, version, seen, isOld}. `isOld`: the form
   was sent since. Of what the server had and was sent or thrown away since, on whatever device, nothing is left; what was
   not in that is still its writer's. */
export function findDrafts(local, remote) {
  const isOld = Boolean(local && remote.dropped_at && local.servedAt <= remote.dropped_at);
  const wasSent = isOld && isIn(local, { seen: remote.seen || {} });
  const rest = wasSent ? { isOld, values: {}, given: {} } : { isOld }; // what was kept along with it was not sent
  const mine = local && !(wasSent && !local.others.length) ? [Object.assign({}, local, rest)] : [];
  const theirs = remote.values ? [Object.assign({}, remote, { isOld: false })] : [];
  const apart = newestOf(mine.concat(theirs));
  const kept = apart.flatMap((draft) => draft.others.map((other) => Object.assign({}, other, {
    isOld: Boolean(other.isOld || draft.isOld),
  })));
  const latest = apart[0] || null;
  const others = newestOf(apart.slice(1).concat(kept)).filter((other) => !isIn(other, latest));
  return { latest, others: others.slice(0, MOST_OTHERS) };
}

/* A draft as it is kept along with another. */
export function plainOf({ at, values, given, version, seen, isOld }) {
  return { at, values, given, version, seen, isOld: Boolean(isOld) };
}

/* The pages that wrote last, of very many. */
export function lastOf(seen) {
  return Object.fromEntries(Object.entries(seen).slice(-MOST_PAGES));
}
