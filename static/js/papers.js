/* Uploads of papers: each picture is made small in the browser, each file is sent for itself with its progress;
   one that fails says why and can be sent again under the same id. Without this script the form sends everything
   at once. */

import { createElement, sendingHeaders, translate } from "./app.js";
import { dropDraft } from "./draft.js";
import { setFiles } from "./file_picker.js";

/* As in childwelfare/uploads/pictures.py, pixels: by the longer side, but the shorter keeps so many that a long
   screenshot stays legible */
const LONG_SIDE = 1600;
const SHORT_SIDE = 720;
const MAX_KEPT = 9e6;
const SMALL_ENOUGH = 300 * 1024; // bytes; below that nothing is gained
// an older browser draws a picture as it lies in the camera: then the server turns and shrinks it
const drawsUpright = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

function randomUuid() { // crypto.randomUUID needs Chrome 92
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function smallScale(width, height) {
  const scale = Math.max(LONG_SIDE / Math.max(width, height), SHORT_SIDE / Math.min(width, height));
  return Math.min(1, scale, Math.sqrt(MAX_KEPT / (width * height)));
}

/* Whether anything of the canvas can be seen through: then the server finds the ground on which it can be read. */
function isSeeThrough(pen, canvas) {
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  for (let at = 3; at < pixels.length; at += 4) {
    if (pixels[at] !== 255) return true;
  }
  return false;
}

/* Call `done(blob)` with a smaller JPEG of `file`, or with `file` itself where that can't be made. */
function shrink(file, done) {
  if (!drawsUpright || file.size < SMALL_ENOUGH || !/^image\/(jpeg|png|webp)$/.test(file.type)) {
    done(file);
    return;
  }
  const url = URL.createObjectURL(file);
  const picture = new Image();
  picture.onerror = () => {
    URL.revokeObjectURL(url);
    done(file);
  };
  picture.onload = () => {
    const scale = smallScale(picture.naturalWidth, picture.naturalHeight);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.naturalWidth * scale);
    canvas.height = Math.round(picture.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    if (file.type !== "image/jpeg" && isSeeThrough(pen, canvas)) {
      done(file);
      return;
    }
    canvas.toBlob((blob) => done(blob && blob.size < file.size ? blob : file), "image/jpeg", 0.8);
  };
  picture.src = url;
}

/* What the server said, in one sentence. */
function failureText(xhr) {
  if (xhr.status === 401) return translate("net.signin");
  try {
    const problems = JSON.parse(xhr.responseText);
    let texts = [];
    Object.keys(problems).forEach((key) => {
      texts = texts.concat(problems[key]);
    });
    if (texts.length) return texts.join(" ");
  } catch (error) { /* no JSON: a proxy answered */ }
  return translate("net.error", { code: xhr.status });
}

function addRow(form, queue, item) {
  item.row = createElement("li");
  const line = createElement("div", "split");
  line.appendChild(createElement("span", "", item.file.name));
  item.state = createElement("span", "muted", form.dataset.waiting);
  item.bar = document.createElement("progress");
  item.bar.max = 100;
  item.bar.value = 0;
  item.bar.setAttribute("aria-label", item.file.name);
  line.appendChild(item.state);
  item.row.appendChild(line);
  item.row.appendChild(item.bar);
  queue.appendChild(item.row);
}

/* Call `done("")` when the server took the file, else with the reason. */
function upload(form, item, done) {
  item.state.className = "muted";
  item.state.textContent = form.dataset.sending;
  shrink(item.file, (blob) => {
    const body = new FormData();
    body.append("id", item.id);
    ["kind", "of", "note"].forEach((name) => body.append(name, item.facts[name]));
    body.append("file", blob, item.file.name);
    const xhr = new XMLHttpRequest(); // fetch tells no progress
    xhr.open("POST", form.dataset.papers);
    Object.entries(sendingHeaders()).forEach(([name, value]) => xhr.setRequestHeader(name, value));
    xhr.setRequestHeader("Accept", "application/json");
    xhr.setRequestHeader("Accept-Language", document.documentElement.lang); // reasons in the language of the page
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) item.bar.value = 100 * event.loaded / event.total;
    };
    xhr.onload = () => done(xhr.status === 201 ? "" : failureText(xhr));
    xhr.onerror = () => done(translate("net.down"));
    xhr.ontimeout = xhr.onerror;
    xhr.send(body);
  });
}

