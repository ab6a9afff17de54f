// Rows of a form that are shown one by one: those that are filled in, the next one, and more at a press.
// Without this script all stand below each other; what is left blank is not sent on.
for (const box of document.querySelectorAll("[data-rows]")) {
  const rows = [...box.querySelectorAll("[data-row]")];
  const button = box.querySelector("[data-add-row]");
  const first = Math.max(1, rows.filter((row) => "filled" in row.dataset).length);
  rows.slice(first).forEach((row) => (row.hidden = true));
  const settle = () => {
    button.hidden = rows.every((row) => !row.hidden);
  };
  button.addEventListener("click", () => {
    const next = rows.find((row) => row.hidden);
    if (!next) return;
    next.hidden = false;
    next.querySelector("select, input, textarea")?.focus();
    settle();
  });
  // what a draft put back into a row shows it
  box.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) row.hidden = false;
  });
  settle();
}
