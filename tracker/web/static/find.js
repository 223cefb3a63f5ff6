// The key / goes to the search in the head of the page, but not while somebody writes.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const field = document.getElementById("find");
  field.focus();
  field.select();
});
