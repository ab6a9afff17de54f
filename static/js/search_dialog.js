/* Ctrl K: the search over everything, in a box above the page. The link it is opened by leads to the same search as a page
   of its own, for browsers without <dialog>. Arrow keys go through what was found. */

const opener = document.querySelector("[data-search-opener]");
const box = document.getElementById("search-box");

function hits() {
  return Array.from(box.querySelectorAll("a.hit, button.hit"));
}

function move(by) {
  const found = hits();
  if (!found.length) return;
  const here = found.indexOf(document.activeElement);
  const next = here + by;
  if (next < 0) box.querySelector("input").focus();
  else found[Math.min(next, found.length - 1)].focus();
}

if (opener && box && typeof box.showModal === "function") {
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!box.open) box.showModal();
    const field = box.querySelector("input");
    field.focus();
    field.select();
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close(); // beside it
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.type === "search") {
      const first = hits()[0];
      if (first) {
        event.preventDefault();
        first.click();
      }
    }
  });
}
