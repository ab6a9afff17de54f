/* Shortcuts: data-key="a" or "ctrl+k" on a link, a button or a field presses (or focuses) it.
   A queue with data-keys-list moves by J and K. Nothing happens while one is writing. */

import { onLoad } from "./app.js";

onLoad((root) => { // a long queue opens where one is
  const current = root.querySelector("[data-keys-list] [aria-current]");
  if (current && current.offsetParent) current.scrollIntoView({ block: "nearest" });
});

function isTextInput(node) {
  if (!node || !node.closest) return false;
  const field = node.closest("input, textarea, select, [contenteditable]");
  return Boolean(field) && !/^(checkbox|radio|button|submit)$/.test(field.type || "");
}

function shortcutName(event) {
  return (event.ctrlKey || event.metaKey ? "ctrl+" : "") + event.key.toLowerCase();
}

function press(target) {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "submit") target.focus();
  else target.click();
}

function moveInList(list, by) {
  const items = Array.from(list.querySelectorAll("a[href]"));
  const here = items.findIndex((link) => link.getAttribute("aria-current") || link === document.activeElement);
  const next = items[Math.max(0, Math.min(items.length - 1, here + by))];
  if (next && items.indexOf(next) !== here) {
    next.focus();
    next.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.isComposing || document.querySelector(".layer")) return;
  const name = shortcutName(event);
  if (isTextInput(event.target) && name.indexOf("ctrl+") !== 0) return;
  const targets = Array.from(document.querySelectorAll("[data-key]"));
  const target = targets.find((one) => one.dataset.key === name && !one.disabled && one.offsetParent !== null);
  const list = document.querySelector("[data-keys-list]");
  if (target) {
    event.preventDefault();
    press(target);
  } else if (list && (name === "j" || name === "k")) {
    event.preventDefault();
    moveInList(list, name === "j" ? 1 : -1);
  }
});
