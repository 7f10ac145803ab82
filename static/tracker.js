// Small comforts on top of pages that work without any script.
"use strict";

const said = (form) => new URLSearchParams(new FormData(form)).toString();
let sent = "";
let left = null;

// A field that asks for names by itself (names_offered.html) changes no list.
const isList = (elt) => elt instanceof HTMLFormElement;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isList(event.detail.elt)) sent = said(event.detail.elt);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isList(event.detail.requestConfig.elt)) return;

  // What was ticked since is not in this answer, which would undo it. It is asked for next, by htmx's queue.
  if (said(event.detail.requestConfig.elt) !== sent) event.detail.shouldSwap = false;

  const open = Boolean(document.getElementById("filters")?.open);
  const { id, name } = document.activeElement ?? document.body;
  left = { open, id, name };
});

// A list is swapped as a whole when a filter changes: leave the panel of filters open, and the
// focus where it was. In a closed panel nothing can have it, so htmx alone would lose it.
document.addEventListener("htmx:afterSwap", () => {
  const filters = document.getElementById("filters");
  if (filters && left) {
    filters.open = left.open;
    // A value that lists nothing is gone once it is unticked: go on with the others of its filter.
    const same = left.id ? document.getElementById(left.id) : null;
    const other = left.name ? filters.querySelector(`[name="${left.name}"]`) : null;
    (same ?? other)?.focus({ preventScroll: true });
  }
  left = null;
});
