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
})();
// Keys through what may have been missed; they work only while the focus is in that list and not in one of its fields.
(() => {
  const panel = document.querySelector("[data-walk]");
  if (!panel) return;
  const stops = [...panel.querySelectorAll("[data-stop]")];
  panel.querySelector("[data-keys]").hidden = false;
  if (location.hash === `#${panel.id}`) stops[0].focus();
  panel.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const stop = event.target.closest("[data-stop]");
    if (!stop) return;
    const step = { j: 1, k: -1 }[key];
    const button = stop.querySelector(`[data-letter="${CSS.escape(key)}"]`);
    if (step) stops[Math.min(Math.max(stops.indexOf(stop) + step, 0), stops.length - 1)].focus();
    else if (button) button.form.requestSubmit(button);
    else return;
    event.preventDefault();
  });
})();
