/* Where the visit was: taken down by a tap, never waited for, taken away again. <div data-place hidden> with the hidden
   fields latitude, longitude, accuracy_m, the buttons [data-do=place], [data-do=no-place] and a [data-slot=place]. */

import { onLoad, translate } from "./app.js";

const COARSE = 500; // metres
const OPTIONS = { enableHighAccuracy: true, timeout: 30000, maximumAge: 60000 }; // milliseconds
const FIELDS = ["latitude", "longitude", "accuracy_m"];
const REASONS = { 1: "place.denied", 2: "place.none", 3: "place.slow" }; // codes of GeolocationPositionError

function attach(box) {
  if (box.cwrPlace || !navigator.geolocation) return;
  box.cwrPlace = true;
  box.hidden = false;
  const takeButton = box.querySelector("[data-do=place]");
  const dropButton = box.querySelector("[data-do=no-place]");
  const status = box.querySelector("[data-slot=place]");
  let lastRequest = 0; // an answer to an older tap, or after a drop, is not taken

  function field(name) {
    return box.querySelector('[name="' + name + '"]');
  }

  function setFields(values) {
    FIELDS.forEach((name, i) => {
      field(name).value = values[i];
    });
    box.dispatchEvent(new Event("input", { bubbles: true })); // a draft keeps it
    showStatus();
  }

  function showStatus() {
    const known = field("latitude").value !== "";
    const metres = Number(field("accuracy_m").value);
    dropButton.hidden = !known;
    if (known) status.textContent = translate(metres > COARSE ? "place.coarse" : "place.kept", { n: metres });
  }

  takeButton.addEventListener("click", () => {
    lastRequest += 1;
    const request = lastRequest;
    status.textContent = translate("place.looking");
    navigator.geolocation.getCurrentPosition((position) => {
      const { latitude, longitude, accuracy } = position.coords;
      if (request === lastRequest) setFields([latitude.toFixed(5), longitude.toFixed(5), Math.round(accuracy)]);
    }, (error) => {
      if (request === lastRequest) status.textContent = translate(REASONS[error.code] || "place.none");
    }, OPTIONS);
  });
  dropButton.addEventListener("click", () => {
    lastRequest += 1;
    setFields(["", "", ""]);
    status.textContent = translate("place.dropped");
  });
  box.closest("form").addEventListener("change", showStatus); // a draft was put back
  showStatus();
}

onLoad((root) => root.querySelectorAll("[data-place]").forEach(attach));
