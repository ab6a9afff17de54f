/* The outbox as the director sees it: each item's true state, never better than the receipt says. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, core = offline.core;
  var TONES = { saved: "warm", sending: "brand", sent: "ok", conflict: "danger", refused: "danger", gone: "danger", returned: "warm" };

  function nameOf(child) {
    var file = state.files.filter(function (one) { return one.id === child; })[0];
    return file ? file.name : cwr.word("offline.unknown");
  }

  function returnedEntry(visit) {
    return ((state.about && state.about.returned) || []).filter(function (one) { return one.visit === visit; })[0];
  }

  function returnedReason(row) {
    var entry = row.kind === "visit" && returnedEntry(row.id);
    return entry ? entry.reason : "";
  }

  function tell(row, shown) {
    if (shown === "returned") return returnedReason(row);
    if (row.kind === "alert" && shown === "saved") return cwr.word("offline.tell.alert");
    if (shown === "saved" && row.tries) return cwr.word("offline.tell.waiting", { n: row.tries });
    if (shown === "conflict" && !(row.server && row.server.state === "returned")) return cwr.word("offline.tell.done_elsewhere");
    return shown === "sent" || shown === "sending" ? "" : cwr.word("offline.tell." + shown);
  }

  /* The form of a row's kind, for the names of its fields and answers. */
  function formOf(row) { return document.getElementById(row.kind === "alert" ? "alert-form" : "visit-form").content; }

  function labelFor(row, name) {
    var field = formOf(row).querySelector('[data-field="' + name + '"]'), head = field && field.querySelector("legend, label");
    return head ? (head.querySelector("strong") || head.firstChild).textContent.trim() : name;
  }

  function spoken(row, name, value) {
    if (value === undefined || value === null || value === "") return "—";
    if (typeof value === "boolean") return cwr.word(value ? "offline.yes" : "offline.no");
    return [].concat(value).map(function (one) { return offline.visit.labelOf(formOf(row), name, one); }).join("、") || cwr.word("offline.no");
  }

  /* Where both sides differ, each with its value. */
  function conflict(row, said) {
    var theirs = row.server && row.server.answers, mine = said || {};
    return Object.keys(theirs ? Object.assign({}, theirs, mine) : {}).filter(function (name) {
      return spoken(row, name, theirs[name]) !== spoken(row, name, mine[name]) && labelFor(row, name) !== name;
    }).map(function (name) {
      return labelFor(row, name) + "：" + cwr.word("offline.both", { mine: spoken(row, name, mine[name]), theirs: spoken(row, name, theirs[name]) });
    });
  }

  function lines(row, said) {
    var found = [];
    Object.keys(row.errors || {}).forEach(function (name) {
      [].concat(row.errors[name]).forEach(function (text) { found.push(name ? labelFor(row, name) + "：" + text : text); });
    });
    return row.state === "conflict" ? found.concat(conflict(row, said)) : found;
  }

  function title(row, said) {
    var name = row.child ? nameOf(row.child) : said && said.child_words || "";
    if (row.kind === "alert") return [cwr.word("offline.alert"), name].join(" ");
    if (row.kind === "photo") return [name, cwr.word("offline.photo")].join(" ");
    return name + (said ? " " + show.day(said.visited_on) : "");
  }

  /* What was not taken can be mended while it can be read; what moved on elsewhere only be put away. */
  function mendable(row, said) {
    if (!said || row.kind === "photo") return false;
    return row.state === "refused" || (row.state === "conflict" && Boolean(row.server) && row.server.state === "returned");
  }

  function card(row, said, photos) {
    var made = show.clone("item-card"), shown = row.state === "sent" && returnedReason(row) ? "returned" : row.state;
    var edit = show.slot("edit", made), drop = show.slot("drop", made), errors = show.slot("errors", made);
    made.querySelector("article").dataset.item = row.id;
    show.fill("name", title(row, said), made);
    show.slot("state", made).appendChild(show.chip(cwr.word("offline.state." + shown, { receipt: row.receipt }), TONES[shown]));
    show.fill("tell", tell(row, shown), made);
    if (photos.length) {
      show.fill("photos", cwr.word("offline.photos", { n: photos.length, sent: photos.filter(core.isTaken).length }), made);
    }
    lines(row, said).forEach(function (text) { errors.appendChild(cwr.make("li", "tone-danger", text)); });
    edit.href = "#item/" + row.id;
    drop.dataset.item = row.id;
    if (!mendable(row, said)) edit.remove();
    if (row.state !== "refused" && row.state !== "conflict") drop.remove();
    return made;
  }

  /* A photo stands with its visit, or by itself where something is the matter with it. */
  function byItself(row, rows) {
    return row.kind !== "photo" || row.state === "refused" || !rows.some(function (one) { return one.id === row.after; });
  }

  async function draw(part, rows) {
    var place = show.slot("items", part), mine = rows.filter(function (row) { return row.account === state.account; }), cards = [];
    mine.sort(function (a, b) { return b.created - a.created; });
    for (const draft of await offline.store.drafts(state.account)) cards.push(draftCard(draft));
    for (const row of mine) {
      if (!byItself(row, mine)) continue;
      var said = row.kind === "photo" ? null : await offline.items.said(row);
      cards.push(card(row, said, mine.filter(function (one) { return one.after === row.id; })));
    }
    if (!cards.length) cards.push(cwr.make("p", "muted", cwr.word("offline.nothing")));
    show.renew(place, cards);
    untold(part, mine);
  }

  /* A report of danger that lies here has told nobody yet. */
  function untold(part, mine) {
    var place = show.slot("untold", part), station = state.about && state.about.contact;
    place.hidden = !mine.some(function (row) { return row.kind === "alert" && !core.isFinal(row); });
    var call = show.slot("station", place);
    call.hidden = !station;
    if (!station) return;
    call.href = "tel:" + station.phone;
    show.fill("station-phone", station.phone, call);
    show.fill("station-name", station.name, call);
  }

  function drop(button) {
    button.dataset.confirm = cwr.word("offline.drop");
    cwr.ask(button, function () { offline.store.dropItem(button.dataset.item).then(offline.page.draw); });
  }

  function draftCard(draft) {
    var made = show.clone("item-card"), parts = draft.child.split("/"), entry = returnedEntry(parts[1]);
    var name = parts[0] === "alert" ? [cwr.word("offline.alert"), parts[1] ? nameOf(parts[1]) : ""].join(" ") : entry ? entry.name : nameOf(parts[0]);
    show.fill("name", name, made);
    show.slot("state", made).appendChild(show.chip(cwr.word("offline.state.draft"), "outline"));
    show.slot("edit", made).href = offline.drafts.address(draft.child);
    show.slot("drop", made).remove();
    return made;
  }

  var AT_ONCE = 50, LARGEST = 8 * 1024 * 1024; // items and characters of one file, as the server takes them

  async function bundles(rows) {
    var all = [[]], size = 0;
    for (const row of rows) {
      var item = { id: row.id, kind: row.kind, schema: row.schema, made_at: row.made_at, hash: row.hash };
      item.sealed = (await offline.store.whole(row)).sealed;
      if (!item.sealed) continue;
      var weight = item.sealed.data.length;
      if (all[all.length - 1].length >= AT_ONCE || (size && size + weight > LARGEST)) {
        all.push([]);
        size = 0;
      }
      all[all.length - 1].push(item);
      size += weight;
    }
    return all;
  }

  /* What was not delivered as files: the very bodies of POST /api/v1/sync/, each item sealed to the server, photos last. */
  async function save(account, device, version) {
    var rows = core.unsent(await offline.store.outbox()).filter(function (row) { return row.account === account && row.sealed; });
    rows.sort(function (a, b) { return (a.kind === "photo") - (b.kind === "photo") || a.created - b.created; });
    var all = await bundles(rows);
    all.forEach(function (items, i) {
      var name = "visits-" + show.isoDay(new Date()) + (i ? "-" + (i + 1) : "") + ".json";
      download(name, JSON.stringify({ account: account, device: device, app: version, items: items }));
      cwr.toast(cwr.word("offline.exported", { name: name }));
    });
  }

  function download(name, body) {
    var link = show.link("", URL.createObjectURL(new Blob([body], { type: "application/json" })));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(URL.revokeObjectURL, 60000, link.href);
  }

  offline.tray = { draw: draw, save: save, drop: drop };
})();
