/* What every page needs: words in the reader's language, code that also runs on content that htmx puts in, messages,
   menus, folds, printing. No build step; floor Chrome 80. Every other module imports its helpers from here. */

const wordsElement = document.getElementById("words");
const words = wordsElement ? JSON.parse(wordsElement.textContent) : {};
const loadHandlers = [];
let pageIsLoaded = false;

/* The text of `key` in the reader's language, {name} filled in. */
export function translate(key, values) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
}

/* Run `handler(root)` on the page now and on every piece that htmx puts in. */
export function onLoad(handler) {
  loadHandlers.push(handler);
  if (pageIsLoaded) handler(document);
}

/* Run the handlers on a piece that a script has just put in. */
export function runLoadHandlers(root) {
  loadHandlers.forEach((handler) => handler(root));
}

export function createIcon(name) {
  const use = document.querySelector(".icon use");
  const sprite = use ? use.getAttribute("href").split("#")[0] : "/static/icons.svg";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const inner = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  inner.setAttribute("href", sprite + "#" + name);
  svg.appendChild(inner);
  return svg;
}

export function createElement(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/* Say something at the foot of the screen for eight seconds. Gives its box. */
export function showToast(text, tone) {
  const place = document.getElementById("toasts");
  if (!place) return null;
  const box = createElement("div", "toast" + (tone ? " toast-" + tone : ""), text);
  place.appendChild(box);
  window.setTimeout(() => box.remove(), 8000);
  return box;
}

function readCookie(name) {
  const found = document.cookie.match("(?:^|; )" + name + "=([^;]*)");
  return found ? decodeURIComponent(found[1]) : "";
}

export function csrfToken() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return readCookie("csrftoken") || (field ? field.value : "");
}

/* What everything that is sent by a script says of itself: that it comes from a page of ours, made for this post. */
export function sendingHeaders() {
  const field = document.querySelector("input[name=page_post]");
  return Object.assign({ "X-CSRFToken": csrfToken() }, field ? { "X-Page-Post": field.value } : {});
}

// modules run before this event: each handler runs once
document.addEventListener("DOMContentLoaded", () => {
  pageIsLoaded = true;
  runLoadHandlers(document);
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) runLoadHandlers(event.detail.elt);
});

/* htmx: the token goes along, and a failure is said in words */
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") Object.assign(event.detail.headers, sendingHeaders());
});
/* what is asked beside a form, unbidden (data-quiet), fails without a word */
const isQuiet = (event) => "quiet" in (event.target.dataset || {});
["htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, (event) => {
    if (!isQuiet(event)) showToast(translate("net.down"), "error");
  });
});
document.addEventListener("htmx:responseError", (event) => {
  if (isQuiet(event)) return;
  const code = event.detail.xhr.status;
  showToast(code === 401 ? translate("net.signin") : translate("net.error", { code }), "error");
});

/* Menus close by a click elsewhere or Escape; a message by its cross */
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest(closer.dataset.close).remove();
  const folder = event.target.closest("[data-fold-all]");
  if (folder) toggleAll(document.querySelectorAll(folder.dataset.foldAll));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/* Opens all folds if one is shut, else shuts all. */
function toggleAll(folds) {
  const list = Array.from(folds);
  const open = list.some((fold) => !fold.open);
  list.forEach((fold) => {
    fold.open = open;
  });
}

/* A link to a folded section opens it, and whatever folds lie around it. */
function openLinkedFold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") node.open = true;
  }
}
window.addEventListener("hashchange", openLinkedFold);
onLoad((root) => {
  if (root === document) openLinkedFold();
});

/* Before paper, everything that is folded opens */
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.fold:not([open])").forEach((fold) => {
    fold.open = true;
    fold.dataset.wasShut = "";
  });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-was-shut]").forEach((fold) => {
    fold.open = false;
    delete fold.dataset.wasShut;
  });
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
