/* The outbox as the director sees it: each item's true state, never better than the receipt says. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, core = offline.core;
  var TONES = { saved: "warm", sending: "brand", sent: "ok", conflict: "danger", refused: "danger", gone: "danger", returned: "warm" };

  function nameOf(child) {
    var file = state.files.filter(function (one) { return one.id === child; })[0];
    return file ? file.name : cwr.word("offline.unknown");
  }

  function returnedReason(row) {
    var entry = ((state.about && state.about.returned) || []).filter(function (one) { return one.visit === row.id; })[0];
    return entry ? entry.reason : "";
  }

  function tell(row, shown) {
    if (shown === "returned") return returnedReason(row);
    if (shown === "saved" && row.tries) return cwr.word("offline.tell.waiting", { n: row.tries });
    return shown === "sent" || shown === "sending" ? "" : cwr.word("offline.tell." + shown);
  }

  function labelFor(name) {
    var field = document.getElementById("visit-form").content.querySelector('[data-field="' + name + '"]');
    var head = field && field.querySelector("legend, label");
    return head ? head.firstChild.textContent.trim() : name;
  }

  function lines(row) {
    var found = [];
    Object.keys(row.errors || {}).forEach(function (name) {
      [].concat(row.errors[name]).forEach(function (text) { found.push(name ? labelFor(name) + "：" + text : text); });
    });
    if (row.state === "conflict" && row.server) {
      Object.keys(row.server).forEach(function (name) {
        var value = row.server[name];
        if (value !== null && typeof value !== "object") found.push(cwr.word("offline.theirs") + " " + labelFor(name) + "：" + value);
      });
    }
    return found;
  }

  function card(row, payload) {
    var made = show.clone("item-card"), shown = row.state === "sent" && returnedReason(row) ? "returned" : row.state;
    var edit = show.slot("edit", made), errors = show.slot("errors", made), day = payload ? show.day(payload.visited_on) : "";
    made.querySelector("article").dataset.item = row.id;
    show.fill("name", nameOf(row.child) + (day ? " " + day : ""), made);
    show.slot("state", made).appendChild(show.chip(cwr.word("offline.state." + shown, { receipt: row.receipt }), TONES[shown]));
    show.fill("tell", tell(row, shown), made);
    lines(row).forEach(function (text) { errors.appendChild(cwr.make("li", "tone-danger", text)); });
    edit.href = "#item/" + row.id;
    if (!payload || (row.state !== "refused" && row.state !== "conflict")) edit.parentElement.remove();
    return made;
  }

  async function draw(part, rows) {
    var place = show.slot("items", part), mine = rows.filter(function (row) { return row.account === state.account; }), cards = [];
    mine.sort(function (a, b) { return b.created - a.created; });
    for (const draft of await offline.store.drafts(state.account)) cards.push(draftCard(draft));
    for (const row of mine) {
      var text = await offline.visit.payload(row).catch(function () { return null; });
      cards.push(card(row, text && JSON.parse(text)));
    }
    place.textContent = "";
    cards.forEach(function (one) { place.appendChild(one); });
    if (!cards.length) place.appendChild(cwr.make("p", "muted", cwr.word("offline.nothing")));
  }

  function draftCard(draft) {
    var made = show.clone("item-card");
    show.fill("name", nameOf(draft.child), made);
    show.slot("state", made).appendChild(show.chip(cwr.word("offline.state.draft"), "outline"));
    show.slot("edit", made).href = "#visit/" + draft.child;
    return made;
  }

  /* What was not delivered as a file: the very body of POST /api/v1/sync/, each item sealed to the server. */
  async function save(account, device, version) {
    var rows = core.unsent(await offline.store.outbox()).filter(function (row) { return row.account === account && row.sealed; });
    var items = rows.map(function (row) {
      return { id: row.id, kind: row.kind, schema: row.schema, made_at: row.made_at, hash: row.hash, sealed: row.sealed };
    });
    var body = JSON.stringify({ account: account, device: device, app: version, items: items });
    var link = show.link("", URL.createObjectURL(new Blob([body], { type: "application/json" })));
    link.download = "visits-" + show.isoDay(new Date()) + ".json";
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(URL.revokeObjectURL, 60000, link.href);
    cwr.toast(cwr.word("offline.exported", { name: link.download }));
  }

  offline.tray = { draw: draw, save: save };
})();
