/* Today, from what lies on the phone: overdue first, then the week, then the rest. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state;

  function card(file, day, waiting) {
    var made = show.clone("child-card"), left = file.due ? offline.core.days(day, file.due.due_on) : null;
    show.fill("name", file.name, made);
    show.fill("facts", [cwr.word("offline.age", { n: file.age })].concat(file.categories).join(" · "), made);
    var carer = file.carer && file.carer.relation ? cwr.word("offline.carer", { who: file.carer.relation }) : "";
    show.fill("address", [file.address, carer].filter(Boolean).join("，"), made);
    show.fill("last", file.last ? cwr.word("offline.since", { day: show.day(file.last.visited_on) }) : cwr.word("offline.never"), made);
    show.fill("why", why(file), made);
    if (waiting) show.slot("when", made).appendChild(show.chip(cwr.word("offline.waiting_here"), "brand"));
    else if (left !== null && left < 0) show.slot("when", made).appendChild(show.chip(cwr.word("offline.late", { n: -left }), "danger"));
    else if (left !== null) {
      show.slot("when", made).appendChild(show.chip(cwr.word("offline.until", { day: show.day(file.due.due_on) }), "warm"));
    }
    show.slot("go", made).href = "#visit/" + file.id;
    show.slot("danger", made).href = "#alert/" + file.id;
    var call = show.slot("call", made);
    if (file.call) call.href = "tel:" + file.call;
    else call.remove();
    var map = show.slot("map", made);
    if (file.map) map.href = file.map;
    else map.remove();
    return made;
  }

  function why(file) {
    var risk = file.risk === "high" || file.risk === "raised" ? cwr.word("offline.risk", { level: file.risk_label }) + " · " : "";
    return file.due ? risk + [cwr.word("offline.every", { n: file.due.days })].concat(file.due.why || []).join(" · ") : risk;
  }

  /* What the station sent back, with its reason; what was completed here says so until the receipt takes it away. */
  function returnedCard(entry, rows) {
    var made = show.clone("returned-card"), here = rows.filter(function (row) {
      return row.kind === "correction" && row.visit === entry.visit && row.version >= entry.version;
    });
    if (here.some(offline.core.isTaken)) return null;
    var waiting = here.some(function (row) { return !offline.core.isFinal(row); });
    show.fill("name", entry.name + " " + show.day(entry.visited_on), made);
    show.fill("reason", entry.reason, made);
    var go = show.slot("go", made);
    go.href = here.length ? "#item/" + here[0].id : "#returned/" + entry.visit;
    if (!waiting) return made;
    show.slot("when", made).appendChild(show.chip(cwr.word("offline.completed_here"), "brand"));
    go.remove();
    return made;
  }

  function head(about) {
    var progress = about.progress || { visited: 0, in_care: 0 }, bar = document.querySelector(".bar-extra progress");
    show.fill("unit", about.unit + " " + about.name);
    show.fill("month", cwr.word("offline.month", {
      m: Number(about.day.slice(5, 7)), n: progress.visited, of: progress.in_care
    }));
    bar.max = progress.in_care || 1;
    bar.value = progress.visited;
  }

  /* `rows`: the outbox. Progress is what the server counted, never what this phone believes. */
  function draw(part, rows) {
    var day = show.isoDay(new Date()), waiting = {}, work = [], returned = (state.about && state.about.returned) || [];
    rows.forEach(function (row) { if (row.kind === "visit" && !offline.core.isFinal(row)) waiting[row.child] = true; });
    offline.core.dayWork(state.files, day).forEach(function (group) {
      if (!group[1].length) return;
      var title = cwr.make("h2", "section-title", cwr.word("offline.group." + group[0]) + " ");
      title.appendChild(cwr.make("small", "", cwr.word("offline.people", { n: group[1].length })));
      work.push(title);
      group[1].forEach(function (file) { work.push(card(file, day, waiting[file.id])); });
    });
    show.renew(show.slot("work", part), work);
    show.renew(show.slot("returned", part), returned.map(function (entry) { return returnedCard(entry, rows); }).filter(Boolean));
    show.slot("empty", part).hidden = state.files.length > 0;
    if (!state.about) return;
    head(state.about);
    var pulled = new Date(state.about.pulled);
    show.fill("pulled", cwr.word("offline.of_day", { day: show.day(show.isoDay(pulled)), time: show.clock(pulled) }), part);
  }

  offline.day = { draw: draw };
})();
