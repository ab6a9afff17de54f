/* Photos of a visit: made small on the phone, upright, without the camera's notes (place, time, make), and kept
   encrypted from the moment they are taken: a phone short of memory closes the page while its camera is open. */

import { createElement, translate } from "../app.js";
import { slot } from "./dom.js";
import { readAnswers } from "./outbox_items.js";
import { session } from "./session.js";
import { seal, store } from "./shared_with_worker.js";

/* Pixels of the longer side, tried until the photo is small enough; the shorter one keeps so many, that a long
   screenshot stays legible (as in childwelfare/uploads/pictures.py) */
const SIDES = [[1600, 720], [1280, 600], [1024, 480], [800, 360]];
const MAX_KEPT = 9e6; // pixels, however long it is
const QUALITIES = [0.7, 0.55, 0.4]; // of a JPEG
const LARGEST = 300 * 1024; // bytes
const HEAD = 131072; // bytes of a file in which its EXIF stands
/* 2×1 pixels that say "turn me" */
const PROBE = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP////////////////////////////",
  "//////////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////////",
  "////////////////////////////////////////wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAA",
  "AAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQAt//2Q==",
].join("");
let rotation = null; // promise of true where the browser turns pictures itself

/* --- Upright --- */

/* Whether the browser turns pictures by their EXIF itself: Chrome does from 81 on. Told by trying. */
function browserRotates() {
  rotation = rotation || probeRotation();
  return rotation;
}

async function probeRotation() {
  const bitmap = await createImageBitmap(new Blob([seal.fromBase64(PROBE)], { type: "image/jpeg" }));
  return bitmap.width === 1;
}

/* For tests: true or false is taken as known, null is found out anew. */
export function setBrowserRotates(known) {
  rotation = known === null ? null : Promise.resolve(known);
}

const START_OF_IMAGE = 0xffd8;
const START_OF_SCAN = 0xda;
const APP1 = 0xffe1;
const EXIF = 0x45786966; // "Exif"
const LITTLE_ENDIAN = 0x4949; // "II"
const ORIENTATION_TAG = 0x0112;

/* EXIF orientation 1–8 of a JPEG's bytes; 1 where none is told. */
export function exifOrientation(buffer) {
  const view = new DataView(buffer);
  const size = view.byteLength;
  if (size < 4 || view.getUint16(0) !== START_OF_IMAGE) return 1;
  let at = 2;
  while (at + 4 <= size && view.getUint8(at) === 0xff && view.getUint8(at + 1) !== START_OF_SCAN) {
    const isExif = view.getUint16(at) === APP1 && at + 18 <= size && view.getUint32(at + 4) === EXIF;
    if (isExif) return orientationEntry(view, at + 10);
    at += 2 + view.getUint16(at + 2); // the segment says its length
  }
  return 1;
}

/* The first directory of the TIFF block at `tiff`: entries of 12 bytes, tag first, a short value at 8. */
function orientationEntry(view, tiff) {
  const isLittle = view.getUint16(tiff) === LITTLE_ENDIAN;
  const directory = tiff + view.getUint32(tiff + 4, isLittle);
  if (directory + 2 > view.byteLength) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let i = 0; i < count; i += 1) {
    const entry = directory + 2 + 12 * i;
    if (entry + 10 > view.byteLength) return 1; // cut off, or no real EXIF
    if (view.getUint16(entry, isLittle) === ORIENTATION_TAG) return view.getUint16(entry + 8, isLittle) || 1;
  }
  return 1;
}

/* The canvas transform that turns a picture of w × h, drawn from its corner, upright. */
function uprightTransform(orientation, w, h) {
  const transforms = {
    2: [-1, 0, 0, 1, w, 0], 3: [-1, 0, 0, -1, w, h], 4: [1, 0, 0, -1, 0, h], 5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, h, 0], 7: [0, -1, -1, 0, h, w], 8: [0, -1, 1, 0, 0, w],
  };
  return transforms[orientation] || [1, 0, 0, 1, 0, 0];
}

/* --- Small --- */

function smallScale(bitmap, [longSide, shortSide]) {
  const { width, height } = bitmap;
  const scale = Math.max(longSide / Math.max(width, height), shortSide / Math.min(width, height));
  return Math.min(1, scale, Math.sqrt(MAX_KEPT / (width * height)));
}

