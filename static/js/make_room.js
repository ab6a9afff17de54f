/* details[data-makes-room-for=".what"], open: its line shows, and it shuts, where the first such piece below it would begin
   beneath what the screen shows. How large the text is no media query tells. Without this script it stays open. */

import { onLoad } from "./app.js";

function shownHeight() {
  const bar = document.querySelector(".phonenav");
  return window.innerHeight - (bar ? bar.offsetHeight : 0);
}

onLoad((root) => {
  root.querySelectorAll("details[data-makes-room-for]").forEach((box) => {
    const wanted = document.querySelector(box.dataset.makesRoomFor);
    if (!wanted || wanted.getBoundingClientRect().bottom <= shownHeight()) return;
    box.classList.add("has-summary");
    box.open = false;
  });
});
