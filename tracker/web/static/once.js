// A second press on a button while the first is under way sends nothing: the page to come is the answer to both.
document.addEventListener("submit", (event) => {
  const form = event.target, WAIT_MS = 4000;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, WAIT_MS); // a file that comes leaves the page as it is
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));
