/* The desk's form for a quote: a position is looked for among the positions of the speaker beside it. */
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
}
