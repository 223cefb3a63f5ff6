// While a paper is drawn its line of state asks how far it is, and nothing else of the page changes: somebody may be
// writing on it. Without this script the link in the line loads the page again.
(() => {
  const line = document.querySelector("[data-drawing]");
  if (!line) return;
  const ask = async () => {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const drawn = answer.ok ? page.querySelectorAll("[data-drawn]") : [];
      if (drawn.length) {
        line.replaceChildren(...drawn);
        return;
      }
    } catch { /* away for a moment: asked again */ }
    setTimeout(ask, 3000);
  };
  setTimeout(ask, 3000);
})();
