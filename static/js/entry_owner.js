/* What the browser puts back into a form when one goes back belongs to who was signed in then. Each entry of the history
   says who that was, and in which post (<body data-user data-post>); to anybody else its page is shown as the server gives
   it. Loaded before whatever reads a form. */

function owner() {
  const { user, post } = document.body.dataset;
  return (user || "") + ":" + (post || "");
}

/* Who was signed in last in this browser, in whatever tab; private windows refuse to keep it. */
function lastOwner(now) {
  try {
    if (now) localStorage.setItem("cwr-owner", now);
    return localStorage.getItem("cwr-owner");
  } catch (refused) {
    return now || null;
  }
}

function emptyForms() {
  Array.from(document.forms).forEach((form) => {
    form.reset();
    Array.from(form.elements).filter((field) => field.name && field.type !== "hidden").forEach((field) => {
      field.dispatchEvent(new Event("change", { bubbles: true })); // what hangs on an answer hears of it
    });
  });
}

const state = history.state || {};
const isOfSomebodyElse = "owner" in state && state.owner !== owner();

if (isOfSomebodyElse) Array.from(document.forms).forEach((form) => form.reset());
// with the keys of the forms that were sent there (submit_once.js)
history.replaceState(Object.assign({}, isOfSomebodyElse ? {} : state, { owner: owner() }), "");

if (document.body.dataset.user) lastOwner(owner()); // the app's page is the same for everybody

window.addEventListener("pageshow", (event) => {
  if (event.persisted) { // a whole page that was kept as it stood
    if (lastOwner() && lastOwner() !== owner()) location.reload();
  } else if (isOfSomebodyElse) {
    emptyForms(); // some browsers put it back after the scripts have run
  }
});
