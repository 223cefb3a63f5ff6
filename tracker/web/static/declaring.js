// Files are sent with the declaration that they hold no state secret: without it they would have to be chosen again.
document.addEventListener("submit", (event) => {
  const tick = event.target.querySelector("[name=not_secret]");
  if (!tick || tick.checked || event.submitter?.hasAttribute("formaction")) return;
  if (![...event.target.querySelectorAll("input[type=file]")].some((field) => field.files.length)) return;
  event.preventDefault();
  tick.setCustomValidity("请先勾选，确认所传材料不含国家秘密和工作秘密");
  tick.reportValidity();
  const again = () => tick.setCustomValidity("");
  for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, again, { capture: true, once: true });
});
