// The page that shows recovery codes once: copies them, or prints the page. Its buttons are hidden
// until this is here, since without it they would do nothing.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const tools = document.querySelector("[data-recovery-codes]");
  if (!tools) return;
  const codes = Array.from(document.querySelectorAll(".recovery-codes li"), (one) => one.textContent.trim());
  const copy = tools.querySelector("[data-copy]");
  const said = tools.querySelector("[role=status]");

  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      said.textContent = "Copied.";
    } catch {
      // The browser does not allow it: they are marked instead.
      getSelection().selectAllChildren(document.querySelector(".recovery-codes"));
      said.textContent = "Marked: copy them with your keyboard.";
    }
  });
  tools.querySelector("[data-print]").addEventListener("click", () => window.print());
  // A browser has a clipboard for pages over https and of this machine.
  copy.hidden = !navigator.clipboard;
  tools.hidden = false;
});
