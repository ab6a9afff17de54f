/* Photos of a visit: made small on the phone, upright, without the camera's notes (place, time, make), and kept encrypted from
   the moment they are taken: a phone short of memory closes the page while its camera is open. */
(function () {
  "use strict";

  var offline = window.offline, cwr = window.cwr, show = offline.show, state = show.state, store = offline.store, seal = offline.seal;
  var SIDES = [1600, 1280, 1024, 800], QUALITIES = [0.7, 0.55, 0.4], LARGEST = 300 * 1024; // pixels, JPEG, bytes
  /* 2×1 pixels that say "turn me": tells whether this browser turns pictures itself (Chrome does from 81 on) */
  var PROBE = "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////////////////wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQAt//2Q==";
  var turns = null;

  /* `known` true or false from elsewhere, null: to be found out. */
  function turnsItself(known) {
    if (known !== undefined) turns = known === null ? null : Promise.resolve(known);
    turns = turns || createImageBitmap(new Blob([seal.bytes(PROBE)], { type: "image/jpeg" })).then(function (bitmap) { return bitmap.width === 1; });
    return turns;
  }

  /* EXIF orientation 1–8 of a JPEG's bytes; 1 where none is told. */
  function orientation(buffer) {
    var view = new DataView(buffer), at = 2;
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return 1;
    while (at + 4 <= view.byteLength && view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda) {
      if (view.getUint16(at) === 0xffe1 && at + 18 <= view.byteLength && view.getUint32(at + 4) === 0x45786966) return told(view, at + 10);
      at += 2 + view.getUint16(at + 2);
    }
    return 1;
  }

  function told(view, tiff) {
    var little = view.getUint16(tiff) === 0x4949, first = tiff + view.getUint32(tiff + 4, little);
    if (first + 2 > view.byteLength) return 1;
    for (var i = 0, n = view.getUint16(first, little); i < n; i += 1) {
      var entry = first + 2 + 12 * i;
      if (entry + 10 > view.byteLength) return 1;
      if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little) || 1;
    }
    return 1;
  }

  /* What turns a picture of w × h, drawn from its corner, upright. */
  function turning(way, w, h) {
    return {
      2: [-1, 0, 0, 1, w, 0], 3: [-1, 0, 0, -1, w, h], 4: [1, 0, 0, -1, 0, h], 5: [0, 1, 1, 0, 0, 0],
      6: [0, 1, -1, 0, h, 0], 7: [0, -1, -1, 0, h, w], 8: [0, -1, 1, 0, 0, w]
    }[way] || [1, 0, 0, 1, 0, 0];
  }

  function drawn(bitmap, way, longest) {
    var scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    var w = Math.max(1, Math.round(bitmap.width * scale)), h = Math.max(1, Math.round(bitmap.height * scale));
    var canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    canvas.width = way > 4 ? h : w;
    canvas.height = way > 4 ? w : h;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.setTransform.apply(pen, turning(way, w, h));
    pen.drawImage(bitmap, 0, 0, w, h);
    return canvas;
  }

  function jpeg(canvas, quality) {
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); });
  }

  /* The JPEG of `file`, base64. Raises where it is no picture that this browser can read. */
  async function small(file) {
    var way = await turnsItself() ? 1 : orientation(await file.slice(0, 131072).arrayBuffer());
    var bitmap = await createImageBitmap(file), made = null;
    try {
      for (var i = 0; i < SIDES.length; i += 1) {
        var canvas = drawn(bitmap, way, SIDES[i]);
        for (var j = 0; j < QUALITIES.length; j += 1) {
          made = await jpeg(canvas, QUALITIES[j]);
          if (made && made.size <= LARGEST) return seal.base64(await made.arrayBuffer());
        }
      }
    } finally {
      bitmap.close();
    }
    throw new Error("no photo of this size");
  }

  function binding(id) { return "photo\n" + state.account + "\n" + id; }

  async function keep(data) {
    var id = seal.uuid(), box = await seal.encrypt(state.key, data, binding(id));
    await store.put("blobs", { id: id, account: state.account, at: Date.now(), iv: box.iv, data: box.data });
    return { id: id, data: data };
  }

  /* The photos of a draft, or of an item that was not taken: [{id, data}]. */
  async function held(draft, row) {
    var found = [];
    for (const id of draft ? draft.photos : []) {
      var box = await store.get("blobs", id);
      if (box) found.push({ id: id, data: await seal.decrypt(state.key, box, binding(id)) });
    }
    for (const one of row ? await store.outbox() : []) {
      if (one.after !== row.id) continue;
      var said = await offline.items.said(one);
      if (said) found.push({ id: one.id, data: said.data });
    }
    return found;
  }

  function attach(at, touched) {
    var input = at.form.querySelector("[data-photo-input]"), place = show.slot("photos", at.form), telling = show.slot("photo-told", at.form);

    function draw() {
      place.textContent = "";
      at.photos.forEach(function (photo, i) {
        var box = cwr.make("span", "photo-small"), image = cwr.make("img"), off = cwr.make("button", "btn btn-xs", cwr.word("offline.photo_off"));
        image.src = "data:image/jpeg;base64," + photo.data;
        image.alt = cwr.word("offline.photo_n", { n: i + 1 });
        off.type = "button";
        off.addEventListener("click", function () {
          at.photos = at.photos.filter(function (one) { return one !== photo; });
          draw();
          touched();
        });
        box.appendChild(image);
        box.appendChild(off);
        place.appendChild(box);
      });
      input.disabled = at.photos.length >= at.sheet.photos;
    }

    async function take(file) {
      telling.textContent = cwr.word("offline.photo_making");
      try {
        var data = await small(file);
      } catch (failed) {
        telling.textContent = cwr.word("offline.photo_bad");
        return;
      }
      try {
        at.photos.push(await keep(data));
        telling.textContent = "";
      } catch (failed) {
        telling.textContent = cwr.word("offline.photo_full");
      }
    }

    input.addEventListener("change", async function () {
      var files = Array.from(input.files);
      at.busy = true;
      for (const file of files.slice(0, at.sheet.photos - at.photos.length)) await take(file);
      at.busy = false;
      input.value = "";
      draw();
      touched();
    });
    draw();
  }

  offline.photos = { small: small, held: held, attach: attach, orientation: orientation, turnsItself: turnsItself };
})();
