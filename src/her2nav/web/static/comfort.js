// Comfort only: every page works without it.
"use strict";
document.documentElement.classList.add("js");
// A form that is being sent says so, and is not sent twice.
document.addEventListener("submit", (event) => {
  const status = document.getElementById("working");
  if (status) status.textContent = "Working…";
  const button = event.submitter;
  if (button && !button.hasAttribute("data-again")) setTimeout(() => { button.disabled = true; }, 0);
});
addEventListener("pageshow", () => {
  const status = document.getElementById("working");
  if (status) status.textContent = "";
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});
// A filter that changes is applied.
for (const field of document.querySelectorAll("[data-apply]")) {
  field.addEventListener("change", () => document.getElementById("apply").click());
}
// A text file can be dropped on the box.
const box = document.getElementById("text");
if (box) {
  box.addEventListener("drop", (event) => {
    const file = event.dataTransfer && event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    const field = document.getElementById("file");
    field.files = event.dataTransfer.files;
    field.focus();
  });
}
// Printing opens what is folded.
addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
