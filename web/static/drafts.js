// What is typed and not kept outlives a lost connection and a session that ended: it is put aside
// in this tab until a page says that it was kept, and put back where it was typed.
const kept = document.querySelector("[data-kept]");
// What was kept may have been typed on another page, which data-kept names then.
const cleared = kept?.dataset.kept || location.pathname;
const place = (box) => `${location.pathname} ${box.form.elements.beneath?.value ?? ""} ${box.name}`;
let back = 0;
for (const box of document.querySelectorAll("[data-draft]")) {
  const before = kept ? null : sessionStorage.getItem(place(box));
  if (kept) sessionStorage.removeItem(place(box));
  if (before !== null && before !== box.value) {
    box.value = before;
    box.closest("details")?.setAttribute("open", "");
    back += 1;
  }
  box.addEventListener("input", () => sessionStorage.setItem(place(box), box.value));
}
if (kept) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(`${cleared} `)) sessionStorage.removeItem(name);
  }
}
document.querySelector("#drafts")?.toggleAttribute("hidden", back === 0);