function actionButton(label, action) {
  const button = createElement("button", "btn btn-xs", label);
  button.type = "button";
  button.addEventListener("click", action);
  return button;
}

/* Why it failed, with the two ways on: once more, or without it. */
function showFailure(form, item, reason, { retry, giveUp }) {
  item.bar.hidden = true;
  item.state.className = "tone-danger";
  item.state.textContent = "";
  const text = createElement("p", "field-msg field-error", reason);
  const ways = createElement("div", "cluster");
  ways.append(
    actionButton(form.dataset.againLabel, () => {
      text.remove();
      ways.remove();
      item.bar.hidden = false;
      retry();
    }),
    actionButton(form.dataset.giveUpLabel, () => {
      item.row.remove();
      giveUp();
    }),
  );
  item.row.append(text, ways);
}

function showSuccess(form, item) {
  item.bar.value = 100;
  item.state.className = "tone-ok";
  item.state.textContent = form.dataset.done;
}

/* --- The queue: what was sent stays in it until it arrived or was given up --- */

const queues = new WeakMap(); // form: its items, in the order in which they were sent
const sentWords = new WeakMap(); // field of a form: what it said when it was sent last

/* Whether somewhere on the page a file is chosen or something is written that no queue holds: a page that loads anew
   would take it along. */
function holdsUnsentWords() {
  const fields = document.querySelectorAll("form input[name]:not([type=hidden]), form textarea[name]");
  return Array.from(fields).some((field) => {
    return field.value !== field.defaultValue && field.value !== sentWords.get(field);
  });
}

/* The page shows what arrived once nothing else stands on it; else its lines say so. */
function finish(form, items) {
  if (!items.length || items.some((one) => !one.isUploaded) || holdsUnsentWords()) return;
  dropDraft(form);
  location.hash = "paper-list";
  location.reload();
}

/* One after the other: a phone's line is thin, and a failure then belongs to one file. */
function uploadNext(form) {
  const items = queues.get(form);
  const item = items.find((one) => !one.isOver);
  if (!item) {
    form.dataset.busy = "";
    finish(form, items);
    return;
  }
  form.dataset.busy = "1";
  upload(form, item, (reason) => {
    item.isOver = true;
    item.isUploaded = !reason;
    if (reason) {
      showFailure(form, item, reason, {
        retry() {
          item.isOver = false;
          if (!form.dataset.busy) uploadNext(form);
        },
        giveUp() {
          items.splice(items.indexOf(item), 1);
          if (!form.dataset.busy) finish(form, items);
        },
      });
    } else {
      showSuccess(form, item);
    }
    uploadNext(form);
  });
}

function showProblem(form, text) {
  const place = form.querySelector("[data-papers-problem]");
  place.textContent = text;
  place.hidden = !text;
}

function onSubmit(event) {
  const form = event.target;
  if (!form.dataset.papers) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the form itself is not sent, so its button need not rest
  const fields = form.elements;
  const files = Array.from(fields.file.files);
  if (!fields.kind.value) {
    showProblem(form, form.dataset.kind);
    return;
  }
  if (!files.length) {
    showProblem(form, form.dataset.none);
    return;
  }
  showProblem(form, "");
  const facts = { kind: fields.kind.value, of: fields.of.value, note: fields.note.value };
  const queue = form.querySelector(".paper-queue");
  const items = files.map((file) => ({ file, facts, id: randomUuid() }));
  queue.hidden = false;
  items.forEach((item) => addRow(form, queue, item));
  if (!queues.has(form)) queues.set(form, []);
  queues.get(form).push(...items);
  sentWords.set(fields.note, fields.note.value);
  setFiles(fields.file, []); // they stand in the queue now: pressed again, the button would send them twice
  if (!form.dataset.busy) uploadNext(form);
}
window.addEventListener("submit", onSubmit, true);

window.addEventListener("beforeunload", (event) => { // a file that has not arrived is nowhere else
  const forms = Array.from(document.querySelectorAll("form[data-papers]"));
  if (!forms.some((form) => (queues.get(form) || []).some((item) => !item.isUploaded))) return;
  event.preventDefault();
  event.returnValue = translate("draft.leave");
});
