// Small comforts on top of pages that work without any script.
"use strict";

// A list is swapped as a whole when a filter changes: leave the panel of filters open, and the
// focus where it was. In a closed panel nothing can have it, so htmx alone would lose it.
let left = null;

document.addEventListener("htmx:beforeSwap", () => {
  const open = Boolean(document.getElementById("filters")?.open);
  const { id, name } = document.activeElement ?? document.body;
  left = { open, id, name };
});

document.addEventListener("htmx:afterSwap", () => {
  const filters = document.getElementById("filters");
  if (filters && left) {
    filters.open = left.open;
    // A value that lists nothing is gone once it is unticked: go on with the others of its filter.
    const field =
      left.id && (document.getElementById(left.id) ?? filters.querySelector(`[name="${left.name}"]`));
    field?.focus({ preventScroll: true });
  }
  left = null;
});
