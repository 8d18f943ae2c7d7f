// A key presses what bears it: data-key="1". Not while somebody types, nor with Ctrl, Alt or Meta;
// what a way of typing Vietnamese is still putting together is no key yet.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (found) {
    event.preventDefault();
    found.click();
  }
});
