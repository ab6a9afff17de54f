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

const state = history.state || {};
const isOfSomebodyElse = "owner" in state && state.owner !== owner();

/* A browser that has put it back by now has it taken out, before a script has read it; one that does so later, when the
   page is loaded, leaves fields alone that are not to be completed. */
if (isOfSomebodyElse) {
  Array.from(document.forms).forEach((form) => {
    form.reset();
    [form].concat(Array.from(form.elements)).forEach((part) => part.setAttribute("autocomplete", "off"));
  });
}
// with the keys of the forms that were sent there (submit_once.js)
history.replaceState(Object.assign({}, isOfSomebodyElse ? {} : state, { owner: owner() }), "");

if (document.body.dataset.user) { // the app's page is the same for everybody
  lastOwner(owner());
  window.addEventListener("pageshow", (event) => {
    // a whole page that was kept as it stood
    if (event.persisted && lastOwner() !== owner()) location.reload();
  });
}
