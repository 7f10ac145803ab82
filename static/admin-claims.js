/* A claim's text: how long it is, and the claims like it, while it is typed. Without this file the server says
   both after saving. */
"use strict";
{
  const WAIT = 400; // milliseconds after the last key

  const listed = (claims) =>
    claims.map((claim) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = claim.address;
      link.target = "_blank";
      link.textContent = claim.text;
      item.append(link, ` (${claim.status})`);
      return item;
    });

  const watch = (field) => {
    const { longest, count, alike, alikeTitle, but } = field.dataset;
    const told = document.createElement("div");
    const counter = document.createElement("p");
    const found = document.createElement("div");
    told.className = "desk-alike";
    found.setAttribute("role", "status");
    told.append(counter, found);
    field.closest(".form-row").append(told);

    let timer = null;
    let asked = 0;

    const show = (claims) => {
      found.replaceChildren();
      if (claims.length) {
        const title = document.createElement("p");
        const list = document.createElement("ul");
        title.className = "desk-alike-title";
        title.textContent = alikeTitle;
        list.append(...listed(claims));
        found.append(title, list);
      }
    };

    const look = async () => {
      const turn = ++asked;
      const query = new URLSearchParams({ text: field.value.slice(0, Number(longest) + 1), but });
      try {
        const answer = await fetch(`${alike}?${query}`, { headers: { Accept: "application/json" } });
        const { claims } = answer.ok ? await answer.json() : { claims: [] };
        if (turn === asked) {
          show(claims);
        }
      } catch {
        // Not reached: the same is told after saving.
      }
    };

    const measure = () => {
      const length = [...field.value].length;
      counter.textContent = count.replace("%(count)s", length).replace("%(most)s", longest);
      counter.classList.toggle("desk-too-long", length > Number(longest));
    };

    field.addEventListener("input", () => {
      measure();
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
    measure();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("textarea[data-alike]").forEach(watch);
  });
}