function drawUpright(bitmap, orientation, sides) {
  const scale = smallScale(bitmap, sides);
  const w = Math.max(1, Math.round(bitmap.width * scale));
  const h = Math.max(1, Math.round(bitmap.height * scale));
  const isSideways = orientation > 4;
  const canvas = document.createElement("canvas");
  canvas.width = isSideways ? h : w;
  canvas.height = isSideways ? w : h;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a transparent ground would become black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(...uprightTransform(orientation, w, h));
  pen.drawImage(bitmap, 0, 0, w, h);
  return canvas;
}

function toJpeg(canvas, quality) {
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

/* The JPEG of `file`, base64. Raises where it is no picture that this browser can read. */
export async function shrinkPhoto(file) {
  const orientation = await browserRotates() ? 1 : exifOrientation(await file.slice(0, HEAD).arrayBuffer());
  const bitmap = await createImageBitmap(file);
  try {
    for (const sides of SIDES) {
      const canvas = drawUpright(bitmap, orientation, sides);
      for (const quality of QUALITIES) {
        const jpeg = await toJpeg(canvas, quality);
        if (jpeg && jpeg.size <= LARGEST) return seal.toBase64(await jpeg.arrayBuffer());
      }
    }
  } finally {
    bitmap.close();
  }
  throw new Error("no photo of this size");
}

/* --- Kept --- */

function binding(id) {
  return "photo\n" + session.account + "\n" + id;
}

async function savePhoto(data) {
  const id = seal.randomUuid();
  const box = await seal.encrypt(session.key, data, binding(id));
  await store.put("blobs", { id, account: session.account, at: Date.now(), iv: box.iv, data: box.data });
  return { id, data };
}

async function dataOfDraft(id) {
  const box = await store.get("blobs", id);
  return box ? seal.decrypt(session.key, box, binding(id)).catch(() => "") : "";
}

async function dataOfItem(item) {
  const answers = await readAnswers(item);
  return answers ? answers.data : "";
}

/* The photos of a draft, or of an item that was not taken: [{id, data}]; one that can't be read has no data, and keeps
   no other from being shown. */
export async function loadPhotos(draft, row) {
  const rows = await store.outbox();
  const ids = draft ? draft.photos : rows.filter((one) => row && one.after === row.id).map((one) => one.id);
  const photos = [];
  for (const id of ids) {
    const item = rows.find((one) => one.id === id);
    photos.push({ id, data: item ? await dataOfItem(item) : await dataOfDraft(id) });
  }
  return photos;
}

/* The picture of the photo at place `i`, small. */
export function smallPhoto(photo, i) {
  const box = createElement("span", "photo-small");
  if (!photo.data) {
    box.appendChild(createElement("span", "photo-unread tone-danger", translate("offline.photo_unread", { n: i + 1 })));
    return box;
  }
  const image = createElement("img");
  image.src = "data:image/jpeg;base64," + photo.data;
  image.alt = translate("offline.photo_n", { n: i + 1 });
  box.appendChild(image);
  return box;
}

/* --- In the form --- */

/* `open`: the open form of form_screen.js, whose `photos` are shown, added to and taken from; `during(open, work)`: it is
   not left before. */
export function attachPhotos(open, onChange, during) {
  const input = open.element.querySelector("[data-photo-input]");
  const place = slot("photos", open.element);
  const status = slot("photo-told", open.element);
  const most = open.definition.photos;

  function thumbnail(photo, i) {
    const box = smallPhoto(photo, i);
    const removeButton = createElement("button", "btn btn-xs", translate("offline.photo_off"));
    removeButton.type = "button";
    removeButton.addEventListener("click", () => {
      open.photos = open.photos.filter((one) => one !== photo);
      draw();
      onChange();
    });
    box.appendChild(removeButton);
    return box;
  }

  function draw() {
    place.textContent = "";
    open.photos.forEach((photo, i) => place.appendChild(thumbnail(photo, i)));
    input.disabled = open.photos.length >= most;
  }

  async function add(file) {
    status.textContent = translate("offline.photo_making");
    let data = "";
    try {
      data = await shrinkPhoto(file);
    } catch (failed) {
      status.textContent = translate("offline.photo_bad");
      return;
    }
    try {
      open.photos.push(await savePhoto(data));
      status.textContent = "";
    } catch (failed) {
      status.textContent = translate("offline.photo_full");
    }
  }

  async function addAll(files) {
    for (const file of files.slice(0, most - open.photos.length)) await add(file); // one by one: memory is short
    input.value = ""; // the same file may be taken again
    draw();
    onChange();
  }

  input.addEventListener("change", () => during(open, addAll(Array.from(input.files))));
  draw();
}
