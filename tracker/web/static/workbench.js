// Words selected in the document's text go into the open fields for words. Without this script they are pasted.
(() => {
  const source = document.querySelector("[data-source]");
  if (!source) return;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().trim();
    if (!words || !source.contains(selection.anchorNode)) return;
    document.querySelectorAll("[data-words]").forEach((field) => { field.value = words; });
  });
  // An item that is opened shows its own words in the text beside it.
  const show = (entry) => {
    const words = document.getElementById(entry.dataset.sourceAt);
    if (!words) return;
    source.querySelectorAll(".now").forEach((one) => one.classList.remove("now"));
    words.classList.add("now");
    const pane = source.parentElement;
    if (pane.scrollHeight > pane.clientHeight) pane.scrollTop += words.getBoundingClientRect().top - pane.getBoundingClientRect().top - 16;
  };
  document.querySelectorAll("[data-source-at]").forEach((entry) => {
    if (entry.open) show(entry);
    entry.addEventListener("toggle", () => { if (entry.open) show(entry); });
  });
})();
// Keys through what may have been missed and what is in doubt; they work only while the focus is in that list and not
// in one of its fields.
(() => {
  const fields = "input, select, textarea";
  const head = (stop) => stop.querySelector(":scope > summary") || stop;
  const edit = (stop) => {
    stop.open = true;
    const doubted = stop.querySelector(".field .c-amber");
    const first = (doubted ? doubted.closest(".field") : stop).querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  };
  document.querySelectorAll("[data-walk]").forEach((panel) => {
    const stops = [...panel.querySelectorAll("[data-stop]")];
    if (!stops.length) return;
    panel.querySelector("[data-keys]").hidden = false;
    // After the browser has gone to the list itself.
    if (location.hash === `#${panel.id}`) addEventListener("load", () => setTimeout(() => head(stops[0]).focus()));
    panel.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const stop = event.target.closest("[data-stop]");
      if (event.target.matches(fields)) {
        if (key === "escape" && stop) head(stop).focus();
        return;
      }
      const step = { j: 1, k: -1 }[key];
      const button = stop && stop.querySelector(`[data-letter="${CSS.escape(key)}"]`);
      if (step) {
        const next = stop ? stops[Math.min(Math.max(stops.indexOf(stop) + step, 0), stops.length - 1)] : stops[0];
        if (stop && next !== stop && stop.open) { stop.open = false; next.open = true; }
        head(next).focus();
      } else if (key === "e" && stop && stop.matches("details")) edit(stop);
      else if (button && stop.matches("details") && !stop.open) stop.open = true;
      else if (button) button.form.requestSubmit(button);
      else return;
      event.preventDefault();
    });
  });
})();
