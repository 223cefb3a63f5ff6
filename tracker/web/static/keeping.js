// Half-done input is kept on the server some seconds after typing stops and when the page is left. Without this script
// the button 暂存 does it. What others wrote comes back: into fields that nobody touched here, else beside the field.
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const said = form.querySelector("[data-kept]");
  const PAUSE_MS = 2000, AGAIN_MS = 15000;
  let changed = false, failed = false, sending = false, leaving = false, timer = 0;

  const content = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.delete("not_secret");
    return data;
  };
  const field = (name) => form.elements.namedItem(name);
  const say = (words, bad) => {
    said.textContent = words;
    said.classList.toggle("err", bad);
    said.classList.toggle("quiet", !bad);
  };
  const write = (name, text) => {
    const one = field(name);
    if (!one) return;
    if (one.type === "checkbox") one.checked = text !== "";
    else one.value = text;
    for (let shut = one.closest?.("details"); shut; shut = shut.parentElement.closest("details")) shut.open = true;
  };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(keep, pause); };

  const take = (told, sent) => {
    const was = JSON.parse(form.elements.was.value || "{}");
    for (const [name, seen] of Object.entries(told.was)) {
      const untouched = (sent.get(name) ?? "") === (new FormData(form).get(name) ?? "");
      if (name in told.now && !untouched) continue; // typed meanwhile: the other's words have not been seen
      if (name in told.now) write(name, told.now[name]);
      was[name] = seen;
    }
    form.elements.was.value = JSON.stringify(was);
    form.querySelectorAll("[data-beside]").forEach((one) => { if (!(one.dataset.beside in told.beside)) one.remove(); });
    for (const [name, html] of Object.entries(told.beside)) {
      const one = field(name), old = form.querySelector(`[data-beside="${CSS.escape(name)}"]`);
      if (old && old.outerHTML === html.trim()) continue;
      old?.remove();
      const at = one instanceof RadioNodeList ? one[0] : one;
      (at?.closest(".unit, .pick") ?? at)?.insertAdjacentHTML("beforebegin", html);
    }
    say(told.said, Object.keys(told.beside).length > 0);
  };

  const keep = async () => {
    clearTimeout(timer);
    if (leaving || sending || !changed) return;
    sending = true;
    changed = false;
    const sent = content();
    let words = "";
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      const told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
      if (answer.ok && told) take(told, sent);
      else words = told?.said ?? (answer.status === 400 || answer.status === 403 ? "没有保存：登录已过期，请另开窗口登录后再点暂存" : "没有保存：系统暂时不能保存");
    } catch {
      words = "没有保存：网络不通，恢复后自动再存";
    }
    sending = false;
    failed = words !== "";
    if (failed) {
      changed = true;
      say(`${words}。填写的内容还在本页，请不要关闭。`, true);
      later(AGAIN_MS);
    } else if (changed) later(PAUSE_MS);
  };

  const touched = (event) => {
    const one = event.target;
    if (!one.name || one.type === "file" || one.name === "not_secret") return;
    if (one.dataset.text !== undefined && one.checked) write(one.name.slice(0, -"-whose".length), one.dataset.text);
    changed = true;
    later(PAUSE_MS);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  addEventListener("online", () => { if (changed) keep(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("pagehide", () => { if (changed && !leaving) navigator.sendBeacon(form.dataset.keep, content()); });
  // A page that comes back, refused or filled anew, holds what the server has not.
  if ("unkept" in form.dataset) {
    changed = true;
    later(PAUSE_MS);
  }
  addEventListener("beforeunload", (event) => { if (failed && !leaving) event.preventDefault(); });
})();
