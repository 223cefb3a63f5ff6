// What was pressed is under way until the page to come is there: a second press sends nothing, and what takes longer than
// half a second says so, in the button and to screen readers. `data-waiting` says it in better words.
(() => {
  const SAID_AFTER_MS = 500, POST_MS = 30000, LINK_MS = 10000;
  const FILE = /\.(xlsx|csv|docx)$|\/(word|sources|export|sample)$/; // comes while the page stays
  const told = document.createElement("p");
  told.className = "busy";
  told.setAttribute("role", "status");
  document.body.append(told);
  let pressed = null, button = null, face = [], timers = [];

  const end = () => {
    timers.forEach(clearTimeout);
    told.textContent = "";
    if (button && face.length) {
      button.replaceChildren(...face);
      button.removeAttribute("aria-disabled");
    }
    [pressed, button, face, timers] = [null, null, [], []];
  };
  const say = (words) => {
    told.textContent = words;
    if (!button) return;
    face = [...button.childNodes];
    button.replaceChildren(words);
    button.setAttribute("aria-disabled", "true");
  };
  const begin = (what, by, words, most_ms) => {
    end();
    [pressed, button] = [what, by];
    timers = [setTimeout(say, SAID_AFTER_MS, words), setTimeout(end, most_ms)];
  };
  const words = (...those) => those.map((one) => one?.dataset.waiting).find(Boolean);

  document.addEventListener("submit", (event) => {
    const form = event.target, by = event.submitter;
    if (event.defaultPrevented || form.target) return;
    if (pressed === form) { event.preventDefault(); return; }
    const by_itself = form.method !== "post" ? "正在查找…" : form.enctype.startsWith("multipart") ? "正在上传和检查，请稍候…" : "正在办理，请稍候…";
    begin(form, by instanceof HTMLButtonElement ? by : null, words(by, form) ?? by_itself, POST_MS);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const same = link.pathname === location.pathname && link.search === location.search;
    if (link.target || link.origin !== location.origin || (same && link.hash)) return;
    if (pressed === link) { event.preventDefault(); return; }
    const is_file = FILE.test(link.pathname);
    begin(link, link.matches(".btn") ? link : null, words(link) ?? (is_file ? "正在生成…" : "正在打开…"), LINK_MS);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); }); // it stops the browser too
  addEventListener("pageshow", end);

  // Pictures that the server draws for this page.
  const drawn = [...document.querySelectorAll("img[data-waiting]")].filter((one) => !one.complete);
  const look = () => { told.textContent = drawn.every((one) => one.complete) ? "" : drawn[0].dataset.waiting; };
  drawn.forEach((one) => { for (const kind of ["load", "error"]) one.addEventListener(kind, look); });
  if (drawn.length) look();
})();
