/* Uploads of papers: each picture is made small in the browser, each file is sent for itself with its progress; one that
   fails says why and can be sent again under the same id. Without this script the form sends everything at once. */
(function () {
  "use strict";

  var cwr = window.cwr;
  var LONG = 1600;
  var SMALL = 300 * 1024; // bytes; below that nothing is gained
  // an older browser draws a picture as it lies in the camera: then the server turns and shrinks it
  var upright = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

  function newId() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    var hex = Array.prototype.map.call(b, function (n) { return (n + 256).toString(16).slice(1); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* Call `then(blob)` with a smaller JPEG of `file`, or with `file` itself where that can't be made. */
  function shrunk(file, then) {
    if (!upright || file.size < SMALL || !/^image\/(jpeg|png|webp)$/.test(file.type)) return then(file);
    var url = URL.createObjectURL(file);
    var picture = new Image();
    picture.onerror = function () { URL.revokeObjectURL(url); then(file); };
    picture.onload = function () {
      var scale = Math.min(1, LONG / Math.max(picture.naturalWidth, picture.naturalHeight));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.naturalWidth * scale);
      canvas.height = Math.round(picture.naturalHeight * scale);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob(function (blob) { then(blob && blob.size < file.size ? blob : file); }, "image/jpeg", 0.8);
    };
    picture.src = url;
  }

  /* What the server said, in one sentence. */
  function reasonOf(xhr) {
    if (xhr.status === 401) return cwr.word("net.signin");
    try {
      var said = JSON.parse(xhr.responseText);
      var texts = [];
      Object.keys(said).forEach(function (key) { texts = texts.concat(said[key]); });
      if (texts.length) return texts.join(" ");
    } catch (error) { /* no JSON: a proxy answered */ }
    return cwr.word("net.error", { code: xhr.status });
  }

  function rowFor(form, queue, item) {
    item.row = cwr.make("li");
    var line = cwr.make("div", "split");
    line.appendChild(cwr.make("span", "", item.file.name));
    item.state = cwr.make("span", "muted", form.dataset.waiting);
    item.bar = document.createElement("progress");
    item.bar.max = 100;
    item.bar.value = 0;
    item.bar.setAttribute("aria-label", item.file.name);
    line.appendChild(item.state);
    item.row.appendChild(line);
    item.row.appendChild(item.bar);
    queue.appendChild(item.row);
  }

  function send(form, item, then) {
    item.state.className = "muted";
    item.state.textContent = form.dataset.sending;
    shrunk(item.file, function (blob) {
      var body = new FormData();
      body.append("id", item.id);
      ["kind", "of", "note"].forEach(function (name) { body.append(name, item.facts[name]); });
      body.append("file", blob, item.file.name);
      var xhr = new XMLHttpRequest();
      xhr.open("POST", form.dataset.papers);
      xhr.setRequestHeader("X-CSRFToken", cwr.csrf());
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("Accept-Language", document.documentElement.lang); // what is wrong, in the language of the page
      xhr.upload.onprogress = function (event) { if (event.lengthComputable) item.bar.value = 100 * event.loaded / event.total; };
      xhr.onload = function () { then(xhr.status === 201 ? "" : reasonOf(xhr)); };
      xhr.onerror = xhr.ontimeout = function () { then(cwr.word("net.down")); };
      xhr.send(body);
    });
  }

  function showFailure(form, item, reason, again) {
    item.bar.hidden = true;
    item.state.className = "tone-danger";
    item.state.textContent = "";
    var text = cwr.make("p", "field-msg field-error", reason);
    var button = cwr.make("button", "btn btn-xs", form.dataset.againLabel);
    button.type = "button";
    button.addEventListener("click", function () {
      text.remove();
      button.remove();
      item.bar.hidden = false;
      again();
    });
    item.row.appendChild(text);
    item.row.appendChild(button);
  }

  /* One after the other: a phone's line is thin, and a failure then belongs to one file. */
  function work(form, items) {
    var item = items.filter(function (each) { return !each.over; })[0];
    if (!item) {
      form.dataset.busy = "";
      if (items.every(function (each) { return each.done; })) {
        location.hash = "paper-list";
        location.reload();
      }
      return;
    }
    form.dataset.busy = "1";
    send(form, item, function (problem) {
      item.over = true;
      item.done = !problem;
      if (problem) {
        showFailure(form, item, problem, function () {
          item.over = false;
          if (!form.dataset.busy) work(form, items);
        });
      } else {
        item.bar.value = 100;
        item.state.className = "tone-ok";
        item.state.textContent = form.dataset.done;
      }
      work(form, items);
    });
  }

  function problem(form, text) {
    var place = form.querySelector("[data-papers-problem]");
    place.textContent = text;
    place.hidden = !text;
  }

  function onSubmit(event) {
    var form = event.target;
    if (!form.dataset.papers) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the form itself is not sent, so its button need not rest
    if (form.dataset.busy) return;
    var files = Array.prototype.slice.call(form.elements.file.files);
    if (!form.elements.kind.value) return problem(form, form.dataset.kind);
    if (!files.length) return problem(form, form.dataset.none);
    problem(form, "");
    var facts = { kind: form.elements.kind.value, of: form.elements.of.value, note: form.elements.note.value };
    var queue = form.querySelector(".paper-queue");
    queue.textContent = "";
    queue.hidden = false;
    var items = files.map(function (file) { return { file: file, facts: facts, id: newId() }; });
    items.forEach(function (item) { rowFor(form, queue, item); });
    work(form, items);
  }
  window.addEventListener("submit", onSubmit, true);
})();
