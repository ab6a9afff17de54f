/* Where the visit was: taken down by a tap, never waited for, taken away again. <div data-place hidden> with the hidden
   fields latitude, longitude, accuracy_m, the buttons [data-do=place], [data-do=no-place] and a [data-slot=place]. */
(function () {
  "use strict";

  var cwr = window.cwr, COARSE = 500, PATIENCE = 30000; // metres, milliseconds
  var NAMES = ["latitude", "longitude", "accuracy_m"];
  var WHY = { 1: "place.denied", 2: "place.none", 3: "place.slow" }; // codes of GeolocationPositionError

  function start(box) {
    if (box.cwrPlace || !navigator.geolocation) return;
    box.cwrPlace = true;
    box.hidden = false;
    var take = box.querySelector("[data-do=place]"), drop = box.querySelector("[data-do=no-place]");
    var told = box.querySelector("[data-slot=place]"), asked = 0;

    function field(name) { return box.querySelector('[name="' + name + '"]'); }

    function put(values) {
      NAMES.forEach(function (name, i) { field(name).value = values[i]; });
      box.dispatchEvent(new Event("input", { bubbles: true })); // a draft keeps it
      look();
    }

    function look() {
      var has = field("latitude").value !== "", metres = Number(field("accuracy_m").value);
      drop.hidden = !has;
      if (has) told.textContent = cwr.word(metres > COARSE ? "place.coarse" : "place.kept", { n: metres });
    }

    take.addEventListener("click", function () {
      var mine = asked += 1;
      told.textContent = cwr.word("place.looking");
      navigator.geolocation.getCurrentPosition(function (found) {
        var at = found.coords;
        if (mine === asked) put([at.latitude.toFixed(5), at.longitude.toFixed(5), Math.round(at.accuracy)]);
      }, function (refused) {
        if (mine === asked) told.textContent = cwr.word(WHY[refused.code] || "place.none");
      }, { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60000 });
    });
    drop.addEventListener("click", function () {
      asked += 1;
      put(["", "", ""]);
      told.textContent = cwr.word("place.dropped");
    });
    box.closest("form").addEventListener("change", look); // a draft was put back
    look();
  }

  cwr.ready(function (root) { root.querySelectorAll("[data-place]").forEach(start); });
})();
