// Comforts on the pages that import an article, which work as plain forms without them: keys to decide with, cards of
// words that are selected, and a word beside what is too long before it is sent.
"use strict";
{
  const review = document.getElementById("review");

  // --- The form that brings an article: what nobody would read is not sent --------------------------

  for (const form of document.querySelectorAll("form[data-too-long]")) {
    form.addEventListener("submit", (event) => {
      for (const field of form.querySelectorAll("[data-most]")) {
        const size = field.files ? (field.files[0]?.size ?? 0) : new Blob([field.value]).size;
        const row = field.closest(".form-row");
        row.querySelector(".errorlist.too-long")?.remove();
        if (size > Number(field.dataset.most)) {
          event.preventDefault();
          const list = document.createElement("ul");
          list.className = "errorlist too-long";
          list.setAttribute("role", "alert");
          list.append(Object.assign(document.createElement("li"), { textContent: form.dataset.tooLong }));
          row.prepend(list);
          field.focus();
        }
      }
    });
  }

  // --- The review -----------------------------------------------------------------------------------

  const begin = () => {
    const sheet = review.querySelector("[data-sheet]");
    const makeCard = review.querySelector("[data-make-card]");
    const blank = review.querySelector("[data-blank]");
    const count = review.querySelector("[data-count]");
    const done = []; // what can be undone: a card and what was decided before
    let now = null;
    let selected = "";
    let made = 0;

    const cards = () => [...review.querySelectorAll("article.card")];
    const radio = (card, value) => card.querySelector(`[name$="-decision"][value="${value}"]`);
    const decision = (card) => card.querySelector("[name$='-decision']:checked")?.value ?? "later";
    const words = (card) => card.querySelector("[name$='-words']").value.trim();

    const show = () => {
      for (const card of cards()) card.classList.toggle("rejected", decision(card) === "reject");
      const number = cards().filter((card) => decision(card) === "accept" && words(card)).length;
      count.textContent = `(${number})`;
    };

    const go = (card, { move = true } = {}) => {
      if (!card) return;
      now?.classList.remove("now");
      for (const mark of sheet.querySelectorAll("mark.now")) mark.classList.remove("now");
      now = card;
      card.classList.add("now");
      const marks = sheet.querySelectorAll(`mark[data-number="${card.dataset.number}"]`);
      for (const mark of marks) mark.classList.add("now");
      if (move) {
        card.focus({ preventScroll: true });
        card.scrollIntoView({ block: "nearest" });
        marks[0]?.scrollIntoView({ block: "nearest" });
      }
    };

    const step = (by) => {
      const all = cards();
      const at = all.indexOf(now);
      go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
    };

    const decide = (card, value, remember = true) => {
      const chosen = radio(card, value);
      if (!chosen || chosen.checked) return;
      if (remember) done.push([[card, decision(card)]]);
      chosen.checked = true;
      show();
    };

    const decideAndGo = (value) => {
      if (!now) return step(1);
      decide(now, value);
      step(1);
    };

    const undo = () => {
      for (const [card, before] of done.pop() ?? []) {
        decide(card, before, false);
        go(card);
      }
    };

    const acceptAbove = () => {
      const above = cards().filter((card) => "above" in card.dataset && decision(card) !== "accept");
      if (above.length) done.push(above.map((card) => [card, decision(card)]));
      for (const card of above) decide(card, "accept", false);
      go(above[0], { move: false });
    };

    const mend = () => {
      const details = now?.querySelector("details.mend");
      if (!details) return;
      details.open = !details.open;
      if (details.open) details.querySelector("input:not([type=hidden], [type=radio]), textarea")?.focus();
    };

    const cardOfSelection = () => {
      if (!selected) return;
      const empty = cards().find((card) => card.id.startsWith("hand-") && !words(card));
      const card = empty ?? newCard();
      card.querySelector("[name$='-words']").value = selected;
      card.querySelector("details.mend").open = true;
      review.querySelector("[data-by-hand]").open = true;
      selected = "";
      makeCard.hidden = true;
      window.getSelection().removeAllRanges();
      show();
      go(card);
      card.querySelector("[name$='-speaker']").focus();
    };

    const newCard = () => {
      const taken = new Set(cards().map((card) => card.id));
      do made += 1;
      while (taken.has(`hand-${made}`));
      const copy = blank.content.cloneNode(true);
      for (const each of copy.querySelectorAll("*")) {
        for (const name of ["id", "name", "for", "href", "aria-describedby"]) {
          if (each.hasAttribute(name)) {
            each.setAttribute(name, each.getAttribute(name).replace("hand-NEW", `hand-${made}`));
          }
        }
      }
      const card = copy.querySelector("article.card");
      card.dataset.number = String(cards().length + 1);
      card.querySelector(".place b").textContent = card.dataset.number;
      review.querySelector("[data-by-hand]").append(card);
      window.htmx?.process(card);
      return card;
    };

    // What is selected may be words that carry the number of their card: it is no part of them.
    const wordsOf = (selection) => {
      const copy = selection.getRangeAt(0).cloneContents();
      for (const number of copy.querySelectorAll("a")) number.remove();
      return [...(copy.querySelectorAll("p").length ? copy.querySelectorAll("p") : [copy])]
        .map((each) => each.textContent.trim())
        .filter(Boolean)
        .join("\n");
    };

    const offerCard = () => {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return;
      if (!sheet.contains(selection.anchorNode) || !sheet.contains(selection.focusNode)) return;
      selected = wordsOf(selection).replace(/^[“"„«「『‘'\s]+|[”"»」』’'\s]+$/g, "");
      makeCard.hidden = !selected;
    };
    document.addEventListener("selectionchange", offerCard);
    offerCard(); // of words that were selected before this script was there
    makeCard.addEventListener("click", cardOfSelection);

    const typing = (element) =>
      element.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");
    const keys = {
      j: () => step(1),
      k: () => step(-1),
      a: () => decideAndGo("accept"),
      x: () => decideAndGo("reject"),
      u: undo,
      m: mend,
      c: cardOfSelection,
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape" && typing(event.target)) return now?.focus();
      if (typing(event.target) || !(event.key in keys)) return;
      event.preventDefault();
      keys[event.key]();
    });

    review.addEventListener("focusin", (event) => go(event.target.closest("article.card"), { move: false }));
    review.addEventListener("change", show);
    review.addEventListener("input", (event) => {
      const card = event.target.closest("article.card");
      if (card && event.target.name.endsWith("-speaker")) {
        // Another name is somebody else: who it is, is looked up again.
        const chosen = card.querySelector("input[type=hidden][name$='-speaker_id']");
        if (chosen) chosen.value = "";
        if (event.target.value) card.querySelector(".who").textContent = event.target.value;
      }
      show();
    });
    sheet.addEventListener("click", (event) => {
      const mark = event.target.closest("mark[data-number]");
      if (!mark || !document.getSelection().isCollapsed) return;
      event.preventDefault();
      go(cards().find((card) => card.dataset.number === mark.dataset.number));
    });
    review.querySelector("[name=_above]").addEventListener("click", (event) => {
      event.preventDefault();
      acceptAbove();
    });

    // Whoever leaves while something is ticked or typed that was not sent is asked first. What a page that
    // was refused shows was sent, and nothing of it was saved.
    const oneLine = (text) => text.replace(/[\r\n]+/g, ""); // as a field of one line has it
    const isChanged = (field) => {
      if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
      if (field.tagName === "SELECT") {
        const first = [...field.options].find((each) => each.defaultSelected) ?? field.options[0];
        return Boolean(first) && !first.selected;
      }
      return field.type !== "hidden" && "defaultValue" in field && oneLine(field.value) !== oneLine(field.defaultValue);
    };
    let sending = false;
    const isUnsaved = () => !sending && (review.querySelector(".errornote") || [...review.elements].some(isChanged));
    review.addEventListener("submit", () => {
      sending = true;
    });
    window.addEventListener("pageshow", () => {
      sending = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isUnsaved()) event.preventDefault();
    });

    for (const hidden of review.querySelectorAll("[data-keys]")) hidden.hidden = false;
    show();
    const wrong = review.querySelector(".errornote");
    if (wrong) wrong.focus();
  };

  if (review) begin();
}
