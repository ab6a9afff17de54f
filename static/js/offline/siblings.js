/* Brothers and sisters in the visit form: the blank form has one line for anybody; each of them gets a copy of it. */

import { shellSettings } from "./dom.js";

/* What stands in the blank form where a brother or sister is (visits/views/offline.py). */
export const ANYBODY = "00000000-0000-0000-0000-000000000000";
const NAME = "@name@";
const AGE = "@age@";

function withNames(text, file) {
  return text.split(ANYBODY).join(file.id).split(NAME).join(file.name).split(AGE).join(file.age);
}

function copyFor(node, file) {
  const copy = node.cloneNode(true);
  [copy].concat(Array.from(copy.querySelectorAll("*"))).forEach((element) => {
    Array.from(element.attributes).forEach((one) => element.setAttribute(one.name, withNames(one.value, file)));
  });
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = withNames(texts.currentNode.data, file);
  return copy;
}

/* A rule of data-show-when that speaks of anybody becomes one for each. */
function ruleFor(rule, files) {
  return rule.indexOf(ANYBODY) < 0 ? [rule] : files.map((file) => withNames(rule, file));
}

/* `files`: whom one may tick; none: the form asks nothing about them. */
export function drawSiblings(form, files) {
  const lines = Array.from(form.querySelectorAll('section[aria-label="' + NAME + '"]'));
  const tick = form.querySelector('[name="together"]').closest("label");
  lines.concat(tick).forEach((node) => {
    files.forEach((file) => node.parentElement.insertBefore(copyFor(node, file), node));
    node.remove();
  });
  form.querySelectorAll('[data-show-when*="' + ANYBODY + '"]').forEach((block) => {
    const rules = [];
    block.dataset.showWhen.split(",").forEach((rule) => rules.push(...ruleFor(rule, files)));
    block.dataset.showWhen = rules.join(",");
  });
  if (!files.length) form.querySelector('[data-field="together"]').remove();
}

/* What was noticed of the family holds for the others too, each against what its own file says. */
export function sharedChanges(changes, file) {
  const found = {};
  const held = file.noticed || {};
  shellSettings().familyWide.split(",").forEach((name) => {
    if (changes && changes[name] && held[name] !== changes[name].value) {
      found[name] = { base: name in held ? held[name] : null, value: changes[name].value };
    }
  });
  return Object.keys(found).length ? { changes: found } : {};
}
