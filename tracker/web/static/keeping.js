// Half-done input is kept on the server some seconds after typing stops and when the page is left. Without this script
// the button 暂存 does it. What others wrote comes back: into fields that nobody touched here, else beside the field.
// Of a page of several forms only those are sent in which something was written; whoever leaves sends only the fields
// themselves, for a browser takes no more than 64 KiB then.
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const said = form.querySelector("[data-kept]");
  const PAUSE_MS = 2000, AGAIN_MS = 15000, STILL_HERE = "填写的内容还在本页，请不要关闭。";
  const OFFLINE = "没有保存：网络不通，恢复后自动再存", LOGGED_OUT = "没有保存：登录已过期，请另开窗口登录后再点暂存";
  const waiting = new Set(), over = new Set(); // fields that the server may not have; forms that a colleague sent
  let underway = new Set(), overWords = "", failed = false, stale = false, sending = false, leaving = false;
  let carried = false, timer = 0;

  const field = (name) => form.elements.namedItem(name);
  const plain = (name) => (name.endsWith("-whose") ? name.slice(0, -"-whose".length) : name);
  const startOf = (name) => /^p\d+-/.exec(name)?.[0] ?? "";
  const isWritten = (one) =>
    one.name && !one.disabled && !["file", "hidden", "submit"].includes(one.type) && one.name !== "not_secret";
  const say = (words, bad) => {
    said.textContent = words;
    said.classList.toggle("err", bad);
    said.classList.toggle("quiet", !bad);
  };
  const sayNot = (words) => say(`${words.replace(/。$/, "")}。${STILL_HERE}`, true);

  // What the page says of itself, and the fields of these names: `starts` with all other fields of their forms.
  const content = (names, starts = null) => {
    const data = new FormData(form), was = JSON.parse(form.elements.was.value || "{}");
    const wanted = (name) => (starts ? starts.has(startOf(name)) : names.has(plain(name)));
    for (const [name, value] of [...data]) {
      const kept = wanted(name) || field(name)?.type === "hidden";
      if (value instanceof File || name === "not_secret" || !kept) data.delete(name);
    }
    for (const name of names) if (!data.has(name)) data.set(name, ""); // of a tick taken back a form says nothing
    data.set("was", JSON.stringify(Object.fromEntries(Object.entries(was).filter(([name]) => wanted(name)))));
    if (!starts) data.set("changed_only", "yes");
    return data;
  };
  const write = (name, text) => {
    const one = field(name);
    if (!one) return;
    if (one.type === "checkbox") one.checked = text !== "";
    else one.value = text;
    for (let shut = one.closest?.("details"); shut; shut = shut.parentElement.closest("details")) shut.open = true;
  };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(keep, pause); };

  const take = (told, sent, starts) => {
    const was = JSON.parse(form.elements.was.value || "{}");
    for (const [name, seen] of Object.entries(told.was)) {
      const untouched = (sent.get(name) ?? "") === (new FormData(form).get(name) ?? "");
      if (name in told.now && !untouched) continue; // typed meanwhile: the other's words have not been seen
      if (name in told.now) write(name, told.now[name]);
      was[name] = seen;
    }
    form.elements.was.value = JSON.stringify(was);
    form.querySelectorAll("[data-beside]").forEach((one) => {
      if (starts.has(startOf(one.dataset.beside)) && !(one.dataset.beside in told.beside)) one.remove();
    });
    for (const [name, html] of Object.entries(told.beside)) {
      const one = field(name), old = form.querySelector(`[data-beside="${CSS.escape(name)}"]`);
      if (old && old.outerHTML === html.trim()) continue;
      old?.remove();
      const at = one instanceof RadioNodeList ? one[0] : one;
      (at?.closest(".unit, .pick") ?? at)?.insertAdjacentHTML("beforebegin", html);
    }
    say(told.said, Object.keys(told.beside).length > 0);
  };

  // The mark that lets a form be sent belongs to a log-in: after a new one in another window it is asked for anew.
  const renew = async () => {
    const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
    const who = (one) => one.querySelector(".who > span")?.textContent, token = page.querySelector("[name=csrf_token]");
    stale = !token || who(page) !== who(document);
    if (stale) return who(page) ? "没有保存：现在登录的是另一账号，请用填写本页的账号登录后再点暂存" : LOGGED_OUT;
    document.querySelectorAll("[name=csrf_token]").forEach((one) => { one.value = token.value; });
    return "";
  };
  const isJson = (answer) => (answer.headers.get("Content-Type") ?? "").includes("json");
  const post = (body) => fetch(form.dataset.keep, { method: "POST", body, headers: { Accept: "application/json" } });
  const send = async (sent, starts) => {
    let answer = await post(sent);
    if (!isJson(answer) && (answer.status === 400 || answer.status === 403)) {
      const words = await renew();
      if (words) return words;
      sent.set("csrf_token", form.elements.csrf_token.value);
      answer = await post(sent);
    }
    const told = isJson(answer) ? await answer.json() : null;
    if (answer.ok && told) take(told, sent, starts);
    for (const start of told?.over ?? []) {
      over.add(start);
      overWords = told.said;
    }
    return answer.ok && told ? "" : (told?.said ?? "没有保存：系统暂时不能保存");
  };

  const isOver = (name) => over.has(startOf(name));
  const keep = async () => {
    clearTimeout(timer);
    const names = new Set([...waiting].filter((name) => !isOver(name)));
    if (leaving || sending || !names.size) return;
    sending = true;
    names.forEach((name) => waiting.delete(name));
    underway = names;
    const disputed = [...form.querySelectorAll("[data-beside]")].map((one) => one.dataset.beside);
    const starts = new Set([...names, ...disputed].map(startOf));
    const words = await send(content(names, starts), starts).catch(() => OFFLINE);
    if (words) names.forEach((name) => waiting.add(name));
    underway = new Set();
    sending = false;
    const lost = [...waiting].some(isOver);
    failed = words !== "" || lost;
    if (failed) sayNot(words || overWords);
    if ([...waiting].some((name) => !isOver(name))) later(words && !lost ? AGAIN_MS : PAUSE_MS);
  };

  const touched = (event) => {
    const one = event.target;
    if (!isWritten(one)) return;
    if (one.dataset.text !== undefined && one.checked) write(plain(one.name), one.dataset.text);
    waiting.add(plain(one.name));
    carried = false;
    later(PAUSE_MS);
  };
  // Whether the browser takes what the server may not have, to send it when the page is gone.
  const carry = () => {
    const names = new Set([...waiting, ...underway]);
    carried ||= !names.size || navigator.sendBeacon(form.dataset.keep, content(names));
    return carried;
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", async (event) => {
    if (stale) {
      event.preventDefault();
      const words = await renew().catch(() => OFFLINE);
      if (words) sayNot(words);
      else form.requestSubmit(event.submitter);
      return;
    }
    leaving = true;
    clearTimeout(timer);
  });
  addEventListener("online", keep);
  addEventListener("pageshow", () => { leaving = carried = false; });
  addEventListener("pagehide", () => { if (!leaving) carry(); });
  addEventListener("beforeunload", (event) => {
    if (leaving || (!failed && carry())) return;
    event.preventDefault();
    if (!failed) sayNot("没有保存：刚才填写的内容较多，离开时存不下，请先点暂存");
  });
  // A page that comes back, refused or filled anew, holds what the server has not.
  if ("unkept" in form.dataset) {
    for (const one of form.elements) if (isWritten(one)) waiting.add(plain(one.name));
    later(PAUSE_MS);
  }
})();
