/* What one takes a file with. The browser's own control says "Choose file" in its own language; in its place stands a
   button that says what for, on phones one for the camera beside it, and below them what was chosen, each with a way
   back. The browser's control lies under the button, unseen: keyboard, screen readers, labels and messages find it as
   before. What is chosen afterwards is added where there may be several. Without this script the control stays. */

import { createElement, createIcon, onLoad, translate } from "./app.js";

const filesBefore = new WeakMap(); // input: its files when it was opened
const chosenLists = new WeakMap(); // input: where its files are named

function isPhone() {
  return window.matchMedia("(pointer: coarse)").matches;
}

function takesPictures(input) {
  return input.accept.includes("image/");
}

function putFiles(input, files) {
  const list = new DataTransfer();
  files.forEach((file) => list.items.add(file));
  input.files = list.files;
}

/* With `capture` in the page it is for the camera alone. */
function faceOf(input) {
  if (!takesPictures(input)) return { icon: "file-earmark-plus", words: "files.pick" };
  if (input.hasAttribute("capture") && isPhone()) return { icon: "camera", words: "files.take" };
  const words = input.accept.includes("pdf") ? "files.pick_paper" : "files.pick_photo";
  return { icon: "file-earmark-image", words };
}

/* Asked for pictures alone, a phone opens its camera; asked for a PDF as well it would open its files. */
function openCamera(input) {
  const { accept } = input;
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  input.click();
  input.accept = accept;
  input.removeAttribute("capture");
}

function cameraButton(input) {
  const button = createElement("button", "btn");
  button.type = "button";
  button.append(createIcon("camera"), translate("files.take"));
  button.addEventListener("click", () => openCamera(input));
  return button;
}

/* Other files than the reader chose: what was there when it was last opened is not added. */
export function setFiles(input, files) {
  filesBefore.delete(input);
  putFiles(input, files);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function takeBack(input, file) {
  setFiles(input, Array.from(input.files).filter((one) => one !== file));
  input.focus();
}

function chosenLine(input, file) {
  const line = createElement("li");
  const button = createElement("button", "btn btn-xs", translate("files.drop"));
  button.type = "button";
  button.setAttribute("aria-label", translate("files.drop_named", { name: file.name }));
  button.addEventListener("click", () => takeBack(input, file));
  line.append(createElement("span", "", file.name), button);
  return line;
}

/* An input without a name is not sent: its script shows by itself what was chosen. */
function showChosen(input) {
  const list = chosenLists.get(input);
  if (!list || !input.name) return;
  list.textContent = "";
  Array.from(input.files).forEach((file) => list.appendChild(chosenLine(input, file)));
}

export function attachFilePicker(input) {
  const { icon, words } = faceOf(input);
  const box = createElement("div", "file-pick");
  const face = createElement("span", "file-face");
  const shown = createElement("span", "btn");
  const chosen = createElement("ul", "file-chosen");
  const label = input.labels && input.labels[0];
  shown.append(createIcon(icon), translate(words));
  shown.setAttribute("aria-hidden", "true");
  if (label) { // what stands on the button is part of its name
    label.id = label.id || input.id + "_label";
    shown.id = input.id + "_face";
    input.setAttribute("aria-labelledby", label.id + " " + shown.id);
  }
  chosen.setAttribute("aria-live", "polite");
  input.insertAdjacentElement("beforebegin", box);
  face.append(input, shown);
  box.appendChild(face);
  if (isPhone() && takesPictures(input) && !input.hasAttribute("capture")) box.insertBefore(cameraButton(input), face);
  box.appendChild(chosen);
  chosenLists.set(input, chosen);
  showChosen(input);
  showLost(input, box);
}

/* --- Files that a refusal took along --- */

/* The browser keeps no chosen file with a page that comes back refused, nor with a draft that is brought back. How many
   there were stands at the control until some are chosen again or the writer says that it is fine without. */
const askingInputs = new WeakSet(); // at which it stands
const LOST = "cwr-files:";

function lostKey(input) {
  const form = input.form.dataset.draft || new URL(input.form.action, location.href).pathname;
  return LOST + form + ":" + input.name;
}

/* The form with the draft `name` was sent: its files have arrived. */
function forgetSent(name) {
  withSession((session) => {
    const keys = Object.keys(session).filter((key) => key.indexOf(LOST + name + ":") === 0);
    keys.forEach((key) => session.removeItem(key));
  });
}

onLoad((root) => {
  root.querySelectorAll("[data-draft-done]").forEach((mark) => forgetSent(mark.dataset.draftDone));
});

function withSession(action) { // private windows refuse: then nothing is said
  try {
    return action(window.sessionStorage);
  } catch (refused) {
    return null;
  }
}

function forgetLost(input) {
  withSession((session) => session.removeItem(lostKey(input)));
}

function noteChosen(input) {
  if (!input.form || !input.name) return;
  if (input.files.length) withSession((session) => session.setItem(lostKey(input), input.files.length));
  else if (!askingInputs.has(input)) forgetLost(input);
}

function showLost(input, box) {
  if (!input.form || !input.name) return;
  if (input.form.querySelector(".field-bad, .errors")) tellLost(input, box);
  else input.form.addEventListener("draft:restored", () => tellLost(input, box));
}

function tellLost(input, box) {
  const number = withSession((session) => session.getItem(lostKey(input)));
  if (!number || input.files.length || askingInputs.has(input)) return;
  askingInputs.add(input);
  const note = createElement("p", "field-msg field-error");
  const button = createElement("button", "btn btn-xs", translate("files.fine_without"));
  const done = () => {
    note.remove();
    askingInputs.delete(input);
    forgetLost(input);
  };
  button.type = "button";
  button.addEventListener("click", () => {
    done();
    input.focus();
  });
  note.append(createIcon("exclamation-circle"), createElement("span", "", translate("files.lost", { n: number })), button);
  box.insertAdjacentElement("afterend", note);
  input.addEventListener("change", () => {
    if (input.files.length) done();
  });
}

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.target.querySelectorAll("input[type=file]").forEach(noteChosen);
});

function isFileInput(node) {
  return node.matches("input[type=file]");
}

document.addEventListener("click", (event) => {
  if (isFileInput(event.target)) filesBefore.set(event.target, Array.from(event.target.files));
}, true);

document.addEventListener("cancel", (event) => { // today's browsers say so; a "change" does not follow
  if (isFileInput(event.target)) filesBefore.delete(event.target);
}, true);

/* The same picture of the album chosen once more: the browser makes another File of it. */
function hasFile(files, file) {
  return files.some((one) => {
    return one.name === file.name && one.size === file.size && one.lastModified === file.lastModified;
  });
}

/* Before whoever else listens: what was there stays, where there may be several, and where the reader thought better of
   it; what is chosen twice stands there once. */
document.addEventListener("change", (event) => {
  const input = event.target;
  const before = isFileInput(input) && filesBefore.get(input);
  if (!before) return;
  filesBefore.delete(input);
  const now = Array.from(input.files);
  if (input.multiple || !now.length) putFiles(input, before.concat(now.filter((file) => !hasFile(before, file))));
}, true);
document.addEventListener("change", (event) => {
  if (!isFileInput(event.target)) return;
  showChosen(event.target);
  noteChosen(event.target);
});
