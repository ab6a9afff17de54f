/* What the outbox does next. Pure: clock and chance are passed in, nothing is stored or sent from here, so that
   the page, the worker (importScripts) and the tests (node) run the very same lines. A classic script for that
   reason. Floor Chrome 80.

   A row goes saved → sending → one of the final states. Whatever is lost, doubled or late on the way, a row that
   is not final can be sent again: the server knows its id and answers "already". */
(function () {
  "use strict";

  const offline = self.offline = self.offline || {};
  const SERVER_MARK = "child-welfare-registry"; // without it a 200 is a portal's page, not our server's answer
  const FINAL_STATES = { sent: true, conflict: true, refused: true, gone: true };
  const STATE_OF_VERDICT = {
    accepted: "sent", already: "sent", conflict: "conflict", refused: "refused", gone: "gone"
  };
  const BLAMES_THE_ITEM = { 400: true, 413: true, 415: true, 422: true }; // not the line: others go on
  const FIRST_DELAY = 5000; // milliseconds
  const LONGEST_DELAY = 300000;
  const DAY = 86400000;
  const WEEK = 7; // days

  function isFinal(row) {
    return Boolean(FINAL_STATES[row.state]);
  }

  /* The server has it, or handed it over to who is responsible now. */
  function isDelivered(row) {
    return row.state === "sent" || row.state === "gone";
  }

  /* Nobody but this phone can have it yet: mended or dropped it is not doubled. One that was ever on its way may have
     arrived though no answer came. */
  function isStillHere(row) {
    return row.state === "saved" && !row.tries && !row.started;
  }

  /* What keeps others, pages and worker, off a row while it is sent or mended. */
  function lockOf(row) {
    return "item/" + row.id;
  }

  /* The name of the draft in which a row is being mended. */
  function draftOf(row) {
    return "item/" + row.id;
  }

  /* The rows that the server has not taken: what is counted on the screen. */
  function unsent(rows) {
    return rows.filter((row) => !isDelivered(row));
  }

  /* How many things that is to who did them: a visit with its photos is one, also while only a photo is left. */
  function unsentCount(rows) {
    return new Set(unsent(rows).map((row) => row.after || row.id)).size;
  }

  /* What became of what was saved together as `ids`, a record or several with their photos: {state: saved until each
     record has arrived, sent, or why one has not, photos: how many of an arrived one have not}. */
  function whatBecame(rows, ids) {
    const saved = rows.filter((row) => ids.indexOf(row.id) >= 0);
    const records = saved.filter((row) => row.kind !== "photo");
    const failed = records.find((row) => isFinal(row) && row.state !== "sent");
    if (failed) return { state: failed.state, photos: 0 };
    if (!records.length || !records.every(isDelivered)) return { state: "saved", photos: 0 };
    return { state: "sent", photos: unsent(saved).length };
  }

  /* Milliseconds until the next try; `random()` in [0, 1) spreads the phones of a county, which all find the network
     again in the same minute. */
  function retryDelay(tries, random) {
    return Math.min(FIRST_DELAY * Math.pow(2, tries), LONGEST_DELAY) * (0.5 + 0.5 * random());
  }

  function isDue(row, now) {
    // Only the holder of the sender's lock asks: a row found "sending" was left by a sender that died. It may have
    // arrived or not; sending it again is safe, leaving it would be for ever.
    if (row.state === "sending") return true;
    // A wait longer than the longest there is: the clock was set back meanwhile.
    return row.next <= now || row.next - now > LONGEST_DELAY;
  }

  /* Danger waits for nothing; an assessment whose screen found danger comes next; photos come last, for a slow line
     carries a visit sooner than a photo. */
  function priority(row) {
    if (row.kind === "alert") return 0;
    if (row.urgent) return 1;
    return row.kind === "photo" ? 3 : 2;
  }

  /* A photo goes after its visit, whose receipt the server knows it by. A visit that is here no longer was
     delivered. */
  function isAfterItsVisit(row, rows) {
    return !row.after || rows.every((one) => one.id !== row.after || isDelivered(one));
  }

  function inSendingOrder(a, b) {
    const byId = a.id < b.id ? -1 : 1; // two of one millisecond: the order must not depend on the database
    return priority(a) - priority(b) || a.created - b.created || byId;
  }

  /* The row to send now, or null. `run`: {eager: ignore waiting times, tried: {id: true}, closed: {account: true}}.
     Each row is tried once a run, so that one bad item can't keep the others back. */
  function pickNext(rows, now, run) {
    const candidates = rows.filter((row) => {
      if (isFinal(row) || run.tried[row.id] || run.closed[row.account]) return false;
      return (run.eager || isDue(row, now)) && isAfterItsVisit(row, rows);
    });
    candidates.sort(inSendingOrder);
    return candidates[0] || null;
  }

  function markSending(row, now) {
    return Object.assign({}, row, { state: "sending", started: now });
  }

  /* Nothing was wrong with row or line: no try is counted, so that a login does not cost minutes of waiting. */
  function putBack(row, then) {
    return { row: Object.assign({}, row, { state: "saved", started: 0 }), then: then };
  }

  function retryLater(row, then, now, random) {
    const changes = { state: "saved", tries: row.tries + 1, next: now + retryDelay(row.tries, random) };
    return { row: Object.assign({}, row, changes), then: then };
  }

  /* Refused for its way here, not for what it says: it came changed, or the server can't open its envelope any more. */
  function wasDamaged(verdict) {
    return verdict.verdict === "refused" && verdict.errors && (verdict.errors.hash || verdict.errors.sealed);
  }

  function applyVerdict(row, verdict, now, random) {
    const state = verdict && STATE_OF_VERDICT[verdict.verdict];
    if (state && wasDamaged(verdict)) {
      // Another envelope won't be opened either: `unopened` makes the sender wait until it can send in clear.
      const next = verdict.errors.sealed ? Object.assign({}, row, { unopened: true }) : row;
      return retryLater(next, "next", now, random);
    }
    // "later", a verdict from a newer server, none for this id, or "accepted" without a receipt: no proof, so no green.
    if (!state || (state === "sent" && !verdict.receipt)) return retryLater(row, "next", now, random);
    const settled = {
      state: state, verdict: verdict.verdict, receipt: verdict.receipt || "", errors: verdict.errors || {},
      server: verdict.server || null, settled: now
    };
    return { row: Object.assign({}, row, settled), then: "next" };
  }

  /* What an answer makes of a row. `answer`: {status: 0 when none came whole, redirected, body: JSON or null};
     `tokenWasRenewed`: the CSRF token was read anew already. Gives {row, then}: next | stop | token | login |
     account. */
  function applyAnswer(row, answer, now, random, tokenWasRenewed) {
    const status = answer.status;
    const body = answer.body;
    // A late or doubled answer: what is settled stays settled.
    if (isFinal(row)) return { row: row, then: "next" };
    if (answer.redirected || status === 401) return putBack(row, "login");
    if (status === 403) return putBack(row, tokenWasRenewed ? "stop" : "token");
    if (status === 409) return putBack(row, "account");
    if (status === 200 && body && body.app === SERVER_MARK && Array.isArray(body.items)) {
      return applyVerdict(row, body.items.find((item) => item.id === row.id), now, random);
    }
    // The line or the whole server is at fault: the next item would fare no better, the run ends.
    return retryLater(row, BLAMES_THE_ITEM[status] ? "next" : "stop", now, random);
  }

  function daysBetween(from, to) {
    return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
  }

  /* The day as the page with a network groups it (visits/today/day.py): [{group, round, files}] of those that have
     somebody: overdue, first where the station asked for the visit; asked; due within a week; each running round; whose
     file waits for approval, of whom nothing is due; the rest. `rounds`: [{id, …}]; `today`: YYYY-MM-DD. */
  function groupsOfDay(files, rounds, today) {
    const sortKey = (file) => (file.due ? (file.due.asked ? "0" : "1") + file.due.due_on : "2") + file.id;
    const waiting = files.slice().sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    const groups = [];

    function take(group, belongs, round) {
      const taken = waiting.filter(belongs);
      taken.forEach((file) => waiting.splice(waiting.indexOf(file), 1));
      if (taken.length || round) groups.push({ group, round, files: taken });
    }

    const left = (file) => (file.due ? daysBetween(today, file.due.due_on) : Infinity);
    take("overdue", (file) => left(file) < 0);
    take("asked", (file) => file.due && file.due.asked);
    take("week", (file) => left(file) <= WEEK);
    rounds.forEach((round) => {
      take("round", (file) => file.due && (file.due.rounds || []).indexOf(round.id) >= 0, round);
    });
    take("unapproved", (file) => !file.due);
    take("rest", () => true);
    const order = ["asked", "overdue", "week", "round", "unapproved", "rest"]; // as the page has them
    return groups.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  }

  offline.outboxRules = {
    SERVER_MARK, isFinal, isDelivered, isStillHere, lockOf, draftOf, unsent, unsentCount, whatBecame, pickNext,
    markSending, applyAnswer, daysBetween, groupsOfDay
  };
})();
