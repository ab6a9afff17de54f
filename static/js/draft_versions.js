/* Drafts of one form from several devices and tabs: which of them are left (draft.js). */

const MOST_PAGES = 50;

/* Whether `seen`, {page: count}, has what `draft` has. */
export function isSeen(draft, seen) {
  return (seen[draft.page] || 0) >= draft.count;
}

/* Each page's latest. */
function latestOfPages(drafts) {
  const latest = {};
  drafts.forEach((draft) => {
    if (!latest[draft.page] || latest[draft.page].count < draft.count) latest[draft.page] = draft;
  });
  return Object.values(latest);
}

/* What is left of the drafts that lie on this device (`stored`) and with the server (`remote`), the latest first. Not what
   was sent or thrown away, and not what is in another of them. `isOld`: the form was sent since, from elsewhere. */
export function draftsLeft(stored, remote) {
  const all = latestOfPages(stored.concat(remote.drafts));
  return all
    .filter((draft) => !isSeen(draft, remote.seen))
    .filter((draft) => !all.some((other) => other !== draft && isSeen(draft, other.seen)))
    .map((draft) => Object.assign({}, draft, { isOld: draft.served_at <= (remote.dropped_at || 0) }))
    .sort((one, other) => other.at - one.at);
}

/* Those of `drafts` that the server has not heard of: written without a network. */
export function unknownTo(remote, drafts) {
  return drafts.filter((draft) => !remote.drafts.some((one) => one.page === draft.page && one.count >= draft.count));
}

/* {page: count} of a draft and of all that are in it. */
export function seenWith(draft) {
  return Object.assign({}, draft.seen, { [draft.page]: draft.count });
}

/* `more` noted in `seen`; the pages that wrote last, of very many. */
export function noteSeen(seen, more) {
  Object.entries(more).forEach(([page, count]) => {
    const held = seen[page] || 0;
    delete seen[page]; // it stands last from now on
    seen[page] = Math.max(held, count);
  });
  Object.keys(seen).slice(0, -MOST_PAGES).forEach((page) => delete seen[page]);
}
