/* Groups of the navigation: one open at a time, remembered from page to page. On the rail they fly out, and close again
   when one leaves them. Without this script each group opens and closes by itself. */

const KEPT_AS = "nav-group";
const groups = Array.from(document.querySelectorAll(".sidenav .nav-group"));
const isRail = Boolean(document.querySelector(".frame-rail"));

function closeOthers(opened) {
  groups.forEach((group) => {
    if (group !== opened) group.open = false;
  });
}

function remember(key) {
  try {
    localStorage.setItem(KEPT_AS, key);
  } catch (error) {
    /* a full or closed storage: nothing is remembered */
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT_AS) || "";
  } catch (error) {
    return "";
  }
}

if (isRail) {
  closeOthers(null);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".nav-group")) closeOthers(null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const opened = groups.find((group) => group.open);
    if (opened) {
      opened.open = false;
      opened.querySelector("summary").focus();
    }
  });
} else if (!groups.some((group) => group.open)) {
  const kept = groups.find((group) => group.dataset.navGroup === remembered());
  if (kept) kept.open = true;
}

groups.forEach((group) => {
  group.addEventListener("toggle", () => {
    if (group.open) closeOthers(group);
    if (!isRail && group.open) remember(group.dataset.navGroup);
  });
});
