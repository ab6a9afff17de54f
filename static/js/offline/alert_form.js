/* The sheet of a mandatory report: first the call, then what was seen. It goes before everything else in the outbox. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, answers = offline.answers;

  function moment(time) { return show.isoDay(time) + "T" + show.clock(time); }

  function children(select) {
    state.files.slice().sort(function (a, b) { return a.name < b.name ? -1 : 1; }).forEach(function (file) {
      var option = cwr.make("option", "", file.name + " " + file.address);
      option.value = file.id;
      select.appendChild(option);
    });
  }

  /* The call is dialled by the phone; when it was is noted at the tap, whether it was answered she says. */
  function calls(form, touched) {
    form.querySelectorAll('a[href="tel:110"]').forEach(function (link) {
      link.addEventListener("click", function () {
        if (!form.elements.called_at.value) form.elements.called_at.value = moment(new Date());
        touched();
      });
    });
    var station = state.about.contact, place = show.slot("station", form);
    place.hidden = !station;
    if (!station) return;
    place.href = "tel:" + station.phone;
    show.fill("station-phone", station.phone, place);
    show.fill("station-name", station.name, place);
  }

  function sheet(child, row) {
    return {
      name: "alert/" + child, screen: "alert", template: "alert-form", title: cwr.word("offline.alert"), row: row, child: child,
      before: { child: [child] }, photos: 0, done: cwr.word("offline.alert_saved"),
      fresh: function (form, touched) {
        children(form.elements.child);
        form.elements.found_at.value = moment(new Date());
        calls(form, touched);
      },
      read: function (entries) {
        return answers.readAlert(entries, function (text) { return show.isoTime(new Date(text)); });
      },
      check: function (said) { return answers.checkAlert(said, Date.now()); },
      write: function (said) {
        return answers.writeAlert(said, function (text) { return moment(new Date(text)); });
      },
      items: async function (said) { return [await offline.items.make("alert", said, { child: said.child || "" })]; }
    };
  }

  offline.alert = { sheet: sheet };
})();
