/* What the outbox does next. Pure: clock and chance are passed in, nothing is stored or sent from here, so that the page,
   the worker (importScripts) and the tests (node) run the very same lines. Floor Chrome 80. */
(function (root, make) {
  "use strict";
  if (typeof module === "object" && module.exports) module.exports = make();
  else (root.offline = root.offline || {}).core = make();
})(typeof self === "undefined" ? this : self, function () {
  "use strict";

  var MARK = "child-welfare-registry"; // without it a 200 is a portal's page, not our server's answer
  var FINAL = { sent: true, conflict: true, refused: true, gone: true };
  var VERDICTS = { accepted: "sent", already: "sent", conflict: "conflict", refused: "refused", gone: "gone" };
  var AT_FAULT_ALONE = { 400: true, 413: true, 415: true, 422: true }; // the item, not the line: others go on
  var FIRST_WAIT = 5000, LONGEST_WAIT = 300000; // milliseconds

  function isFinal(row) { return Boolean(FINAL[row.state]); }

  /* Milliseconds until the next try; `random()` in [0, 1) spreads the phones of a county. */
  function backoff(tries, random) {
    return Math.min(FIRST_WAIT * Math.pow(2, tries), LONGEST_WAIT) * (0.5 + 0.5 * random());
  }

  function isDue(row, now) {
    if (row.state === "sending") return true; // found under the lock: whoever sent it is dead
    return row.next <= now || row.next - now > LONGEST_WAIT; // the second: the clock was set back meanwhile
  }

  /* Danger waits for nothing; photos come last, for a slow line carries a visit sooner than a photo. */
  function rank(row) { return row.kind === "alert" ? 0 : row.kind === "photo" ? 2 : 1; }

  /* A photo goes after its visit, whose receipt the server knows it by. A visit that is here no longer was taken. */
  function mayGo(row, rows) {
    return !row.after || rows.every(function (one) { return one.id !== row.after || isTaken(one); });
  }

  /* The row to send now, or null. `run`: {eager: ignore waiting times, tried: {id: true}, closed: {account: true}}. */
  function pick(rows, now, run) {
    var open = rows.filter(function (row) {
      return !isFinal(row) && !run.tried[row.id] && !run.closed[row.account] && (run.eager || isDue(row, now)) && mayGo(row, rows);
    });
    open.sort(function (a, b) { return rank(a) - rank(b) || a.created - b.created || (a.id < b.id ? -1 : 1); });
    return open[0] || null;
  }

  function start(row, now) { return Object.assign({}, row, { state: "sending", started: now }); }

  function rest(row, then) { return { row: Object.assign({}, row, { state: "saved" }), then: then }; }

  function wait(row, then, now, random) {
    var tries = row.tries + 1;
    return {
      row: Object.assign({}, row, { state: "saved", tries: tries, next: now + backoff(row.tries, random) }),
      then: then
    };
  }

  /* Refused for its way here, not for what it says: it came changed, or the server can't open its envelope any more.
     The second then goes in clear, once the phone is unlocked. */
  function onlyBroken(given) {
    return given.verdict === "refused" && given.errors && (given.errors.hash || given.errors.sealed);
  }

  function judged(row, given, now, random) {
    var state = given && VERDICTS[given.verdict];
    if (state && onlyBroken(given)) {
      return wait(given.errors.sealed ? Object.assign({}, row, { unopened: true }) : row, "next", now, random);
    }
    if (!state || (state === "sent" && !given.receipt)) return wait(row, "next", now, random);
    return {
      row: Object.assign({}, row, {
        state: state, verdict: given.verdict, receipt: given.receipt || "", errors: given.errors || {},
        server: given.server || null, settled: now
      }),
      then: "next"
    };
  }

  /* What an answer makes of a row. `answer`: {status: 0 when none came whole, redirected, body: JSON or null};
     `again`: the token was read anew already. Gives {row, then}: next | stop | token | login | account. */
  function settle(row, answer, now, random, again) {
    var status = answer.status, body = answer.body;
    if (isFinal(row)) return { row: row, then: "next" };
    if (answer.redirected || status === 401) return rest(row, "login");
    if (status === 403) return rest(row, again ? "stop" : "token");
    if (status === 409) return rest(row, "account");
    if (status === 200 && body && body.app === MARK && Array.isArray(body.items)) {
      return judged(row, body.items.filter(function (item) { return item.id === row.id; })[0], now, random);
    }
    return wait(row, AT_FAULT_ALONE[status] ? "next" : "stop", now, random);
  }

  /* The rows that the server has not taken: what is counted on the screen. Handed over (gone) is taken. */
  function unsent(rows) { return rows.filter(function (row) { return !isTaken(row); }); }

  function isTaken(row) { return row.state === "sent" || row.state === "gone"; }

  function days(from, to) { return Math.round((Date.parse(to) - Date.parse(from)) / 86400000); }

  /* [[group, files]]: overdue, then due within a week, then the rest, the longest due first. `day`: YYYY-MM-DD. */
  function dayWork(files, day) {
    var groups = { overdue: [], week: [], rest: [] };
    files.forEach(function (file) {
      var left = file.due ? days(day, file.due.due_on) : Infinity;
      groups[left < 0 ? "overdue" : left <= 7 ? "week" : "rest"].push(file);
    });
    function key(file) { return (file.due ? file.due.due_on : "9999") + file.name; }
    return Object.keys(groups).map(function (name) {
      return [name, groups[name].sort(function (a, b) { return key(a) < key(b) ? -1 : 1; })];
    });
  }

  return {
    MARK: MARK, isFinal: isFinal, backoff: backoff, pick: pick, start: start, settle: settle, unsent: unsent, isTaken: isTaken,
    days: days, dayWork: dayWork
  };
});
