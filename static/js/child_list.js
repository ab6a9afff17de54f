/* The list of children's files: a short address from its form, and how many rows are ticked. Without scripts all of it
   works. */

import { onLoad } from "./app.js";

function hasUsualColumns(form) {
  const boxes = Array.from(form.querySelectorAll("[data-columns] input"));
  return boxes.every((box) => box.checked === box.hasAttribute("data-usual"));
}

/* What is empty or usual does not belong into the address: such fields are switched off while the form is sent. */
function shortenAddress(form) {
  const usual = hasUsualColumns(form);
  const switchedOff = [];
  Array.from(form.elements).forEach((field) => {
    if (field.name && !field.disabled && (field.value === "" || (usual && field.name === "col"))) {
      field.disabled = true;
      switchedOff.push(field);
    }
  });
  window.setTimeout(() => {
    switchedOff.forEach((field) => {
      field.disabled = false;
    });
  }, 0);
}

function attachTicks(form) {
  const boxes = Array.from(form.querySelectorAll("input[name=file]"));
  const button = form.querySelector("[data-tick-button]");
  const label = button.querySelector("span");
  const plainLabel = label.textContent;
  const tickAll = form.querySelector("[data-tick-all]");
  const tickAllBox = tickAll.firstElementChild;

  function showCount() {
    const n = boxes.filter((box) => box.checked).length;
    label.textContent = n ? button.dataset.tickWords.replace("{n}", n) : plainLabel;
    button.disabled = !n;
    button.classList.toggle("btn-primary", n > 0);
    tickAllBox.checked = n === boxes.length;
    tickAllBox.indeterminate = n > 0 && n < boxes.length;
  }

  tickAll.hidden = false;
  tickAllBox.addEventListener("change", () => {
    boxes.forEach((box) => {
      box.checked = tickAllBox.checked;
    });
    showCount();
  });
  form.addEventListener("change", showCount);
  showCount();
}

onLoad((root) => {
  root.querySelectorAll("[data-list-form]").forEach((form) => {
    form.addEventListener("submit", () => shortenAddress(form));
  });
  root.querySelectorAll("[data-ticks]").forEach(attachTicks);
});
