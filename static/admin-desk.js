/* The desk's forms: nothing is sent twice, every search box has a name, and a position is looked for among the
   positions of the speaker beside it. */
"use strict";
{
  const $ = django.jQuery;
  const speakerBeside = (position) =>
    document.getElementById(position.id.replace(/position$/, "speaker"));
  let open = null;

  // Which field asks is not said in what it asks, so the one that was opened last is remembered.
  $(document).on("select2:opening", (event) => {
    open = event.target;
  });

  $.ajaxPrefilter((options) => {
    if (open && open.dataset.fieldName === "position" && options.url.includes("/autocomplete/")) {
      const speaker = speakerBeside(open);
      if (speaker && speaker.value) {
        options.url += `?person=${encodeURIComponent(speaker.value)}`;
      }
    }
  });

  // Another speaker: the position chosen for the one before cannot be theirs. Django's own scripts
  // send "change" as the page loads, so only what the editor does counts.
  $(document).on("select2:select select2:clear", "select[data-field-name='speaker']", (event) => {
    const position = document.getElementById(event.target.id.replace(/speaker$/, "position"));
    if (position && position.value) {
      $(position).val(null).trigger("change");
    }
  });

  // A position that is added from here is the speaker's.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a.add-related[id$='position']");
      const speaker = link && document.getElementById(link.id.replace(/^add_/, "").replace(/position$/, "speaker"));
      if (speaker) {
        const address = new URL(link.href);
        address.searchParams.set("person", speaker.value);
        link.href = address.toString();
      }
    },
    true,
  );

  // A second click would save a second record. The button that was pressed is part of what is sent, so it is
  // disabled after that; a page that the browser shows again, after "back", can be sent again.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post" && !event.defaultPrevented) {
      setTimeout(() => {
        for (const button of event.target.querySelectorAll("[type=submit]:enabled")) {
          button.dataset.sent = "";
          button.disabled = true;
        }
      });
    }
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[data-sent]")) {
      delete button.dataset.sent;
      button.disabled = false;
    }
  });

  // The box that is typed in is not the field that the label names.
  const nameBox = (field, box) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    if (label && box) {
      box.setAttribute("aria-label", label.textContent.replace(/:\s*$/, "").trim());
    }
  };
  window.addEventListener("load", () => {
    for (const field of document.querySelectorAll("select[multiple].admin-autocomplete")) {
      const shown = field.nextElementSibling;
      nameBox(field, shown && shown.querySelector(".select2-search__field"));
    }
  });
  $(document).on("select2:open", (event) => {
    nameBox(event.target, document.querySelector(".select2-dropdown .select2-search__field"));
  });
}
