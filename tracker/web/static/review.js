// Keys of the page of one row. Each does what a link, a form or a fold of the page does without this script; none does
// anything while somebody writes, and they can be switched off.
(() => {
  const page = document.querySelector("[data-walk]"), bar = document.querySelector("[data-keys]");
  if (!page || !bar) return;
  const STORE = "review-keys", button = bar.querySelector("button");
  let on = true, sent = false;
  try { on = localStorage.getItem(STORE) !== "off"; } catch { /* a browser that keeps nothing */ }

  const show = () => {
    document.body.classList.toggle("by-keys", on);
    bar.querySelector("span").hidden = !on;
    button.textContent = on ? "停用快捷键" : "启用快捷键";
    document.querySelectorAll("[data-key]").forEach((one) => {
      if (on) one.setAttribute("aria-keyshortcuts", one.dataset.key.toUpperCase());
      else one.removeAttribute("aria-keyshortcuts");
    });
  };
  button.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* as above */ }
    show();
  });
  bar.hidden = false;
  show();

  // Enter then sends the form, or goes on to what is still to be filled in.
  const begin = (form) => {
    const open = [...form.elements].find((one) => one.willValidate && !one.validity.valid);
    const send = form.querySelector("button");
    (open ?? send).focus();
    send.scrollIntoView({ block: "nearest" });
  };
  const press = (one) => {
    if (one.tagName === "A") { one.focus(); one.click(); }
    else if (one.tagName === "FORM") begin(one);
    else {
      const form = one.querySelector("form");
      one.open = form ? true : !one.open;
      if (form) begin(form);
      else one.querySelector("summary").focus();
    }
  };
  const writes = (one) => one.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (!on || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target, fold = field.closest?.("[data-walk] details");
    if (event.key === "Escape" && fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
    } else if (event.key === "Enter" && !event.shiftKey && field.tagName === "TEXTAREA" && page.contains(field)) {
      event.preventDefault();
      if (!event.repeat) field.form.requestSubmit();
    } else if (!writes(field) && !event.repeat) {
      const one = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (one) { event.preventDefault(); press(one); }
    }
  });
  page.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });
})();
