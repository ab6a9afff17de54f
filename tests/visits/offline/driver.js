/* The real outbox script (static/js/offline/outbox_rules.js) over lines of JSON, with a phone's disk and one run of its sender.
   argv: the script, then [[text, other text]] of a mistake to be put into it. */
const fs = require("fs");
const readline = require("readline");

let source = fs.readFileSync(process.argv[2], "utf8");
for (const [right, wrong] of JSON.parse(process.argv[3] || "[]")) {
  if (source.split(right).length !== 2) throw new Error("the script has no such line: " + right);
  source = source.replace(right, wrong);
}
const scope = {};
new Function("self", source)(scope);
const rules = scope.offline.outboxRules;

let disk = {}, run = null;

const acts = {
  anew() { disk = {}; run = null; },
  save(said) { disk[said.row.id] = said.row; },
  kill() { run = null; },
  next(said) { // what sender.js does under the lock, up to its POST
    run = run || { eager: false, tried: {}, closed: {} };
    const row = rules.pickNext(Object.values(disk), said.now, run);
    if (!row) { run = null; return null; }
    run.tried[row.id] = true;
    disk[row.id] = rules.markSending(row, said.now);
    return disk[row.id];
  },
  answer(said) { // and from its answer on
    const done = rules.applyAnswer(disk[said.id], said.answer, said.now, () => said.chance, said.again);
    disk[said.id] = done.row;
    if (done.then === "account" && run) run.closed[done.row.account] = true;
    if (done.then === "stop" || done.then === "login") run = null;
    return done.then;
  },
  count(said) { return rules.unsentCount(said.rows); },
  became(said) { return rules.whatBecame(said.rows, said.ids); },
  rows() { return Object.values(disk); },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const said = JSON.parse(line);
  process.stdout.write(JSON.stringify(acts[said.do](said) ?? null) + "\n");
});
