/* A press ends where it began. Leaving a field fires its change between the press of a button and its release: a message
   that comes or goes just then would push the button from under the pointer, and nothing would be clicked. What moves
   the page waits for the release. */

const waiting = [];
let isPressed = false;

function release() {
  isPressed = false;
  window.setTimeout(() => { // the click comes right after the release, in the same task
    if (!isPressed) waiting.splice(0).forEach((action) => action());
  }, 0);
}

document.addEventListener("mousedown", () => {
  isPressed = true;
}, true);
["mouseup", "dragend", "contextmenu"].forEach((name) => document.addEventListener(name, release, true));
window.addEventListener("blur", release);

/* Do it now, or once the button of the mouse (the finger) is let go; in the order in which it was asked for. */
export function whenReleased(action) {
  if (isPressed || waiting.length) waiting.push(action);
  else action();
}
