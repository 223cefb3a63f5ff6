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
