/* Brothers and sisters in the visit form: the blank form has one line for anybody; each of them gets a copy of it. */
(function () {
  "use strict";

  var offline = window.offline, show = offline.show;
  var ANYBODY = "00000000-0000-0000-0000-000000000000", NAME = "@name@", AGE = "@age@";

  function written(text, file) { return text.split(ANYBODY).join(file.id).split(NAME).join(file.name).split(AGE).join(file.age); }

  function copyFor(node, file) {
    var copy = node.cloneNode(true), walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    [copy].concat(Array.from(copy.querySelectorAll("*"))).forEach(function (element) {
      Array.from(element.attributes).forEach(function (one) { element.setAttribute(one.name, written(one.value, file)); });
    });
    while (walk.nextNode()) walk.currentNode.data = written(walk.currentNode.data, file);
    return copy;
  }

  /* `files`: whom one may tick; none: the form asks nothing about them. */
  function draw(form, files) {
    var lines = Array.from(form.querySelectorAll('section[aria-label="' + NAME + '"]'));
    var tick = form.querySelector('[name="together"]').closest("label");
    lines.concat(tick).forEach(function (node) {
      files.forEach(function (file) { node.parentElement.insertBefore(copyFor(node, file), node); });
      node.remove();
    });
    form.querySelectorAll('[data-show-when*="' + ANYBODY + '"]').forEach(function (block) {
      var rules = [];
      block.dataset.showWhen.split(",").forEach(function (rule) {
        if (rule.indexOf(ANYBODY) < 0) rules.push(rule);
        else files.forEach(function (file) { rules.push(written(rule, file)); });
      });
      block.dataset.showWhen = rules.join(",");
    });
    if (!files.length) form.querySelector('[data-field="together"]').remove();
  }

  /* What was noticed of the family holds for the others too, each against what its own file says. */
  function changesOf(changes, file) {
    var found = {}, held = file.noticed || {};
    show.root().dataset.familyWide.split(",").forEach(function (name) {
      if (changes && changes[name] && held[name] !== changes[name].value) {
        found[name] = { base: name in held ? held[name] : null, value: changes[name].value };
      }
    });
    return Object.keys(found).length ? { changes: found } : {};
  }

  offline.siblings = { draw: draw, changesOf: changesOf };
})();
