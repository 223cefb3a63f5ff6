// What is written in a form that the server keeps only once it is sent: the browser asks before it is left.
(() => {
  const form = document.querySelector("form[data-unsent]");
  if (!form) return;
  let sending = false;
  const differs = (one) =>
    one.type === "file" ? one.files.length > 0
    : ["textarea", "text"].includes(one.type) && one.value !== one.defaultValue;
  // A page that came back refused holds what the server has not, though nobody has touched it since.
  const came_back = form.querySelector("[aria-invalid]") !== null;
  addEventListener("submit", (event) => { sending = !event.defaultPrevented; });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => {
    if (!sending && (came_back || [...form.elements].some(differs))) event.preventDefault();
  });
})();
