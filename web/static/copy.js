// A button beside each block of code takes it along. A browser lets pages write to the clipboard
// over HTTPS only; elsewhere the block is marked, so that Ctrl+C does the rest.
const guide = document.querySelector("[data-copy]");
for (const block of guide ? guide.querySelectorAll("pre") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.lang = document.documentElement.lang;
  button.textContent = guide.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = guide.dataset.copied;
    } catch {
      getSelection().selectAllChildren(block);
    }
  });
  block.before(button);
}
